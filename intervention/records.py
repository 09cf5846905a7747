"""The registry of kinds of records: one entry gives a register its REST, its pages of verbs, its journal and its check.

A part of this app registers its kinds while the app starts; pages and API routes of verbs are made from the entries.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from documents.api.errors import read
from documents.circulation import transactions
from documents.permissions import require
from documents.refusals import Conflict, Denied, Invalid
from intervention import journal
from intervention.permissions import Who, in_use, who, who_across
from organization.queries import projects_for

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from documents.permissions import Denial
    from intervention.acts import ActVerb
    from intervention.models import Record, RecordEvent
    from organization.models import Instalment, Person, Project


@dataclass(frozen=True)
class RecordKind:
    """One kind of record.

    ``begin(actor=, project=, instalment=, sent_key=, **fields)`` is the verb that makes one; ``url(row)`` is the page on
    which a record is read; ``words`` are the journal's codes in words; ``filters(queryset, parameters)`` narrows a list by
    what an address says and raises ``Invalid`` for what it can't read. A kind with photographs names their roles and says
    who may add one in a role, and when: ``may_photograph(who, row, role)``.
    """

    model: type[Record]
    label: str | Promise
    shape: type[serializers.Serializer]
    fields: type[serializers.Serializer]
    begin: Callable[..., Record]
    may_begin: Callable[[Who], Denial | None]
    verbs: Mapping[str, ActVerb]
    url: Callable[[Any], str]
    words: Mapping[str, str | Promise]
    related: tuple[str, ...] = ()
    prefetched: tuple[str, ...] = ()
    filters: Callable[[QuerySet[Any], Mapping[str, str]], QuerySet[Any]] = field(default=lambda rows, _parameters: rows)
    # A column, chosen first, that decides which inputs apply, and the inputs that a page leaves out for a value of it.
    turn: str = ""
    without: Callable[[str], Collection[str]] = field(default=lambda _value: ())
    # The list to which the page of a new record leads back.
    register_url: Callable[[], str] = field(default=lambda: reverse("intervention:timeline"))
    may_photograph: Callable[[Who, Any, str], Denial | None] | None = None
    photo_roles: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """Its name in the journal and in addresses."""
        return self.model.subject

    def for_person(self, person: Person) -> QuerySet[Any]:
        """Records that a person may see, with all that their page and the API show of them."""
        rows = self.model.objects.visible_to(person).select_related(
            "project__developer", "project__property_company", "instalment__project", "created_by", *self.related
        )
        return rows.prefetch_related(*self.prefetched)

    def perform(self, verb: ActVerb, pk: int, person: Person, data: Any) -> Any:
        """Do a verb on a record; the one door of page and API.

        ``seen`` in what was sent is the number of the newest event of the copy that it was typed from. Raises what the verb
        raises, and Stale where the record has been changed since.
        """
        given = data.get("seen") if isinstance(data, Mapping) else None
        seen = read(SeenFields, {"seen": None if given == "" else given})["seen"]
        if seen is None:
            return verb.perform(pk, person, data)
        return _unchanged(self, verb, pk, person, data, seen)

    def event_text(self, event: RecordEvent) -> str:
        """An event of the journal in words."""
        return str(self.words.get(event.code, event.code))


class Stale(Conflict):
    """Somebody has changed the record since this copy of it was shown."""


class SeenFields(serializers.Serializer):
    """The number of the newest event of the copy that was seen; a program may leave it out."""

    seen = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, allow_null=True, label=gettext_lazy("所见版本")
    )


@transactions.verb
def _unchanged(kind: RecordKind, verb: ActVerb, pk: int, person: Person, data: Any, seen: int) -> Any:
    journal.lock(kind.model, pk)
    if event := journal.changed_since(kind.model, pk, seen):
        told = {"who": event.actor.name, "what": kind.event_text(event), "when": _moment(event)}
        raise Stale(
            _("在您打开本页之后，%(who)s：%(what)s（%(when)s）。您的内容尚未保存；请对照现有内容核对后再提交。") % told
        )
    return verb.perform(pk, person, data)


def _moment(event: RecordEvent) -> str:
    return timezone.localtime(event.at).strftime("%Y-%m-%d %H:%M")


_kinds: dict[str, RecordKind] = {}


def register(kind: RecordKind) -> None:
    """Make a kind of record known; called while the app starts."""
    _kinds[kind.subject] = kind


def registered() -> list[RecordKind]:
    """All kinds, in the order of their registration."""
    return list(_kinds.values())


def named(subject: str) -> RecordKind:
    """A kind by its name in addresses. Raises Http404 for what is none."""
    if subject not in _kinds:
        raise Http404
    return _kinds[subject]


def models() -> dict[str, type[Record]]:
    """The models of all kinds, by their names in the journal."""
    return {subject: kind.model for subject, kind in _kinds.items()}


def chosen(rows: QuerySet[Any], parameters: Mapping[str, str], **choices: list[str]) -> QuerySet[Any]:
    """A list narrowed by columns with closed vocabularies. Raises Invalid for a value that is not among them."""
    for name, values in choices.items():
        if value := parameters.get(name, ""):
            if value not in values:
                raise Invalid(
                    _("没有「%(value)s」这个选项，可选：%(all)s。") % {"value": value, "all": "、".join(values)}
                )
            rows = rows.filter(**{name: value})
    return rows


def placed(person: Person, project: str, instalment: str = "") -> tuple[Project, Instalment | None]:
    """A project, and an instalment of it, by their codes, among those that a person may see. Raises Invalid."""
    found = projects_for(person).filter(code=project).first()
    if found is None:
        raise Invalid(_("没有项目 %(code)s，或您没有查看权限。") % {"code": project or "—"})
    if not instalment:
        return found, None
    row = found.instalments.select_related("project").filter(code=instalment).first()
    if row is None:
        raise Invalid(_("项目 %(project)s 没有分期 %(code)s。") % {"project": found.code, "code": instalment})
    return found, row


def places(kind: RecordKind, person: Person) -> list[tuple[Project, Instalment | None]]:
    """Projects and instalments in which a person may make such a record; three queries, however many there are.

    Raises Denied where there is none.
    """
    found: list[tuple[Project, Instalment | None]] = []
    closed = None
    projects = list(projects_for(person).order_by("code").prefetch_related("instalments__project"))
    asked = who_across(person, projects)
    for project in projects:
        if kind.may_begin(asked[project.pk]) is not None:
            continue
        if denial := in_use(project):
            closed = denial
            continue
        found += [(project, row) for row in project.instalments.all()]
        found.append((project, None))
    if not found:
        require(closed or kind.may_begin(Who(person, frozenset())))
        raise Denied(_("您没有可以登记「%(kind)s」的项目。") % {"kind": kind.label})
    return found


def at(places: list[tuple[Project, Instalment | None]], person: Person, code: str) -> tuple[Project, Instalment | None]:
    """A place by its code: the instalment's, or the project's for the whole of it. Raises Invalid, or Denied for a place out
    of use that this person sees."""
    for project, instalment in places:
        if code == (instalment or project).code:
            return project, instalment
    if hidden := projects_for(person).filter(Q(code=code) | Q(instalments__code=code)).first():
        require(in_use(hidden))
    raise Invalid(_("请选择项目或分期。"))


def denied(kind: RecordKind, person: Person, project: Project) -> Denial | None:
    """Why this person may not make such a record in a project; None where they may."""
    return kind.may_begin(who(person, project))
