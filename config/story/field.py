"""What was written down in the field: first contacts, patrols and inspections with their findings, meetings, guard posts, day logs, advice,
the survey, promises, the agreement, assessments. Literal tables, made real by ``config.telling_field``.

A deed names its day, who does it, what (a verb of ``config.telling_field``), where, and what is said; ``mark`` names what it
made, ``on`` what it is done to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Any

from config.story.shapes import Paper

PM, CLERK, ENGINEER, REVIEWER = "property_project_manager", "property_clerk", "project_engineer", "design_reviewer"
MARKETING, SERVICE = "marketing_handler", "service_handler"


@dataclass(frozen=True, slots=True)
class Deed:
    """One act in the field; ``minute`` after nine, so that what belongs together comes in order."""

    day: date
    minute: int
    who: str
    what: str
    place: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)
    mark: str = ""
    on: str = ""


def _found(day: date, minute: int, visit: str, mark: str, place: str, *cells: str) -> Deed:
    names = ("area", "building", "floor", "unit", "part", "trade", "severity", "description")
    return Deed(day, minute, CLERK, "found", place, dict(zip(names, cells, strict=True)), mark, visit)


# --- both sides make contact before a phase begins (3.2.2 1)) --------------------------------------------------------------
_DEPARTMENTS = {
    "planning": ("设计管理部", "项目服务中心"),
    "marketing": ("营销客服部", "项目服务中心"),
    "engineering": ("项目部", "工程维修部"),
    "handover": ("项目部", "工程维修部"),
    "move_in": ("营销客服部", "项目服务中心"),
}


def _contact(day: date, place: str, phase: str, note: str, by: str = SERVICE) -> Deed:
    developer, company = _DEPARTMENTS[phase]
    said = {"phase": phase, "developer_department": developer, "property_department": company, "note": note}
    return Deed(day, 1, by, "contact", place, said)


CONTACTS = (
    _contact(date(2024, 3, 4), "CH", "planning", "一期：商定前期介入工作方案和调研分工"),
    _contact(date(2024, 11, 14), "CH", "marketing", "一期：售楼处和样板间的岗位、保洁和接待"),
    _contact(date(2025, 8, 28), "CH", "engineering", "一期：巡查安排和工地秩序维护岗"),
    _contact(date(2025, 10, 16), "CH", "handover", "一期：两次查验的时间和资料移交"),
    _contact(date(2025, 12, 30), "CH", "move_in", "一期：设立客服中心，集中入住现场分工"),
    _contact(date(2026, 4, 8), "CH", "planning", "二期：设计评审和周边调研"),
    _contact(date(2026, 6, 5), "CH", "marketing", "二期：楼书内容确认，售楼处岗位"),
    _contact(date(2026, 10, 9), "CH", "engineering", "二期：材料堆场先行安排秩序维护岗"),
    _contact(date(2025, 5, 7), "YJ", "planning", "云锦府：商定前期介入工作方案", "yj_service_handler"),
)

# --- 一期: two inspections before it was handed over (3.1.4) ---------------------------------------------------------------
FIRST = (
    Deed(date(2025, 12, 3), 0, PM, "visit", "CH-1", {
        "day": date(2025, 12, 3), "kind": "inspection", "trades": ["civil", "waterproofing", "openings"],
        "participants": "周建民、林晓燕、傅堃", "note": "首次查验：1–4 栋公共部位和抽检 40 户"}, "inspection-1"),
    _found(date(2025, 12, 3), 60, "inspection-1", "leak", "CH-1", "unit", "2栋", "12层", "1201", "主卧飘窗", "waterproofing",
           "major", "淋水试验后窗角渗水，墙面起皮"),
    _found(date(2025, 12, 3), 70, "inspection-1", "door", "CH-1", "public", "1栋", "1层", "", "大堂入户门", "openings", "minor",
           "闭门器失效，门扇碰框"),
    Deed(date(2025, 12, 4), 0, CLERK, "hand", said={"responsible": "总包单位", "due_on": date(2025, 12, 31)}, on="leak"),
    Deed(date(2025, 12, 4), 5, CLERK, "hand", said={"responsible": "门窗分包", "due_on": date(2025, 12, 19)}, on="door"),
    Deed(date(2025, 12, 18), 30, ENGINEER, "fix", said={"note": "更换闭门器并调校"}, on="door"),
    Deed(date(2025, 12, 29), 20, ENGINEER, "photo", said={
        "paper": Paper("窗边防水.png", "photo", ("2 栋 1201 窗边防水重做",)), "role": "after"}, on="leak"),
    Deed(date(2025, 12, 29), 30, ENGINEER, "fix", said={"note": "剔凿重做窗边防水"}, on="leak"),
    Deed(date(2026, 1, 14), 0, PM, "visit", "CH-1", {
        "day": date(2026, 1, 14), "kind": "inspection", "trades": ["civil", "waterproofing", "openings", "lifts", "fire"],
        "participants": "周建民、林晓燕、傅堃", "note": "第二次查验：复查首次问题，电梯和消防联动试运行"}, "inspection-2"),
    Deed(date(2026, 1, 14), 90, CLERK, "close", said={"note": "淋水两小时无渗漏"}, on="leak"),
    Deed(date(2026, 1, 14), 95, CLERK, "close", said={"note": "闭合正常"}, on="door"),
)  # fmt: skip

# --- 二期: advice, survey, promises, logs, guards, patrols ------------------------------------------------------------------
_ESTATES = (
    ("湖畔名邸", "安居物业", "0.8", "高层住宅", "2.60", "70", "二级"),
    ("翡翠湾", "嘉和物业", "1.5", "高层住宅", "2.95", "80", "准一级"),
    ("云栖里", "良友物业", "2.2", "洋房", "3.60", "100", "一级"),
    ("新城国际", "新城服务", "3.1", "高层住宅", "2.20", "", "三级"),
)
SECOND = (
    *(
        Deed(date(2026, 5, 14), n, PM, "survey", "CH-2", {
            "estate": estate, "company": company, "distance": Decimal(km), "house_type": kind, "fee": Decimal(fee),
            "parking": Decimal(parking) if parking else None, "level": level, "source": "现场公示牌",
            "surveyed_on": date(2026, 5, 13)})
        for n, (estate, company, km, kind, fee, parking, level) in enumerate(_ESTATES)
    ),
    Deed(date(2026, 5, 18), 0, PM, "advise", "CH-2", {
        "topic": "layout", "drawing": "总平面图 A-02", "suggestion": "垃圾集中点移至地库坡道旁，设独立冲洗",
        "reason": "避开主入口视线，减少清运车辆进出人行区", "proposed_on": date(2026, 5, 18), "estimate": Decimal(120000)},
        "refuse"),
    Deed(date(2026, 5, 18), 5, PM, "advise", "CH-2", {
        "topic": "function", "drawing": "地库机电 E-11", "suggestion": "充电车位集中布置并预留扩容桥架",
        "reason": "便于消防分区和后期管理", "proposed_on": date(2026, 5, 18), "risk": "后期零散增设的消防隐患"}, "charging"),
    Deed(date(2026, 5, 19), 0, PM, "advise", "CH-2", {
        "topic": "model", "suggestion": "一、二期合并管理，设管家制和一个客服中心",
        "reason": "两期共用出入口和会所，合并后少设一个中控室", "proposed_on": date(2026, 5, 19)}, "model"),
    Deed(date(2026, 5, 26), 10, REVIEWER, "adopt", said={"answer": "已纳入施工图", "saved": Decimal(98000)}, on="refuse"),
    Deed(date(2026, 5, 26), 15, REVIEWER, "decline", said={"reason": "桥架已满足规范，扩容另行论证"}, on="charging"),
    Deed(date(2026, 5, 26), 20, REVIEWER, "adopt", said={"answer": "同意合并管理"}, on="model"),
    Deed(date(2026, 11, 2), 20, PM, "log", "CH-2", {
        "day": date(2026, 11, 2), "spot": "sales_office", "exchanged": "客户多问物业费标准和会所开放时间",
        "introductions": 4, "introduced": "会所与管家服务"}, "log-1"),
    Deed(date(2026, 11, 2), 40, PM, "log", "CH-2", {
        "day": date(2026, 11, 2), "spot": "show_flat", "cleanings": 3, "goods": "沙盘、饰品", "goods_count": 42,
        "guarding": "两岗轮值", "visitors": 26}, "log-2"),
    Deed(date(2026, 11, 16), 20, CLERK, "log", "CH-2", {
        "day": date(2026, 11, 16), "spot": "show_flat", "cleanings": 3, "goods": "沙盘、饰品", "goods_count": 42,
        "guarding": "两岗轮值", "visitors": 31}, "log-3"),
    *(Deed(date(2026, 11, 3), 10 + n, PM, "file", on=f"log-{n}") for n in (1, 2)),
    Deed(date(2026, 11, 17), 10, CLERK, "file", on="log-3"),
    *(Deed(date(2026, 11, 4), 10 + n, MARKETING, "confirm", on=f"log-{n}") for n in (1, 2)),
    *(
        Deed(date(2026, 11, day), 5, CLERK, "guard", "CH-2", {
            "phase": phase, "day": date(2026, 11, day), "name": name, "shift": "day", "heads": heads,
            "from_time": time(8), "to_time": time(20)})
        for day in (2, 3, 4)
        for phase, name, heads in (("engineering", "二期材料堆场", 2), ("marketing", "售楼处大堂", 1))
    ),
    Deed(date(2026, 11, 5), 0, PM, "meeting", "CH-2", {
        "kind": "coordination", "day": date(2026, 11, 5), "where": "项目部会议室", "attendance": "傅堃、周建民、总包单位",
        "decisions": "二期地库顶板防水完成后通知物业公司旁站"}, "meeting"),
    Deed(date(2026, 11, 5), 10, PM, "resolve", "CH-2", {
        "text": "提前两天通知地库顶板闭水试验时间", "doer": "总包单位", "due_on": date(2026, 11, 27)}, "action", "meeting"),
    Deed(date(2026, 11, 10), 0, PM, "visit", "CH-2", {
        "day": date(2026, 11, 10), "kind": "patrol", "trades": ["civil", "waterproofing", "plumbing"],
        "participants": "周建民、林晓燕", "note": "二期 5、6 栋主体和地库"}, "patrol"),
    _found(date(2026, 11, 10), 30, "patrol", "crack", "CH-2", "public", "6栋", "地下一层", "", "地库顶板", "civil", "major",
           "后浇带旁有贯通裂缝，长约 1.2 米"),
    _found(date(2026, 11, 10), 35, "patrol", "pipe", "CH-2", "public", "5栋", "3层", "", "水井管根", "plumbing", "minor",
           "套管未封堵"),
    Deed(date(2026, 11, 10), 60, CLERK, "photo", said={
        "paper": Paper("现场.png", "photo", ("6 栋地库顶板裂缝",)), "role": "before"}, on="crack"),
    Deed(date(2026, 11, 11), 0, CLERK, "hand", said={"responsible": "总包单位", "due_on": date(2026, 11, 20)}, on="crack"),
    Deed(date(2026, 11, 11), 5, CLERK, "hand", said={"responsible": "水电分包", "due_on": date(2026, 11, 25)}, on="pipe"),
    Deed(date(2026, 11, 18), 0, ENGINEER, "fix", said={"note": "套管已封堵"}, on="pipe"),
    Deed(date(2026, 11, 12), 40, PM, "promise_found", "CH", {
        "channel": "sales_office", "place": "沙盘旁展板", "subject": "club", "wording": "会所终身免费使用",
        "since_on": date(2026, 11, 10)}),
)  # fmt: skip

# --- papers and assessments --------------------------------------------------------------------------------------------
AGREEMENT = Deed(date(2025, 12, 8), 0, SERVICE, "paper", "CH", {
    "kind": "service_agreement", "file": "物业服务前期介入协议.pdf",
    "head": {
        "subject": "翠湖花园物业服务前期介入协议", "valid_from": "2026-01-01", "valid_to": "2026-12-31",
        "scope": "营销配合、工程巡查、承接查验、集中入住。", "payment_terms": "按月结算，次月 22 日前完成审批。",
        "commission": "按确认成本的 10% 计提管理者佣金"},
    "lines": None})  # fmt: skip
PUBLICITY = Deed(date(2026, 9, 7), 0, MARKETING, "paper", "CH", {
    "kind": "publicity_confirmation", "file": "",
    "head": {"subject": "二期楼书物业服务章节", "channel": "brochure", "from_on": "2026-09-20",
             "text": "二期由示例物业提供管家服务。"},
    "lines": [
        {"subject": "standard", "wording": "24 小时服务热线，30 分钟内响应报修"},
        {"subject": "fee", "wording": "高层住宅物业费不高于 2.80 元/m²·月"}]})  # fmt: skip

# Month, side, opened, points taken off by the item's title with the remark, whether it is closed.
ASSESSMENTS: tuple[tuple[date, str, date, dict[str, tuple[str, str]], bool], ...] = (
    (date(2026, 8, 1), "pre", date(2026, 9, 8), {"样板房服务": ("2", "8 月 19 日样板间保洁不及时")}, True),
    (date(2026, 8, 1), "post", date(2026, 9, 9), {"业主问题处理": ("1", "一次报修超过半小时响应")}, True),
    (date(2026, 9, 1), "pre", date(2026, 10, 13), {"现场保安": ("1", "值岗记录缺签名")}, True),
    (date(2026, 9, 1), "post", date(2026, 10, 14), {}, True),
    (date(2026, 10, 1), "pre", date(2026, 11, 10), {"推广活动配合": ("2", "活动支持人员晚到")}, True),
    # One month's assessment is still open.
    (date(2026, 10, 1), "post", date(2026, 11, 12), {"业主问题处理": ("1", "两次报修回访漏登")}, False),
)

DEEDS: tuple[Deed, ...] = (*CONTACTS, *FIRST, *SECOND, AGREEMENT, PUBLICITY)
