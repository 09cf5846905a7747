"""Model fields for money and quantities: integers in the database, ``Decimal`` in Python (design 13)."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class ScaledDecimalField(models.BigIntegerField):
    """A ``Decimal`` with a fixed number of decimals, stored as an integer.

    SQLite keeps decimals as floating point (ten times 0.10 is not 1.00 there), so neither database gets one.
    Sums, comparisons and ``F()`` arithmetic run on the integers and come back as ``Decimal``.
    """

    decimals = 0

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.decimals)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, float):
            raise ValidationError(_("金额和数量不接受浮点数。"))
        return Decimal(value)

    def get_prep_value(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        if isinstance(value, float):
            raise TypeError("money and quantities are never floats")
        scaled = Decimal(value).scaleb(self.decimals)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than {self.decimals} decimals")
        return int(scaled)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return value if prepared else self.get_prep_value(value)

    def validate(self, value: Any, model_instance: Any) -> None:
        models.Field.validate(self, value, model_instance)

    @property
    def validators(self) -> list[Any]:  # type: ignore[override]
        # The integer range validators of the parent would compare yuan with a range meant for 分.
        return list(self._validators)

    def formfield(self, **kwargs: Any) -> Any:
        from django import forms

        return models.Field.formfield(self, form_class=forms.DecimalField, **kwargs)


class MoneyField(ScaledDecimalField):
    """Yuan with two decimals, stored as 分."""

    decimals = 2


class QuantityField(ScaledDecimalField):
    """A quantity with three decimals, stored as thousandths."""

    decimals = 3
