"""The demonstration's tables beside the guide: what must be there before it is told."""

from importlib import import_module

import pytest

from config.story.field import ASSESSMENTS, CONTACTS
from config.story.phases import PHASE_PLANS

PHASES = [(plan, phase) for plan in PHASE_PLANS for phase in plan.phases]


@pytest.mark.parametrize(("plan", "phase"), PHASES, ids=[f"{plan.place}-{phase.phase}" for plan, phase in PHASES])
def test_both_sides_made_contact_before_each_phase_that_has_begun(plan, phase):
    """3.2.2 1): of 一期 and 二期 each for itself."""
    instalment = {"CH-1": "一期", "CH-2": "二期"}.get(plan.place, "")
    days = [
        deed.day
        for deed in CONTACTS
        if deed.place == plan.place[:2] and deed.said["phase"] == phase.phase and deed.said["note"].count(instalment)
    ]
    assert any(day <= phase.started for day in days)


REMARKS = {
    "8 月 19 日样板间保洁不及时": "样板房服务",
    "一次报修超过半小时响应": "业主问题处理",
    "值岗记录缺签名": "现场保安",
    "活动支持人员晚到": "推广活动配合",
    "两次报修回访漏登": "业主问题处理",
}


def test_a_remark_of_an_assessment_stands_under_the_item_that_it_speaks_of():
    criteria = import_module("intervention.migrations.0007_assess_checklist").CRITERIA
    sides = {title: side for title, _basis, _points, side in criteria}
    told = {}
    for _month, side, _day, taken, _ended in ASSESSMENTS:
        for title, (_points, remark) in taken.items():
            assert sides[title] in ("", side)
            told[remark] = title
    assert told == REMARKS
