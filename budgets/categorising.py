"""Categories of lines per property company and kind, and its 费用科目: read for their page, and the verbs that keep them. Administrators only.

A company without rows uses the guide's categories; its first own one takes those over as rows, so that nothing vanishes.
A category that lines carry is never renamed: it is deactivated, and what was filed keeps its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from budgets.heads import GUIDE_SUBJECTS
from budgets.line_forms import LINE_FORMS
from budgets.models import SUBJECTS, Category, WorkForm, WorkLine
from documents.refusals import Invalid
from documents.texts import clean_text
from documents.vocabulary import Kind
from organization import trail
from organization.models import Company
from organization.posts import Camp
from organization.starting import begin

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organization.models import Person

VERBS = ("rename", "up", "down", "activate", "deactivate")
NAME_LENGTH = 20
# A drop-down of a workbook holds 255 characters, commas included.
ALL_NAMES_LENGTH = 200
# What would end an entry or the whole list there.
BREAKING = frozenset(',"')


@dataclass(frozen=True, slots=True)
class Shelf:
    """The categories of a company and kind, or its 费用科目, as the page shows them; ``guide`` are the guide's where it has no
    own ones."""

    company: Company
    kind: str
    rows: list[Category]
    used: frozenset[str]
    guide: tuple[str, ...]

    @property
    def kind_label(self) -> str:
        """The kind's name."""
        return _("费用科目") if self.kind == SUBJECTS else str(Kind(self.kind).label)


def kinds_with_categories() -> list[str]:
    """Kinds whose lines have a category to choose, and the shelf of 费用科目."""
    return [*(kind for kind in LINE_FORMS if guide_categories(kind)), SUBJECTS]


def guide_categories(kind: str) -> tuple[str, ...]:
    """The guide's own categories of a kind (guide 5, Contents), or its subjects."""
    if kind == SUBJECTS:
        return GUIDE_SUBJECTS
    return next((column.choices for column in LINE_FORMS[kind].columns if column.key == "category"), ())


def property_companies() -> QuerySet[Company]:
    """Companies that may keep categories of their own."""
    return Company.objects.filter(camp=Camp.PROPERTY).order_by("name", "pk")


def shelves(company: Company) -> list[Shelf]:
    """Every kind's categories of a company, and its subjects. Three queries."""
    rows = list(Category.objects.filter(company=company).order_by("kind", "position", "pk"))
    used = set(
        _lines_of(company)
        .filter(document__kind__in=kinds_with_categories())
        .values_list("document__kind", "category")
        .order_by()
        .distinct()
    )
    used |= {(SUBJECTS, name) for name in _forms_of(company).values_list("subject", flat=True).order_by().distinct()}
    return [
        Shelf(
            company,
            kind,
            [row for row in rows if row.kind == kind],
            frozenset(name for of, name in used if of == kind),
            guide_categories(kind),
        )
        for kind in kinds_with_categories()
    ]


def _lines_of(company: Company) -> QuerySet[WorkLine]:
    return WorkLine.objects.filter(document__project__property_company=company)


def _forms_of(company: Company) -> QuerySet[WorkForm]:
    return WorkForm.objects.filter(document__project__property_company=company)


def is_used(category: Category) -> bool:
    """Whether any line, or for a subject any form, of the company carries it, drafts included."""
    if category.kind == SUBJECTS:
        return _forms_of(category.company).filter(subject=category.name).exists()
    lines = _lines_of(category.company).filter(document__kind=category.kind, category=category.name)
    return lines.exists()


@transaction.atomic
def add_category(*, actor: Person | None, company: Company, kind: str, name: str) -> Category:
    """Add a category at the end. Effects: event ``category_added``; the guide's are taken over before the first own one."""
    begin(actor)
    if company.camp != Camp.PROPERTY or kind not in kinds_with_categories():
        raise Invalid(_("该公司或该类单据没有可维护的类别。"))
    rows = _rows(company, kind)
    if not rows:
        rows = [
            Category.objects.create(company=company, kind=kind, name=given, position=position)
            for position, given in enumerate(guide_categories(kind), start=1)
        ]
    name = _checked(name, rows)
    position = max(row.position for row in rows) + 1
    category = Category.objects.create(company=company, kind=kind, name=name, position=position)
    trail.record("category_added", actor, company=company.pk, kind=kind, name=name)
    return category


@transaction.atomic
def rename_category(*, actor: Person | None, category: Category, name: str) -> Category:
    """Give a category that no line carries another name. Effects: event ``category_renamed``."""
    begin(actor)
    category = _fresh(category)
    if is_used(category):
        raise Invalid(_("「%(name)s」已有明细使用，不能改名；请停用后新增一个类别。") % {"name": category.name})
    before = category.name
    category.name = _checked(name, [row for row in _rows(category.company, category.kind) if row.pk != category.pk])
    category.save(update_fields=["name"])
    trail.record(
        "category_renamed",
        actor,
        company=category.company_id,
        kind=category.kind,
        before={"name": before},
        name=category.name,
    )
    return category


@transaction.atomic
def switch_category(*, actor: Person | None, category: Category, active: bool) -> Category:
    """Take a category out of use or back. The last one in use stays. Effects: event, where it changes anything."""
    begin(actor)
    category = _fresh(category)
    if category.is_active == active:
        return category
    others = [row for row in _rows(category.company, category.kind) if row.is_active and row.pk != category.pk]
    if active:
        _checked(category.name, others)
    elif not others:
        raise Invalid(_("至少保留一个在用的类别；请先新增或启用另一个，再停用「%(name)s」。") % {"name": category.name})
    category.is_active = active
    category.save(update_fields=["is_active"])
    code = "category_activated" if active else "category_deactivated"
    trail.record(code, actor, company=category.company_id, kind=category.kind, name=category.name)
    return category


@transaction.atomic
def move_category(*, actor: Person | None, category: Category, up: bool) -> Category:
    """Change places with the neighbour; at the end of the list nothing happens. Effects: event ``category_moved``."""
    begin(actor)
    category = _fresh(category)
    rows = _rows(category.company, category.kind)
    here = rows.index(category)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        return category
    rows[here], rows[there] = rows[there], rows[here]
    for position, row in enumerate(rows, start=1):
        row.position = position
    Category.objects.bulk_update(rows, ["position"])
    trail.record("category_moved", actor, company=category.company_id, kind=category.kind, name=category.name)
    return category


def perform(verb: str, category: Category, actor: Person, name: str = "") -> Category:
    """One of ``VERBS``, as page and API name them."""
    if verb == "rename":
        return rename_category(actor=actor, category=category, name=name)
    if verb in ("up", "down"):
        return move_category(actor=actor, category=category, up=verb == "up")
    return switch_category(actor=actor, category=category, active=verb == "activate")


def _fresh(category: Category) -> Category:
    return Category.objects.select_related("company").get(pk=category.pk)


def _rows(company: Company, kind: str) -> list[Category]:
    return list(Category.objects.filter(company=company, kind=kind).order_by("position", "pk"))


def _checked(name: str, others: list[Category]) -> str:
    """A name that pages and workbooks can offer, unlike all others."""
    name = clean_text(name, max_length=NAME_LENGTH, label=_("类别"))
    if not name:
        raise Invalid(_("请填写类别名称。"))
    if BREAKING & set(name) or "\n" in name:
        raise Invalid(_("类别名称不能含英文逗号、双引号或换行：Excel 模板的下拉清单无法显示。"))
    if any(row.name == name for row in others):
        raise Invalid(_("已有类别「%(name)s」，不能重复。") % {"name": name})
    if sum(len(row.name) + 1 for row in others if row.is_active) + len(name) > ALL_NAMES_LENGTH:
        raise Invalid(_("在用类别的名称合计不能超过 %(n)d 字：Excel 模板的下拉清单放不下。") % {"n": ALL_NAMES_LENGTH})
    return name
