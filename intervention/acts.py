"""What a verb on phases, rows and records is: one entry of a table that page, button, API route and legality test walk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from documents.api.errors import read
from documents.api.fields import CleanCharField
from documents.permissions import Denial

if TYPE_CHECKING:
    from intervention.permissions import Who
    from organization.models import Person


class ActNothingFields(serializers.Serializer):
    """A verb that needs nothing but its name."""


class ActReasonFields(serializers.Serializer):
    """A reason that must be given."""

    reason = CleanCharField(max_length=500, label=_("原因"))


class ActNoteFields(serializers.Serializer):
    """A remark that may be added."""

    note = CleanCharField(required=False, allow_blank=True, default="", max_length=500, label=_("说明"))


@dataclass(frozen=True)
class ActVerb:
    """One thing that a person can do with a phase, a row or a record."""

    name: str
    label: str | Promise
    icon: str
    tone: str
    fields: type[serializers.Serializer]
    function: Callable[..., Any]
    predicate: Callable[[Who, Any], Denial | None]
    # The name under which the function takes the row's key.
    key: str
    # What the person reads when it has worked.
    done: str | Promise
    # What is said above the fields of its page.
    hint: str | Promise = ""
    # Where it is asked for on a page of its own instead of the one for all verbs: the address for a row.
    page: Callable[[Any], str] | None = None
    # An edit's inputs begin with what the record says; of another verb's only those named here do, so that nobody's words
    # stand where another person has to give theirs.
    is_edit: bool = False
    begins_with: tuple[str, ...] = ()

    def perform(self, pk: int, person: Person, data: Any) -> Any:
        """Validate what was sent and do it; on records ``RecordKind.perform`` stands before it."""
        return self.function(**{self.key: pk}, actor=person, **read(self.fields, data))


@dataclass(frozen=True, slots=True)
class Offer:
    """A verb beside a row: possible now, or not and why."""

    verb: ActVerb
    denial: Denial | None


def offers(table: Mapping[str, ActVerb], who: Who, row: Any) -> list[Offer]:
    """Verbs to show: possible ones, and impossible ones that people would look for, with their reason; no query."""
    found = [Offer(verb, verb.predicate(who, row)) for verb in table.values()]
    return [offer for offer in found if offer.denial is None or not offer.denial.hide]
