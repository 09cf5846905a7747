"""Photographs of records as plates behind a table on paper: in the small copy, no more than a paper carries."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents.rendering.paper import Plate

if TYPE_CHECKING:
    from intervention.models import Photo


def plate_of(photo: Photo, title: str, caption: str) -> Plate:
    """A photograph under the name of what it shows; its bytes are read when its turn comes."""
    return Plate(title, caption, partial(_bytes, photo))


def first(plates: Iterable[Plate], most: int) -> tuple[Plate, ...]:
    """The plates that a paper carries."""
    return tuple(islice(plates, most))


def more(plates: Iterable[Plate], most: int) -> str:
    """Says so where not all photographs are printed."""
    n = sum(1 for _plate in plates)
    told = {"n": n, "shown": most}
    return _("照片共 %(n)d 张，附图为前 %(shown)d 张，其余在系统中查看。") % told if n > most else ""


def _bytes(photo: Photo) -> bytes:
    with photo.small.open("rb") as file:
        return file.read()
