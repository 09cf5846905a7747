"""Files of reports that the system made: how they are named, and which of a result's files a newer one replaces. Pure.

What has been submitted is never taken out, so that a report made again stands beside the one before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.utils import translation

from documents.vocabulary import Result

_NAME = re.compile(r"(.+)-(\d{8}-\d{6})\.(pdf|xlsx)")


def title_of(result: str) -> str:
    """The report's name without its marks; paper is always Chinese."""
    with translation.override("zh-hans"):
        return str(Result(result).label).strip("《》")


def name_of(stem: str, made: datetime, ending: str) -> str:
    """``房屋质量缺陷表-CH-2-20261202-090000.pdf``; ``made`` is local time."""
    return f"{stem}-{made:%Y%m%d-%H%M%S}.{ending}"


def series_of(name: str, result: str) -> str:
    """What all makings of one report share; empty for a file that is no report of this result."""
    found = _NAME.fullmatch(name)
    return f"{found[1]}.{found[3]}" if found and found[1].startswith(f"{title_of(result)}-") else ""


def replaced(names: Iterable[str], result: str) -> frozenset[str]:
    """Those among the names whose report stands there in a newer making."""
    newest: dict[str, str] = {}
    reports = [name for name in names if series_of(name, result)]
    for name in sorted(reports):
        newest[series_of(name, result)] = name
    return frozenset(reports) - frozenset(newest.values())
