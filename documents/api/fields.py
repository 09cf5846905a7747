"""Fields of requests and answers that DRF does not have."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from documents.forms import read_month
from organization.texts import UNCLEAN, is_clean


@extend_schema_field({"type": "string", "pattern": r"^20[0-9]{2}-(0[1-9]|1[0-2])$", "example": "2026-12"})
class MonthField(serializers.Field):
    """A month as ``2026-12``; inside it is the month's first day."""

    default_error_messages = {"invalid": _("请填写月份，例如 2026-12。")}

    def to_internal_value(self, data: Any) -> date:
        month = read_month(data) if isinstance(data, str) else None
        if month is None:
            self.fail("invalid")
        return month

    def to_representation(self, value: date) -> str:
        return value.strftime("%Y-%m")


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "number"}], "nullable": True})
class CellField(serializers.Field):
    """A cell as typed: text, number or nothing. The line's own validator says what it must be."""

    default_error_messages = {"invalid": _("只能是文字、数字或空值。")}

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_null=True, **options)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str | int | float):
            self.fail("invalid")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class CleanCharField(serializers.CharField):
    """A text without control characters, which no page, PDF or workbook could carry."""

    default_error_messages = {"unclean": UNCLEAN}

    def to_internal_value(self, data: Any) -> str:
        text: str = super().to_internal_value(data)
        if not is_clean(text):
            self.fail("unclean")
        return text
