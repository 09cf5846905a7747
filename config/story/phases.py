"""The five phases of the demonstration: 一期 gone through and closed, 二期 in marketing with guards early on the site, 云锦府
in planning. Literal tables, made real by ``config.telling_phases``; every day of an act is a working day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from config.story.shapes import Paper

SURVEY_FILER = "service_handler"


@dataclass(frozen=True, slots=True)
class Result:
    """A result: filed on a day with its file, signed in the half days after it.

    ``pages`` is where each required content stands; ``returned`` sends it back once with an opinion and it is filed again the
    next half day; ``waits_for`` is the post that has not signed yet, "filing" for a draft that nobody has submitted.
    """

    key: str
    filed: date
    pages: tuple[str, ...]
    by: str = "property_clerk"
    returned: tuple[str, str] | None = None
    waits_for: str = ""


@dataclass(frozen=True, slots=True)
class PhaseStory:
    """A phase: started on a day, its work ticked off on days, its results, closed on a day."""

    phase: str
    started: date
    by: str
    reason: str = ""
    # Day → keys of rows, without the phase's own name.
    ticked: dict[date, tuple[str, ...]] = field(default_factory=dict)
    waived: dict[str, tuple[date, str]] = field(default_factory=dict)
    results: tuple[Result, ...] = ()
    closed: tuple[date, str] | None = None


@dataclass(frozen=True, slots=True)
class PlanStory:
    """A plan: laid out on a day for an instalment or a project, then its phases. ``moved``: anchors that moved, when and why."""

    place: str
    laid_out: date
    by: str
    phases: tuple[PhaseStory, ...]
    moved: tuple[date, str, dict[str, date], str] | None = None


def paper(result: Result, title: str, place: str) -> Paper:
    """The file of a result: a sheet of our own drawing."""
    return Paper(f"{title}.pdf", "sheet", (title, place, f"{result.filed:%Y年%m月%d日}", "示例物业服务有限公司"))


# 一期 was accepted long before 二期 will be, and 二期 opens a sales office of its own; else they go by the project's dates.
OWN_DATES: dict[str, tuple[date, dict[str, date]]] = {
    "CH-1": (date(2024, 3, 1), {"completion_acceptance_on": date(2026, 1, 20)}),
    "CH-2": (date(2026, 4, 8), {"sales_office_opens_on": date(2026, 8, 8)}),
}

CH_1 = PlanStory(
    "CH-1",
    date(2024, 3, 4),
    "service_handler",
    (
        PhaseStory(
            "planning",
            date(2024, 3, 4),
            "service_handler",
            ticked={
                date(2024, 3, 29): ("work_plan",),
                date(2024, 7, 12): ("survey",),
                date(2024, 10, 18): ("design", "model"),
            },
            results=(
                Result("positioning_survey", date(2024, 7, 16), ("3–11", "12–15", "16")),
                Result("detail_proposals", date(2024, 10, 22), ("2–9", "10–18", "19–22")),
            ),
            closed=(date(2024, 11, 8), "department_head"),
        ),
        PhaseStory(
            "marketing",
            date(2024, 11, 15),
            "marketing_handler",
            ticked={
                date(2024, 11, 15): ("work_plan",),
                date(2025, 1, 14): ("promises", "guards"),
                date(2025, 8, 29): ("signing", "sales_office", "show_flat", "events"),
            },
            results=(
                Result(
                    "management_plan",
                    date(2024, 11, 18),
                    ("2–5", "6–8", "9–13", "14–20", "21–24", "25–29"),
                    returned=("marketing_head", "管理费测算缺少周边项目对比，请补充后重报。"),
                ),
                Result("interim_covenant", date(2025, 1, 8), ("第二章", "第三章", "第四章", "第六章")),
                Result("move_in_plan", date(2025, 12, 24), ("2", "3–4", "5", "6–8", "9–15")),
            ),
            closed=(date(2025, 9, 5), "marketing_head"),
        ),
        PhaseStory(
            "engineering",
            date(2025, 9, 1),
            "service_handler",
            ticked={date(2025, 9, 1): ("guards",), date(2026, 1, 16): ("patrols", "meetings")},
            results=(
                Result("unit_quality_report", date(2026, 1, 12), ("1–2", "3–41", "42–44")),
                Result("common_area_patrol_report", date(2026, 1, 13), ("1", "2–12", "13")),
                Result("defect_list", date(2026, 1, 14), ("1–6", "1–6", "7")),
            ),
            closed=(date(2026, 1, 20), "service_head"),
        ),
        PhaseStory(
            "handover",
            date(2025, 10, 20),
            "service_handler",
            ticked={
                date(2025, 10, 20): ("reserve",),
                date(2026, 1, 15): ("training", "files"),
                date(2026, 2, 9): ("equipment", "inspection", "problems", "repairs", "transfer"),
            },
            results=(
                Result("facility_acceptance", date(2026, 2, 2), ("1–9", "10–14", "15")),
                Result("open_issues", date(2026, 2, 4), ("1–3", "4", "5")),
                Result("building_handover", date(2026, 2, 9), ("1–22", "23–24", "25")),
                Result("key_handover", date(2026, 2, 10), ("1–8", "9")),
            ),
            closed=(date(2026, 2, 12), "service_head"),
        ),
        PhaseStory(
            "move_in",
            date(2026, 1, 4),
            "service_handler",
            ticked={
                date(2026, 1, 29): ("centre", "training", "supplies", "papers"),
                date(2026, 3, 6): ("service",),
                date(2026, 3, 25): ("survey",),
            },
            results=(
                Result("move_in_papers", date(2026, 1, 28), ("1–2", "3")),
                Result("satisfaction_survey", date(2026, 3, 26), ("1", "2–7", "8"), by=SURVEY_FILER),
            ),
            closed=(date(2026, 3, 31), "service_head"),
        ),
    ),
)

CH_2 = PlanStory(
    "CH-2",
    date(2026, 4, 9),
    "service_handler",
    (
        PhaseStory(
            "planning",
            date(2026, 4, 9),
            "service_handler",
            ticked={date(2026, 4, 24): ("work_plan",), date(2026, 5, 22): ("survey", "design", "model")},
            results=(
                Result("positioning_survey", date(2026, 5, 25), ("3–8", "9–10", "11")),
                Result("detail_proposals", date(2026, 5, 27), ("2–6", "7–12", "13–14")),
            ),
            closed=(date(2026, 6, 5), "department_head"),
        ),
        PhaseStory(
            "marketing",
            date(2026, 6, 8),
            "marketing_handler",
            ticked={date(2026, 6, 10): ("work_plan",), date(2026, 7, 1): ("promises", "guards")},
            results=(
                Result(
                    "management_plan",
                    date(2026, 6, 11),
                    ("2–5", "6–7", "8–12", "13–19", "20–22", "23–27"),
                    returned=("marketing_head", "二期会所的服务标准未写明，请补充。"),
                ),
                Result(
                    "interim_covenant",
                    date(2026, 11, 18),
                    ("第二章", "第三章", "第四章", "第六章"),
                    waits_for="filing",
                ),
            ),
        ),
        PhaseStory(
            "engineering",
            date(2026, 10, 12),
            "service_handler",
            reason="二期主体施工已进场，材料堆场先行安排秩序维护岗，其余工作仍按计划启动。",
            ticked={date(2026, 10, 14): ("guards",)},
        ),
    ),
)

YJ = PlanStory(
    "YJ",
    date(2025, 5, 8),
    "yj_service_handler",
    (
        PhaseStory(
            "planning",
            date(2025, 5, 8),
            "yj_service_handler",
            ticked={date(2025, 6, 6): ("work_plan",), date(2026, 9, 18): ("survey",)},
            results=(
                Result("positioning_survey", date(2026, 9, 22), ("2–9", "10–12", "13"), by="yj_property_clerk"),
                Result(
                    "detail_proposals",
                    date(2026, 11, 16),
                    ("2–7", "8–11", "12"),
                    by="yj_property_clerk",
                    waits_for="filing",
                ),
            ),
        ),
    ),
    # The sales office opens later than was planned, and the plan follows.
    moved=(
        date(2026, 2, 5),
        "sales_office_opens_on",
        {"sales_office_opens_on": date(2027, 4, 28)},
        "方案调整，售楼处开放时间顺延",
    ),
)

PHASE_PLANS: tuple[PlanStory, ...] = (CH_1, CH_2, YJ)
