"""What this app adds to the table of verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from budgets.lapsing import lapse_rest
from budgets.permissions import can_lapse
from budgets.rests import rests_of
from documents.verbs import Verb

if TYPE_CHECKING:
    from documents.models import Document


class LapseFields(serializers.Serializer):
    """Which lines, by the ``id`` of the form's lines, and why; without ``lines`` all that have a rest."""

    lines = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, max_length=5000, label=_("明细")
    )
    reason = serializers.CharField(max_length=500, label=_("原因"))


def _open_rests(document: Document) -> dict[str, Any]:
    """What the dialogue offers: lines with a rest; those that are being confirmed are named and cannot be chosen."""
    return {"rests": [rest for rest in rests_of(document) if rest.is_open]}


LAPSE = Verb(
    "lapse_rest",
    _("余量失效"),
    "history",
    "return",
    LapseFields,
    lapse_rest,
    can_lapse,
    _("所选各行的余量已失效"),
    in_panel=True,
    form="budgets/_lapse_fields.html",
    form_data=_open_rests,
)
