"""Day logs that tests begin with, made through the verbs alone."""

from datetime import date
from typing import Any

from intervention.daily import confirming, writing
from intervention.models import DayLog

SHOW_FLAT = {"cleanings": 3, "goods": "沙盘、饰品", "goods_count": 42, "guarding": "两岗轮值", "visitors": 26}
SALES_OFFICE = {"exchanged": "客户多问物业费标准", "introductions": 4, "introduced": "会所与管家服务"}
EVENT = {"event_name": "开盘活动", "hours": 4, "people": 6, "work_done": "停车引导、茶水"}
TOLD = {"show_flat": SHOW_FLAT, "sales_office": SALES_OFFICE, "event": EVENT}


def begun(
    cast: Any,
    day: date = date(2026, 11, 20),
    spot: str = "show_flat",
    place: str = "CH-2",
    by: str = "property_clerk",
    **fields: Any,
) -> DayLog:
    """A draft with contents."""
    instalment = cast.instalments.get(place)
    project = instalment.project if instalment else cast.projects[place]
    told = {**TOLD[spot], **fields}
    return writing.begin(actor=cast[by], project=project, instalment=instalment, day=day, spot=spot, **told)


def filed(cast: Any, *args: Any, **how: Any) -> DayLog:
    """A log that waits for confirmation."""
    return writing.file_log(log_id=begun(cast, *args, **how).pk, actor=cast.property_clerk)


def confirmed(cast: Any, *args: Any, **how: Any) -> DayLog:
    """A confirmed log."""
    return confirming.confirm(log_id=filed(cast, *args, **how).pk, actor=cast.marketing_handler)


def brought(cast: Any, state: str) -> DayLog:
    """A log in a state."""
    if state == "dropped":
        return writing.drop(log_id=begun(cast).pk, actor=cast.property_clerk, reason="登错日期")
    return {"draft": begun, "filed": filed, "confirmed": confirmed}[state](cast)
