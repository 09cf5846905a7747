"""Reads of shared staff: what a split's forms carry, what is missing of it, and how its lines look on a form's own pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from budgets.models import Split, SplitShare, WorkLine
from budgets.sharing import parts_of, share_text
from documents import drafting
from documents.kinds import Hint, Related
from documents.models import Document
from documents.money import figures, line_amount, plain
from documents.states import DEAD, EDITABLE
from documents.vocabulary import Kind

if TYPE_CHECKING:
    from organization.models import Instalment, Person, Project

# So many posts are named in a sentence, the rest is counted.
NAMED = 3


@dataclass(frozen=True, slots=True)
class Bearer:
    """An instalment's share of a split, what it amounts to in 元, and the live form that carries it whole, if there is one."""

    instalment: Instalment
    share: int
    amount: Decimal
    form: Document | None

    @property
    def share_text(self) -> str:
        """``60 %``."""
        return share_text(self.share)


@dataclass(frozen=True, slots=True)
class SplitState:
    """A split as its live forms carry it: the whole lines, and every instalment with its form or without."""

    split: Split
    lines: tuple[WorkLine, ...]
    bearers: tuple[Bearer, ...]

    @property
    def whole(self) -> Decimal:
        """The whole amount in 元, as filed."""
        return sum((whole_amount(line) for line in self.lines), Decimal(0))

    @property
    def missing(self) -> list[Bearer]:
        """Instalments without their form."""
        return [bearer for bearer in self.bearers if bearer.form is None]

    @property
    def covered(self) -> int:
        """What the shares of the live forms sum to, in hundredths of a per cent."""
        return sum(bearer.share for bearer in self.bearers if bearer.form is not None)

    @property
    def is_fixed(self) -> bool:
        """Whether one of its forms is on its way or approved, so that shares and lines stand."""
        return any(bearer.form is not None and not bearer.form.is_editable for bearer in self.bearers)

    @property
    def name(self) -> str:
        """The posts that are shared."""
        return posts_text([line.subject for line in self.lines])


def whole_amount(line: WorkLine) -> Decimal:
    """The whole person's amount of a shared line in 元, of which the form carries a part."""
    return line_amount(line.quantity, line.price)


def posts_text(posts: Sequence[str]) -> str:
    """保安队长、保洁员: the first few, and how many there are."""
    named = "、".join(posts[:NAMED])
    if len(posts) <= NAMED:
        return named
    return _("%(names)s等 %(n)d 行") % {"names": named, "n": len(posts)}


def shares_of(lines: Iterable[WorkLine]) -> dict[int, dict[str, int]]:
    """Shares by instalment code for every split among the lines; one query, none where nothing is shared."""
    lines = [line for line in lines if line.split_id is not None]
    if lines and all("split" in line._state.fields_cache for line in lines):
        rows = [row for split in {line.split_id: line.split for line in lines}.values() for row in split.shares.all()]
    else:
        wanted = {line.split_id for line in lines}
        rows = list(SplitShare.objects.filter(split__in=wanted).select_related("instalment")) if wanted else []
    shares: dict[int, dict[str, int]] = {}
    for row in rows:
        shares.setdefault(row.split_id, {})[row.instalment.code] = row.share
    return shares


def states_of(splits: Iterable[Split]) -> list[SplitState]:
    """How splits stand; those that no live form carries any more are left out. Two queries whatever their number."""
    found = {split.pk: split for split in splits}
    if not found:
        return []
    shares: dict[int, list[SplitShare]] = {}
    for row in SplitShare.objects.filter(split__in=found).select_related("instalment").order_by("instalment__code"):
        shares.setdefault(row.split_id, []).append(row)
    lines: dict[int, dict[str, WorkLine]] = {}
    carried: dict[tuple[int, int], dict[str, Document]] = {}
    live = WorkLine.objects.filter(split__in=found).exclude(document__state__in=DEAD)
    for line in live.select_related("document").order_by("split", "document", "position"):
        lines.setdefault(line.split_id, {}).setdefault(line.split_key, line)
        carried.setdefault((line.split_id, line.document.instalment_id), {})[line.split_key] = line.document
    return [
        SplitState(split, tuple(lines[pk].values()), _bearers(shares[pk], lines[pk], carried))
        for pk, split in found.items()
        if pk in lines
    ]


def _bearers(
    shares: Sequence[SplitShare],
    lines: Mapping[str, WorkLine],
    carried: Mapping[tuple[int, int], Mapping[str, Document]],
) -> tuple[Bearer, ...]:
    by_code = {row.instalment.code: row.share for row in shares}
    parts = [parts_of(whole_amount(line), by_code) for line in lines.values()]
    bearers = []
    for row in shares:
        forms = carried.get((row.split_id, row.instalment_id), {})
        amount = sum((part[row.instalment.code] for part in parts), Decimal(0))
        form = next(iter(forms.values())) if forms and len(forms) == len(lines) else None
        bearers.append(Bearer(row.instalment, row.share, amount, form))
    return tuple(bearers)


def of_document(document: Document) -> list[SplitState]:
    """The splits whose parts a form carries."""
    if document.kind != Kind.STAFFING_PLAN:
        return []
    return states_of(Split.objects.filter(lines__document=document).distinct().order_by("pk"))


def split_for(person: Person, pk: int) -> Split:
    """A split of a project in which a person drafts staffing plans; 404 for others', Denied for those who draft none."""
    projects = drafting.draftable_projects(person, Kind.STAFFING_PLAN)
    return get_object_or_404(Split.objects.select_related("project", "created_by").filter(project__in=projects), pk=pk)


def of_month(project: Project, month: date) -> list[SplitState]:
    """The splits of a project's month that some live form carries."""
    return states_of(Split.objects.filter(project=project, month=month).order_by("pk"))


def successor_of(split: Split, keys: Collection[str]) -> SplitState | None:
    """The split to which lines of another have moved, by their names over all instalments; None where it was ended."""
    states = of_month(split.project, split.month)
    return next((row for row in reversed(states) if any(line.split_key in keys for line in row.lines)), None)


def ended(split: Split) -> SplitState:
    """A split that no form carries any more, with the shares that it had."""
    shares = list(SplitShare.objects.filter(split=split).select_related("instalment").order_by("instalment__code"))
    return SplitState(split, (), _bearers(shares, {}, {}))


def blockers(document: Document) -> list[str]:
    """Why a form with parts may not be submitted: the rest of them is in no form, so nobody would bear it (guide 4)."""
    return [
        _(
            "共用人员分摊（%(posts)s）：%(missing)s没有对应的岗位配置表，现有各表比例合计只有 %(covered)s，须为 100 %%；"
            "请在「共用人员分摊」页补齐后再提交。"
        )
        % {"posts": state.name, "missing": _named(state.missing), "covered": share_text(state.covered)}
        for state in of_document(document)
        if state.missing
    ] + _parts_elsewhere(document)


def _parts_elsewhere(document: Document) -> list[str]:
    """Parts that another draft of the same instalment and month carries: it could never be submitted after this form."""
    if document.kind != Kind.STAFFING_PLAN:
        return []
    others = (
        Document.objects.filter(
            kind=document.kind,
            instalment=document.instalment_id,
            period=document.period,
            work_lines__split__isnull=False,
        )
        .exclude(pk=document.pk)
        .exclude(state__in=DEAD)
        .distinct()
    )
    return [
        _(
            "本分期本月的共用人员分摊行在 %(name)s 中，一个分期一个月只能有一份：请改在该表填报并提交，或先在「共用人员分摊」页修改。"
        )
        % {"name": other.name}
        for other in others.order_by("pk")
    ]


def _named(bearers: Iterable[Bearer]) -> str:
    return "、".join(
        _("分期「%(name)s」（%(share)s，%(amount)s 元）")
        % {"name": bearer.instalment.name, "share": bearer.share_text, "amount": figures(bearer.amount)}
        for bearer in bearers
    )


def hints(document: Document) -> list[Hint]:
    """For the check list: who bears the rest, and whether it is in a form."""
    found = []
    for state in of_document(document):
        if state.missing:
            text = _("共用人员分摊（%(posts)s）：%(missing)s没有对应的岗位配置表") % {
                "posts": state.name,
                "missing": _named(state.missing),
            }
            found.append(Hint("bad", text))
        else:
            shares = "、".join(f"{bearer.instalment.name} {bearer.share_text}" for bearer in state.bearers)
            text = _("共用人员分摊（%(posts)s）：%(shares)s，合计 100 %%") % {"posts": state.name, "shares": shares}
            found.append(Hint("ok", text))
    return found


def related(document: Document) -> list[Related]:
    """The other live forms that carry parts of the same lines."""
    if document.kind != Kind.STAFFING_PLAN:
        return []
    mine = WorkLine.objects.filter(document=document, split__isnull=False).values("split")
    others = (
        Document.objects.filter(work_lines__split__in=mine).exclude(pk=document.pk).exclude(state__in=DEAD).distinct()
    )
    return [Related(_("共用人员分摊"), other) for other in others.order_by("pk")]


@dataclass(frozen=True, slots=True)
class SharedRow:
    """A shared line as a form's entry page shows it, read only; amounts in 元."""

    line: WorkLine
    whole: Decimal
    share: str


@dataclass(frozen=True, slots=True)
class Shared:
    """The parts that a form carries; None takes their place in kinds that share nothing."""

    rows: tuple[SharedRow, ...]

    @property
    def amount(self) -> Decimal:
        """What they add to the form's amount in 元, after cuts."""
        return sum((row.line.amount for row in self.rows), Decimal(0))

    @property
    def plain(self) -> str:
        """The same for the page's script, which adds it to the sum of the grid."""
        return plain(self.amount)


def on_form(document: Document) -> Shared | None:
    """What stands beside the grid of a form that may share staff."""
    if document.kind != Kind.STAFFING_PLAN:
        return None
    lines = document.work_lines.exclude(split=None).order_by("position")
    return Shared(tuple(SharedRow(line, whole_amount(line), share_text(line.share or 0)) for line in lines))


def drafts_with_lines(person: Person, project: Project, month: date) -> list[Document]:
    """Working copies of the month's staffing plans that a person may write and that hold whole lines."""
    return list(
        Document.objects.visible_to(person)
        .filter(kind=Kind.STAFFING_PLAN, project=project, period=month, state__in=EDITABLE)
        .filter(work_lines__split=None, work_lines__isnull=False)
        .select_related("instalment")
        .distinct()
        .order_by("instalment__code", "pk")
    )


@dataclass(frozen=True, slots=True)
class Place:
    """An instalment that may bear a share, and its live form of the month as far as a person sees it."""

    instalment: Instalment
    form: Document | None

    @property
    def code(self) -> str:
        """The instalment's code, which names it in addresses and inputs."""
        return self.instalment.code

    @property
    def name(self) -> str:
        """一期（CH-1）."""
        return f"{self.instalment.name}（{self.instalment.code}）"


def places_of(person: Person, project: Project, month: date) -> list[Place]:
    """The instalments of a project by code, each with the form that is on its way, else with a working copy."""
    forms = (
        Document.objects.visible_to(person)
        .filter(kind=Kind.STAFFING_PLAN, project=project, period=month)
        .exclude(state__in=DEAD)
        .order_by("pk")
    )
    found: dict[int, Document] = {}
    for form in forms:
        if (other := found.get(form.instalment_id)) is None or other.is_editable:
            found[form.instalment_id] = form
    return [Place(place, found.get(place.pk)) for place in project.instalments.order_by("code")]


def visible_forms(person: Person, states: Iterable[SplitState]) -> set[int]:
    """Keys of the forms of splits that a person may open."""
    forms = {bearer.form.pk for state in states for bearer in state.bearers if bearer.form is not None}
    return (
        set(Document.objects.visible_to(person).filter(pk__in=forms).values_list("pk", flat=True)) if forms else set()
    )
