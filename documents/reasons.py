"""Why a station is on the way, in words: stored as a code with parameters, worded on reading (design 8)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from documents.guide import of_guide
from documents.money import figures
from documents.vocabulary import Kind, Phase, Result, Side


def why(clause: str, reason: dict[str, Any]) -> str:
    """A station's reason and its clause in the active language: ``金额 ≥ 20,000.00 元 · 3.2.3 计划外 A``. Never empty."""
    return " · ".join(part for part in (_worded(reason), of_guide(clause)) if part)


def _worded(reason: dict[str, Any]) -> str:
    """One reason without its clause."""
    code = reason.get("code", "")
    if code == "all":
        return _("，且").join(_worded(part) for part in reason["parts"])
    if code == "always":
        return _("每单必经")
    if code == "amount_from":
        return _("金额 ≥ %(amount)s 元") % {"amount": figures(Decimal(reason["amount"]))}
    if code == "amount_over":
        return _("金额 > %(amount)s 元") % {"amount": figures(Decimal(reason["amount"]))}
    if code == "over_budget":
        return _("超出年度预算")
    if code == "within_budget":
        return _("未超年度预算")
    if code == "side":
        return _label(Side, reason["side"])
    if code == "phase":
        return _("阶段：%(phase)s") % {"phase": _label(Phase, reason["phase"])}
    if code == "result":
        return _("成果：%(result)s") % {"result": _label(Result, reason["result"])}
    if code == "of":
        return _("原单：%(kind)s") % {"kind": _label(Kind, reason["of"])}
    if code == "nature":
        return _("性质：%(nature)s") % {"nature": reason["nature"]}
    # A code written by a later version of the product must still be readable.
    return _("按签批制度")


def _label(choices: type[TextChoices], value: str) -> str:
    """The word for a value; a value that is no longer known stands for itself."""
    return str(choices(value).label) if value in choices.values else value
