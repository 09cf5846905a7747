"""The month's evidence as a sheet and on paper: pure data over a loaded month, always in Chinese."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from documents.forms import month_label
from documents.money import quantity_text
from documents.rendering.paper import Printout
from documents.sheets import CellKind, Column, Fact, Row, Sheet, Summary, SummaryRow
from intervention.daily.month import Figures, person_hours
from intervention.daily.states import DayLogState
from intervention.plates import first, more, plate_of
from organization.punctuation import labelled, with_commas, with_semicolons

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from intervention.daily.month import Month
    from intervention.models import DayLog, Photo

# Made within a request: ten pages of six; the others are seen with their logs.
MOST_PICTURES = 60
_SUMMED = ("introductions", "visitors", "cleanings", "people", "person_hours")


def month_printout(month: Month, photos: Sequence[Photo] = ()) -> Printout:
    """The evidence on paper, with the photographs of its logs. The same logs give the same bytes: its moment is their newest."""
    with translation.override("zh-hans"):
        plates = [plate_of(photo, *_title(photo)) for photo in photos]
        return Printout(
            company=str(month.project.property_company),
            sheet=month_sheet(month),
            number=f"{month.code}-{month.first:%Y%m}",
            moment=max(
                [*_moments(month), *(photo.uploaded_at for photo in photos)],
                default=timezone.make_aware(_midnight(month)),
            ),
            state=state_of(month),
            watermark=_("未全部确认") if month.filed else "",
            note=_("说明：本表由系统按已提交的工作日志和营销值守记录汇总，逐日内容、提交人和确认人以系统记录为准。")
            + more(plates, MOST_PICTURES),
            plates=first(plates, MOST_PICTURES),
        )


def _title(photo: Photo) -> tuple[str, str]:
    """The day and place that a photograph shows, and what else is to be said of it."""
    log = photo.day_log
    spot = " ".join(filter(None, (log.instalment.name if log.instalment else "", str(log.get_spot_display()))))
    return f"{log.day.isoformat()} {spot}", log.event_name


def state_of(month: Month) -> str:
    """How far it is confirmed: nobody confirms guard posts."""
    if month.filed:
        waiting = {"n": len(month.filed)}
        return (_("%(n)d 份日志待确认，值守记录未经确认") if month.posts else _("%(n)d 份待确认")) % waiting
    if month.told:
        return _("日志全部已确认，值守记录未经确认") if month.posts else _("全部已确认")
    return _("仅有值守记录，未经确认")


def _moments(month: Month) -> Iterator[datetime]:
    yield from (_newest(log) for log in month.told)
    yield from (post.created_at for post in month.posts)


def _midnight(month: Month) -> datetime:
    return datetime(month.first.year, month.first.month, 1)


def _newest(log: DayLog) -> datetime:
    return max(moment for moment in (log.created_at, log.filed_at, log.confirmed_at) if moment)


def month_sheet(month: Month) -> Sheet:
    """Facts, one line a log, sums by how far they are confirmed."""
    rows = tuple(
        Row(str(log.pk), n, _cells(log, show_place=month.instalment is None)) for n, log in enumerate(month.told, 1)
    )
    return Sheet(
        title=_("营销配合工作日志月度汇总"),
        facts=tuple(_facts(month)),
        columns=(
            Column("day", _("日期"), CellKind.DATE, 30),
            Column("spot", _("地点"), width=20),
            Column("text", _("工作内容"), width=110),
            Column("introductions", _("介绍场次"), CellKind.INTEGER, 13),
            Column("visitors", _("参观人数"), CellKind.INTEGER, 13),
            Column("cleanings", _("清洁次数"), CellKind.INTEGER, 13),
            Column("people", _("活动人数"), CellKind.INTEGER, 13),
            Column("person_hours", _("活动人时"), CellKind.QUANTITY, 15),
            Column("confirmed", _("确认"), width=40),
        ),
        rows=rows,
        summaries=(_summary(month),),
        notes=tuple(_notes(month)),
    )


def _facts(month: Month) -> Iterator[Fact]:
    yield Fact(_("项目"), month.project.name)
    instalment = month.instalment
    yield Fact(_("分期"), f"{instalment.name}（{instalment.code}）" if instalment else _("整个项目"))
    yield Fact(_("月份"), month_label(month.first))
    yield Fact(_("登记天数"), len({log.day for log in month.told}), CellKind.INTEGER)
    yield Fact(_("已提交日志"), len(month.told), CellKind.INTEGER)
    yield Fact(_("其中已确认"), len(month.confirmed), CellKind.INTEGER)
    yield Fact(_("活动"), len(month.events), CellKind.INTEGER)
    yield Fact(_("其中已确认的活动"), month.figures.events, CellKind.INTEGER)
    guarded = month.guarded
    yield Fact(_("营销值守岗位"), len(month.guards), CellKind.INTEGER)
    yield Fact(_("值守班次"), guarded.shifts, CellKind.INTEGER)
    yield Fact(_("值守人时"), guarded.hours.quantize(Decimal("0.01")), CellKind.QUANTITY)
    if month.posts:
        yield Fact(_("值守确认情况"), _("未经确认"))


def _cells(log: DayLog, *, show_place: bool) -> dict[str, str | int | Decimal | None | object]:
    spot = str(log.get_spot_display())
    if show_place and log.instalment is not None:
        spot = f"{log.instalment.name} {spot}"
    return {
        "day": log.day,
        "spot": spot,
        "text": text_of(log),
        "introductions": log.introductions,
        "visitors": log.visitors,
        "cleanings": log.cleanings,
        "people": log.people,
        "person_hours": person_hours(log) or None,
        "confirmed": _confirmed(log),
    }


def _confirmed(log: DayLog) -> str:
    if log.state != DayLogState.CONFIRMED:
        return _("待确认")
    moment = timezone.localtime(log.confirmed_at).strftime("%Y-%m-%d")
    return f"{log.confirmed_by.name} {moment}"


def counts_of(log: DayLog) -> str:
    """The figures of a log in one text; the sheet has columns for them."""
    parts = (
        (_("介绍 %(n)s 场"), log.introductions),
        (_("参观 %(n)s 人"), log.visitors),
        (_("清洁 %(n)s 次"), log.cleanings),
        (_("投入 %(n)s 人"), log.people),
    )
    return with_commas(text % {"n": n} for text, n in parts if n is not None)


def line_of(log: DayLog) -> str:
    """A log in one line: its event, its figures, its texts."""
    return with_semicolons(filter(None, (counts_of(log), text_of(log))))


def text_of(log: DayLog) -> str:
    """What a log tells in words."""
    length = _("%(hours)s 小时") % {"hours": quantity_text(log.hours)} if log.hours else ""
    parts = (
        (_("交流"), log.exchanged),
        (_("介绍"), log.introduced),
        (_("物品"), log.goods),
        (_("清点"), _("%(n)d 件") % {"n": log.goods_count} if log.goods_count is not None else ""),
        (_("短缺或损坏"), log.goods_missing),
        (_("看护"), log.guarding),
        (_("活动"), log.event_name),
        (_("时长"), length),
        (_("支持"), log.work_done),
        (_("备注"), log.note),
    )
    return with_semicolons(labelled(label, text) for label, text in parts if text)


def _summary(month: Month) -> Summary:
    rows = (
        _summed(_("已确认"), month.figures, [log.pk for log in month.confirmed]),
        _summed(_("待确认"), month.waiting, [log.pk for log in month.filed]),
    )
    return Summary(_("合计"), _("按确认情况"), _SUMMED, rows)


def _summed(name: str, figures: Figures, keys: list[int]) -> SummaryRow:
    cells = {key: Decimal(getattr(figures, key)) for key in _SUMMED}
    return SummaryRow(name, cells, tuple(str(key) for key in keys))


def _notes(month: Month) -> Iterator[str]:
    for log in month.told:
        if log.goods_missing:
            yield _("%(day)s 物品短缺或损坏：%(what)s") % {"day": log.day.isoformat(), "what": log.goods_missing}
    for guard in month.guards:
        yield _("值守 %(name)s：%(days)d 天 %(shifts)d 班 %(people)d 人次，%(hours)s 人时（未经确认）") % {
            "name": guard.name,
            "days": guard.days,
            "shifts": guard.shifts,
            "people": guard.people,
            "hours": quantity_text(guard.hours.quantize(Decimal("0.01"))),
        }
