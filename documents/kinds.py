"""The registry of kinds: the only way up (design 10).

An app registers the forms it owns and extends forms of earlier apps. Circulation calls the parts of a kind inside its own
transaction, in app order, so submitting can hold money although ``documents`` knows no budget.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from documents.sheets import Sheet
from documents.vocabulary import Kind

if TYPE_CHECKING:
    from django.db.models import Q

    from documents.deadlines import Limit
    from documents.models import Act, Document
    from organization.models import Person
    from organization.working_days import Calendar


@dataclass(frozen=True, slots=True)
class Related:
    """A link to another document in the panel 关联单据."""

    label: str
    document: Document


@dataclass(frozen=True, slots=True)
class NextStep:
    """What a person can begin from an approved form: a link, or with ``post`` a button that sends these fields there."""

    label: str
    text: str
    icon: str
    url: str
    post: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """A line of the check list beside a form: ``level`` is ok, warn or bad."""

    level: str
    text: str


@dataclass(frozen=True, slots=True)
class LateWords:
    """What is said where a form is first submitted after what it asks for has begun: that the policy refuses it, that a reason
    is wanted, and the line beside the reason's field."""

    refused: str
    wanted: str
    hint: str


@dataclass(frozen=True, slots=True)
class CutLine:
    """A line whose amount a reviewer may propose to cut (核减). ``amount`` is the filed one in 元."""

    id: str
    label: str
    amount: Decimal


class Part:
    """What an app adds to a kind. Every hook may be left alone."""

    # Related names that ``content``, ``amount`` and ``differences`` read: the verifier loads them for many forms at once.
    loads: tuple[str, ...] = ()

    def facts(self, document: Document) -> dict[str, Any]:
        """Routing facts beyond kind, side and amount (nature, of, over_budget, …)."""
        return {}

    def locks(self, document: Document, verb: str) -> None:
        """Take row locks beyond the document's, in the written order (design 11)."""

    def blockers(self, document: Document, verb: str, actor: Person) -> list[str]:
        """Everything that stands in the way of a verb, each a sentence that says where and what to do."""
        return []

    def effects(self, document: Document, verb: str, actor: Person, act: Act | None = None) -> None:
        """What else changes. ``verb`` is the verb's name, or ``approved`` when the last station has signed."""

    def hints(self, document: Document, person: Person) -> list[Hint]:
        """Lines of the check list that help a signer decide."""
        return []

    def panel(self, document: Document, person: Person) -> tuple[str, dict[str, Any]] | None:
        """A panel of one's own on the document page: template and context, the latter under the name ``panel``."""
        return None

    def marks(self, documents: list[Document]) -> dict[int, str]:
        """A word beside a form in lists, by its key, for those that need one; asked once for all rows of a list."""
        return {}

    def related(self, document: Document) -> list[Related]:
        """Other documents this one hangs together with; shown only to those who may see them."""
        return []

    def next_steps(self, document: Document, person: Person) -> list[NextStep]:
        """What this person can begin from an approved form."""
        return []

    def way_notes(self, document: Document) -> list[str]:
        """Sentences about the way itself, e.g. that no budget was there to check against (guide 5)."""
        return []

    def differences(self, document: Document) -> Iterable[str]:
        """What ``verify`` finds wrong in this kind's own tables, a line each."""
        return ()


class FormKind(Part):
    """A kind of form as its own app describes it: one instance per kind."""

    kind: Kind
    # Posts that may draft and submit it, in the guide's words; drafting may be wider.
    submitters: tuple[str, ...] = ()
    drafters: tuple[str, ...] = ()
    # Posts that see it beside those on its way and those copied (design 16).
    audience: tuple[str, ...] = ()
    # Posts copied at submission (D13).
    copied: tuple[str, ...] = ()
    # Icon of static/icons.svg.
    icon = "file-text"

    def may_draft(self) -> tuple[str, ...]:
        """Posts that may open a draft and write in it."""
        return self.drafters or self.submitters

    def side(self, document: Document) -> str | None:
        """Which group it goes to, fixed at the first submission (guide 4); by default what the draft says."""
        return document.side

    def prepare(self, document: Document) -> None:
        """Bring the working copy in line with the policy that the first submission has just fixed."""

    def grouping(self, document: Document) -> str:
        """What makes forms of its kind, project and department belong together (guide 5), from its payload."""
        return ""

    def work_begins_on(self, document: Document) -> date | None:
        """The day on which the planned work begins (D12); a first submission from that day on is 事后补报. None: never."""
        return None

    def late_words(self, begins: date) -> LateWords:
        """How 事后补报 is told; a kind of which no work begins has words of its own."""
        day = {"day": begins.isoformat(), "date": begins.isoformat()}
        return LateWords(
            _("工作自 %(date)s 开始，现行制度不接受事后补报。") % day,
            _("工作自 %(date)s 开始，此时提交属于事后补报，请填写补报原因。") % day,
            _("工作自 %(day)s 开始，现在提交属于事后补报：请说明原因，各签批环节都会看到。") % day,
        )

    def limits(
        self, documents: list[Document], posts: Mapping[int, frozenset[str]], calendar: Calendar
    ) -> dict[int, Limit]:
        """By what date each of these undecided forms has to be where (guide 6), by key; those without a date are left out.

        ``posts`` are the posts of a form's open stations. For many forms at once: the number of queries is constant.
        """
        return {}

    def due_between(self, first: date, last: date, calendar: Calendar) -> Q | None:
        """The same as a condition: undecided forms of this kind whose date lies from ``first`` to ``last``. None: no dates."""
        return None

    def copies(self, document: Document) -> tuple[str, ...]:
        """Posts copied at submission beside those the policy names (D13)."""
        return self.copied

    def content(self, document: Document) -> dict[str, Any]:
        """The working copy as JSON-able data: {"head": {…}, "lines": [{"id": …, …}]}; amounts as text.

        It depends on the payload alone and never on anything that may change after submission.
        """
        raise NotImplementedError

    def amount(self, document: Document) -> Decimal:
        """The form's total in 元, computed from its lines."""
        return Decimal(0)

    def routed_amount(self, document: Document) -> Decimal:
        """The total that thresholds are tested on: tax included, before commission (guide 5)."""
        return self.amount(document)

    def sheet(self, content: dict[str, Any], document: Document) -> Sheet:
        """The form as page, PDF and workbook show it, from signed content."""
        raise NotImplementedError

    def material(self, content: dict[str, Any]) -> Any:
        """The part of the content whose change lets all signatures fall (design 7). By default all of it."""
        return {key: value for key, value in content.items() if key != "attachments"}

    def replaced_files(self, document: Document, names: Iterable[str]) -> frozenset[str]:
        """Those among a form's files that stand there only because they were submitted once; others replace them."""
        return frozenset()

    def cut_lines(self, document: Document) -> list[CutLine]:
        """Lines for which a returning signer may propose lower amounts; none where cutting makes no sense."""
        return []

    def cut(self, document: Document, proposals: dict[str, Decimal]) -> None:
        """Take proposed amounts over into the working copy."""
        raise NotImplementedError

    def place(self, document: Document, path: tuple[str, ...]) -> str:
        """Table, key and column of a cell of the content, for the verifier: ("head", name), ("lines", id, name), or
        ("lines", id) for a line too many or missing."""
        return f"documents_document {document.pk} {'.'.join(path)}"

    def new_url(self) -> str:
        """The page on which a draft of this kind is begun."""
        raise NotImplementedError

    def edit_url(self, document: Document) -> str:
        """The page on which the working copy is written."""
        raise NotImplementedError


_forms: dict[str, FormKind] = {}
_extensions: dict[str, list[Part]] = {}


def register(form: FormKind) -> None:
    """Make a kind known; called from the owning app's ``ready()``."""
    _forms[form.kind] = form


def extend(kind: str, part: Part) -> None:
    """Add a later app's part to a kind; app order is the order of ``ready()``."""
    _extensions.setdefault(kind, []).append(part)


def get(kind: str) -> FormKind:
    """The owner of a kind. A document of an unregistered kind cannot exist."""
    return _forms[kind]


def is_registered(kind: str) -> bool:
    """Whether an installed app implements a kind."""
    return kind in _forms


def registered() -> list[FormKind]:
    """All implemented kinds in the guide's order."""
    return [_forms[kind] for kind in Kind.values if kind in _forms]


def parts(kind: str) -> list[Part]:
    """The owner and everything that later apps added, in app order."""
    return [_forms[kind], *_extensions.get(kind, [])]
