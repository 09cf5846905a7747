"""The three papers: which fields their heads and lines have. Page, API, content and blockers all read this table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.refusals import Invalid
from documents.vocabulary import Kind
from intervention.models import FeeLine, PlanReview, PromiseLine, Publicity, ServiceAgreement
from intervention.papers.reading import Field, Shape
from intervention.papers.vocabulary import Channel, FeeUnit, PromiseSubject

if TYPE_CHECKING:
    from django.db.models import Model

    from documents.models import Document
    from organization.models import Project

LINES_AT_MOST = 100


@dataclass(frozen=True)
class PaperForm:
    """How one of the papers is written: its head in one row, its lines (if it has any) in another table."""

    kind: Kind
    head: tuple[Field, ...]
    model: type[Model]
    # Related names on the document.
    name: str
    lines: tuple[Field, ...] = ()
    line_model: type[Model] | None = None
    lines_name: str = ""
    heading: str | Any = ""
    hint: str | Any = ""
    intro: str | Any = ""
    # Needs a file at submission, in these words.
    files: str | Any = ""

    def row(self, document: Document) -> Any:
        """The head's row."""
        return getattr(document, self.name)


PUBLICITY = PaperForm(
    kind=Kind.PUBLICITY_CONFIRMATION,
    head=(
        Field("subject", gettext_lazy("宣传名称"), max_length=60, help=gettext_lazy("例如：开盘楼书、样板间讲解词")),
        Field("channel", gettext_lazy("发布渠道"), Shape.CHOICE, choices=Channel),
        Field("from_on", gettext_lazy("开始使用日期"), Shape.DATE, help=gettext_lazy("须在物业公司确认之后")),
        Field(
            "until_on", gettext_lazy("停止使用日期"), Shape.DATE, required=False, help=gettext_lazy("长期使用可不填")
        ),
        Field(
            "channel_note",
            gettext_lazy("渠道说明"),
            max_length=100,
            required=False,
            help=gettext_lazy("渠道为「其他」时必填；可写明版面、位置、账号"),
        ),
        Field(
            "text",
            gettext_lazy("拟发布内容"),
            Shape.LONG,
            max_length=2000,
            required=False,
            help=gettext_lazy("填写文字，或把图片、文件上传为附件，至少一项"),
        ),
    ),
    model=Publicity,
    name="publicity",
    lines=(
        Field("subject", gettext_lazy("承诺事项"), Shape.CHOICE, choices=PromiseSubject),
        Field("wording", gettext_lazy("承诺表述"), Shape.LONG, max_length=500),
    ),
    line_model=PromiseLine,
    lines_name="promise_lines",
    heading=gettext_lazy("涉及物业管理的承诺"),
    hint=gettext_lazy(
        "逐条写明对买受人的承诺；物业公司对整张单据一并书面确认，同意即确认所列各条，有异议则整单退回。清空一行即删除。"
    ),
    intro=gettext_lazy("凡向买受人公布或承诺的物业管理内容，使用前须经物业公司书面确认（3.1.2）。"),
)

REVIEW = PaperForm(
    kind=Kind.SERVICE_PLAN_REVIEW,
    head=(
        Field("valid_from", gettext_lazy("执行起始日期"), Shape.DATE),
        Field("summary", gettext_lazy("服务方案概要"), Shape.LONG, max_length=2000),
        Field("note", gettext_lazy("说明"), Shape.LONG, max_length=500, required=False),
    ),
    model=PlanReview,
    name="plan_review",
    lines=(
        Field("subject", gettext_lazy("房屋类型 / 收费对象"), max_length=60),
        Field("unit", gettext_lazy("计费单位"), Shape.CHOICE, choices=FeeUnit),
        Field("price", gettext_lazy("单价（元）"), Shape.PRICE),
        Field("note", gettext_lazy("说明"), max_length=200, required=False),
    ),
    line_model=FeeLine,
    lines_name="fee_lines",
    heading=gettext_lazy("收费标准"),
    hint=gettext_lazy("每种房屋类型或收费对象一行；清空一行即删除。"),
    intro=gettext_lazy("入伙后服务方案及收费标准由营销小组出具意见，客服小组审查；方案全文上传为附件。"),
    files=gettext_lazy("请至少上传一个服务方案文件后再提交。"),
)

AGREEMENT = PaperForm(
    kind=Kind.SERVICE_AGREEMENT,
    head=(
        Field("subject", gettext_lazy("协议名称"), max_length=60),
        Field("valid_from", gettext_lazy("生效日期"), Shape.DATE),
        Field("valid_to", gettext_lazy("到期日期"), Shape.DATE, help=gettext_lazy("当日仍有效")),
        Field(
            "supersedes",
            gettext_lazy("取代上一版：自本版生效日起上一版终止"),
            Shape.FLAG,
            required=False,
            help=gettext_lazy("本版在上一版到期前生效时勾选"),
        ),
        Field("scope", gettext_lazy("服务内容和范围"), Shape.LONG, max_length=2000),
        Field("payment_terms", gettext_lazy("付款约定"), Shape.LONG, max_length=1000),
        Field("commission", gettext_lazy("佣金约定"), max_length=200, help=gettext_lazy("例如：按确认成本的 10% 计提")),
        Field("note", gettext_lazy("版本说明"), Shape.LONG, max_length=500, required=False),
    ),
    model=ServiceAgreement,
    name="agreement",
    intro=gettext_lazy("一个项目一条版本链：协议通过后再起草即为下一版，带出上一版内容。"),
    files=gettext_lazy("请至少上传一个协议文本文件后再提交。"),
)

PAPERS: dict[str, PaperForm] = {form.kind: form for form in (PUBLICITY, REVIEW, AGREEMENT)}


def paper_of(kind: str) -> PaperForm:
    """The form of a kind. Raises Invalid for any other kind."""
    if kind not in PAPERS:
        raise Invalid(_("此单据不在此处填报。"))
    return PAPERS[kind]


def title_of(kind: str, project: Project, subject: str = "", version: int = 1) -> str:
    """A document's title: 翠湖花园宣传承诺确认单：开盘楼书. Stored, so always Chinese, whoever drafts."""
    with translation.override("zh-hans"):
        title = f"{project.name}{Kind(kind).label}"
        if kind == Kind.SERVICE_AGREEMENT:
            title += _("第%(n)d版") % {"n": version} if version > 1 else ""
        elif kind == Kind.PUBLICITY_CONFIRMATION and subject:
            title += f"：{subject}"
    return title
