"""Before or after move-in (guide 4, D4). Pure leaf."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from documents.vocabulary import Side

if TYPE_CHECKING:
    from organization.models import Instalment


def side_of(instalment: Instalment, first_day: date) -> Side:
    """*post* when the instalment's move-in date is on or before the first day of the form's month, else *pre*.

    The month in which move-in falls was planned and begun before it, so it is still *pre*.
    """
    move_in = instalment.move_in_on
    return Side.POST if move_in is not None and move_in <= first_day else Side.PRE
