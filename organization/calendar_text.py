"""A calendar as people write it: a line a day, ``日期,类型,名称``, from a file or pasted from a spreadsheet. Pure.

Types: 休 for a public holiday, weekends within it included, and 班 for a weekend day that is worked (调休上班). A year is
given whole, since an import replaces it: one without 元旦 or 国庆节 is taken for a piece and refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organization.texts import is_clean

HOLIDAY = frozenset(("休", "假", "放假", "休假", "节假日", "假日", "法定节假日", "holiday"))
# 调休 alone is no type: some write it for the day off, others for the day worked.
WORKING = frozenset(("班", "上班", "补班", "调休上班", "工作日", "working"))
HEADINGS = frozenset(("日期", "date", "day"))
YEARS = range(2000, 2100)
NAME_LENGTH = 50
# A year has some forty such days; whoever sends more lines than a century needs sends something else.
LINES = 4000
BYTES = 256 * 1024
# Every year the State Council has published has both off; a text without them is no whole year.
CERTAIN = ((1, 1), (10, 1))
FAULTS_SHOWN = 50

_SEPARATOR = re.compile(r"[,，;；\t]")
_DATES = (
    re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII),
    re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})", re.ASCII),
    re.compile(r"(\d{4})\.(\d{1,2})\.(\d{1,2})", re.ASCII),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日", re.ASCII),
    re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII),
)
_WEEKDAYS = (
    gettext_lazy("星期一"),
    gettext_lazy("星期二"),
    gettext_lazy("星期三"),
    gettext_lazy("星期四"),
    gettext_lazy("星期五"),
)


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that the calendar names."""

    day: date
    is_working: bool
    name: str


def decode(data: bytes) -> str | None:
    """The text of a file in UTF-8 (with or without BOM) or GBK, as Excel saves CSV; None for anything else."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def read_calendar(text: str) -> tuple[list[NamedDay], list[str]]:
    """The days of a text in their order, and every fault as a sentence with its line; with faults nothing is to be taken."""
    days: dict[date, NamedDay] = {}
    faults: list[str] = []
    lines = text.lstrip("\ufeff").splitlines()
    if len(lines) > LINES:
        return [], [_("超过 %(n)d 行，请只给出节假日和调休上班日。") % {"n": LINES}]
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip().strip('"').strip() for cell in _SEPARATOR.split(line)]
        if not any(cells) or (not days and cells[0].casefold() in HEADINGS):
            continue
        found = _day(cells)
        if isinstance(found, str):
            faults.append(_("第 %(n)d 行：%(fault)s") % {"n": number, "fault": found})
        elif found.day in days:
            fault = _("%(day)s 出现了两次。") % {"day": found.day}
            faults.append(_("第 %(n)d 行：%(fault)s") % {"n": number, "fault": fault})
        else:
            days[found.day] = found
    if not faults:
        faults = _incomplete(days)
    if len(faults) > FAULTS_SHOWN:
        more = len(faults) - FAULTS_SHOWN
        faults = [*faults[:FAULTS_SHOWN], _("另有 %(n)d 处错误。") % {"n": more}]
    return sorted(days.values(), key=lambda day: day.day), faults


def _day(cells: list[str]) -> NamedDay | str:
    """The day of a line, or what is wrong with it."""
    if len([cell for cell in cells if cell]) < 2:
        return _("请写成「日期,类型,名称」，例如 2027-01-01,休,元旦。")
    day = _date(cells[0])
    if day is None:
        return _("「%(text)s」不是日期，请写成 2027-01-01。") % {"text": cells[0][:20]}
    if day.year not in YEARS:
        return _("年份 %(year)d 不在 2000 至 2099 之间。") % {"year": day.year}
    kind = cells[1].casefold()
    if kind not in HOLIDAY | WORKING:
        return _("类型「%(text)s」无法识别，放假写「休」，调休上班写「班」。") % {"text": cells[1][:20]}
    name = cells[2] if len(cells) > 2 else ""
    if not is_clean(name) or len(name) > NAME_LENGTH:
        return _("名称含有不可见字符或超过 %(n)d 字。") % {"n": NAME_LENGTH}
    works = kind in WORKING
    if works and day.weekday() < len(_WEEKDAYS):
        return _("%(day)s 是%(weekday)s，本来就上班，不必写「班」；请核对日期。") % {
            "day": day,
            "weekday": _WEEKDAYS[day.weekday()],
        }
    return NamedDay(day, works, name)


def _date(text: str) -> date | None:
    for pattern in _DATES:
        if match := pattern.fullmatch(text):
            try:
                return date(*map(int, match.groups()))
            except ValueError:
                return None
    return None


def _incomplete(days: dict[date, NamedDay]) -> list[str]:
    """What tells that a year isn't given whole."""
    if not days:
        return [_("没有任何日期，请粘贴或上传「日期,类型,名称」各行。")]
    off = {day for day, named in days.items() if not named.is_working}
    return [
        _("%(year)d 年没有 %(month)d 月 %(day)d 日放假：导入会替换全年，请给出该年全部节假日和调休上班日。")
        % {"year": year, "month": month, "day": day}
        for year in sorted({day.year for day in days})
        for month, day in CERTAIN
        if date(year, month, day) not in off
    ]
