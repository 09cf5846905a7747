"""Texts of the guide that are data – names of papers, clauses, titles of rows –, told in the reader's language. Pure leaf.

They lie in tables in Chinese, as the guide writes them, and people may add their own; what the catalogue doesn't know stays
as it is. Each app lists the texts of its own seeds, so that ``makemessages`` finds them: here the documents', in
``intervention.guide_texts`` the others.
"""

from django.utils.translation import pgettext, pgettext_lazy


def of_guide(text: str) -> str:
    """A text of the guide in the active language; whatever else was typed, as it is."""
    return pgettext("guide", text) if text else text


TEXTS = (
    # Required and suggested papers.
    pgettext_lazy("guide", "委托"),
    pgettext_lazy("guide", "考勤"),
    pgettext_lazy("guide", "收据"),
    pgettext_lazy("guide", "照片"),
    pgettext_lazy("guide", "验收单"),
    pgettext_lazy("guide", "其他"),
    # Clauses of policy 1, and its name.
    pgettext_lazy("guide", "3.2.3 年度预算 1) A"),
    pgettext_lazy("guide", "3.2.3 年度预算 1) B"),
    pgettext_lazy("guide", "3.2.3 年度预算 1) C"),
    pgettext_lazy("guide", "3.2.3 专项"),
    pgettext_lazy("guide", "3.2.3 计划外 A"),
    pgettext_lazy("guide", "3.2.3 计划外 B"),
    pgettext_lazy("guide", "3.2.3 计划外 C"),
    pgettext_lazy("guide", "客服小组职责"),
    pgettext_lazy("guide", "营销小组职责"),
    pgettext_lazy("guide", "客服小组职责、4.3"),
    pgettext_lazy("guide", "物业对接管理作业指引"),
)
