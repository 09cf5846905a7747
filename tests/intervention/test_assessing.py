"""Assessments: what is asked of points, answers and changes, what the database refuses, what verify finds."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from documents import guards, verifying
from documents.models import Notice
from documents.refusals import Blocked, Denied, Invalid, Refused
from documents.wording import notice_text
from intervention.assessing import answering, closing, keeping, reminding, scoring
from intervention.assessing.marks import grade_of, percent_of, plain
from intervention.assessing.opening import open_assessment
from intervention.models import Assessment, AssessmentCriterion, AssessmentScore, GradeBand
from tests.intervention import assessed

pytestmark = pytest.mark.django_db


def test_one_for_each_month_and_side(cast):
    assessed.opened(cast)
    with pytest.raises(Blocked, match="翠湖花园 2026年10月 入伙前（营销小组） 已有考核，请在原考核上办理。"):
        assessed.opened(cast)
    assessed.opened(cast, "post")
    assessed.opened(cast, month=date(2026, 9, 1))
    assert Assessment.objects.count() == 3


@pytest.mark.parametrize(
    ("month", "sentence"),
    [(date(2026, 12, 1), "2026年12月 尚未开始"), (date(2026, 10, 2), "请选择本月或以前的月份")],
)
def test_a_month_that_has_not_begun_is_not_assessed(cast, month, sentence):
    with pytest.raises(Invalid, match=sentence):
        assessed.opened(cast, month=month)


def test_what_a_device_sends_again_is_the_same_assessment(cast):
    how = {"actor": cast.marketing_handler, "project": cast.projects["CH"], "month": assessed.OCTOBER, "side": "pre"}
    assert open_assessment(**how, sent_key="k1").pk == open_assessment(**how, sent_key="k1").pk


def test_an_assessment_keeps_the_checklist_and_grades_of_its_opening(cast):
    row = assessed.opened(cast)
    titles = [item.title for item in row.scores.all()]
    assert titles == [
        "事前报批", "单据和成果质量", "按期办理", "人员到岗和仪容", "售楼处日常服务", "样板房服务", "现场保安", "推广活动配合",
    ]  # fmt: skip
    assert sum(item.maximum for item in row.scores.all()) == Decimal(100)
    first = AssessmentCriterion.objects.get(title="事前报批")
    keeping.edit_criterion(actor=cast.administrator, row=first, points=Decimal(20), title="先批后做")
    keeping.edit_criterion(
        actor=cast.administrator, row=AssessmentCriterion.objects.get(title="样板房服务"), is_active=False
    )
    keeping.save_bands(actor=cast.administrator, bands=[(60, "过关"), (0, "不过关")])
    kept = Assessment.objects.get(pk=row.pk)
    assert [item.title for item in kept.scores.all()] == titles
    assert kept.bands == [[90, "优"], [80, "良"], [70, "合格"], [0, "不合格"]]
    later = assessed.opened(cast, month=date(2026, 9, 1))
    assert [item.title for item in later.scores.all()] == ["先批后做", *titles[1:5], *titles[6:]]
    assert later.bands == [[60, "过关"], [0, "不过关"]]


def test_a_company_has_items_of_its_own(cast):
    own, other = cast.projects["CH"].property_company, cast.projects["WB"].property_company
    for company, title in ((own, "会所活动"), (other, "别家项目")):
        keeping.add_criterion(
            actor=cast.administrator, title=title, basis="合同附件", points=Decimal(5), side="pre", company=company
        )
    titles = {item.title for item in assessed.opened(cast).scores.all()}
    assert "会所活动" in titles
    assert "别家项目" not in titles


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        ("-1", "得分「-1」不对，请填 0 至 15，最多一位小数"),
        ("15.1", "得分「15.1」不对"),
        ("3.25", "得分「3.25」不对"),
        ("十", "得分「十」不对"),
        ("1e1", None),
        ("NaN", "得分「NaN」不对"),
        ("Infinity", "得分「Infinity」不对"),
        ("99999999999", "得分「99999999999」不对"),
        ("12", "有扣分，请写明扣分原因"),
        ("15", None),
        ("", None),
    ],
)
def test_points_lie_within_the_item_and_a_deduction_says_why(cast, points, sentence):
    row = assessed.opened(cast)
    item = row.scores.first()
    # 1e1 is ten: a deduction, with its reason here.
    sent = [{"item": item.pk, "points": points, "remark": "缺岗" if points == "1e1" else ""}]
    if sentence:
        with pytest.raises(Invalid, match=sentence) as refused:
            scoring.score(assessment_id=row.pk, actor=cast.marketing_handler, scores=sent)
        assert "第 1 项「事前报批」" in str(refused.value)
    else:
        scoring.score(assessment_id=row.pk, actor=cast.marketing_handler, scores=sent)


def test_all_faults_are_told_at_once_and_nothing_is_kept(cast):
    row = assessed.opened(cast)
    one, two, three = row.scores.all()[:3]
    sent = [
        {"item": one.pk, "points": "15"},
        {"item": two.pk, "points": "9"},
        {"item": three.pk, "points": "", "waived": True, "remark": " "},
    ]
    with pytest.raises(Invalid) as refused:
        scoring.score(assessment_id=row.pk, actor=cast.marketing_handler, scores=sent)
    assert refused.value.sentences == [
        "第 2 项「单据和成果质量」：有扣分，请写明扣分原因。",
        "第 3 项「按期办理」：本月不适用，请写明原因。",
    ]
    assert not AssessmentScore.objects.filter(assessment=row, points__isnull=False).exists()
    other = assessed.opened(cast, "post").scores.first()
    for wrong in ([{"item": other.pk, "points": "1"}], [{"item": one.pk}, {"item": one.pk}]):
        with pytest.raises(Invalid, match="不在本考核中，或重复填写"):
            scoring.score(assessment_id=row.pk, actor=cast.marketing_handler, scores=wrong)


def test_nothing_is_handed_in_before_every_item_has_its_points(cast):
    row = assessed.opened(cast)
    sent = assessed.full(row)[2:]
    scoring.score(assessment_id=row.pk, actor=cast.marketing_handler, scores=sent)
    with pytest.raises(Blocked) as refused:
        scoring.hand_in(assessment_id=row.pk, actor=cast.marketing_handler)
    assert refused.value.sentences == ["第 1 项「事前报批」：还没有评分。", "第 2 项「单据和成果质量」：还没有评分。"]
    waived = [{"item": item.pk, "waived": True, "remark": "停工"} for item in row.scores.all()]
    scoring.score(assessment_id=row.pk, actor=cast.marketing_handler, scores=waived)
    with pytest.raises(Blocked, match="全部项目都注明本月不适用"):
        scoring.hand_in(assessment_id=row.pk, actor=cast.marketing_handler)


def test_a_month_is_handed_in_from_its_last_day_on(cast, fixed_clock):
    row = assessed.opened(cast, month=date(2026, 11, 1))
    scoring.score(assessment_id=row.pk, actor=cast.marketing_handler, scores=assessed.full(row))
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 29))
    with pytest.raises(Denied, match="本月尚未结束，2026-11-30 起可以提交评分"):
        scoring.hand_in(assessment_id=row.pk, actor=cast.marketing_handler)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 30))
    assert scoring.hand_in(assessment_id=row.pk, actor=cast.marketing_handler).state == "scored"


@pytest.mark.parametrize(
    ("points", "maximum", "percent", "grade"),
    [
        ("90", "100", "90.0", "优"),
        ("89.9", "100", "89.9", "良"),
        # 89.95 is shown as 90.0 and called what is shown.
        ("179.9", "200", "90.0", "优"),
        ("80", "100", "80.0", "良"),
        ("79.9", "100", "79.9", "合格"),
        ("70", "100", "70.0", "合格"),
        ("69.9", "100", "69.9", "不合格"),
        ("0", "100", "0.0", "不合格"),
        ("1", "3", "33.3", "不合格"),
        ("2", "3", "66.7", "不合格"),
    ],
)
def test_percent_and_grade(points, maximum, percent, grade):
    found = percent_of(Decimal(points), Decimal(maximum))
    assert str(found) == percent
    assert grade_of(found, [[90, "优"], [80, "良"], [70, "合格"], [0, "不合格"]]) == grade


def test_points_are_written_without_a_needless_decimal():
    assert [plain(value) for value in (None, Decimal("10.0"), Decimal("9.5"), Decimal(0))] == ["", "10", "9.5", "0"]


def test_what_does_not_apply_counts_neither_way(cast):
    row = assessed.opened(cast)
    sent = assessed.full(row, p1="9")
    sent[7] = {"item": sent[7]["item"], "waived": True, "remark": "本月没有推广活动"}
    scoring.score(assessment_id=row.pk, actor=cast.marketing_handler, scores=sent)
    marks = Assessment.objects.get(pk=row.pk).marks
    assert (marks.points, marks.maximum, str(marks.percent), marks.grade) == (84, 90, "93.3", "优")


def test_an_objection_is_answered_and_points_changed_with_a_reason(cast):
    row = assessed.objected(cast, p3="5", p4="10")
    third, fourth = (item.pk for item in row.scores.all()[2:4])
    head = cast.marketing_head

    def refused(**how):
        with pytest.raises(Refused) as found:
            closing.close(assessment_id=row.pk, actor=head, **how)
        return found.value.sentences

    assert refused() == ["物业公司有异议，请填写办结意见予以答复。"]
    assert refused(conclusion="核实", changes=[{"item": third, "points": "5", "reason": "x"}]) == [
        "第 3 项「按期办理」：请填写与原得分不同的得分，或不要调整此项。"
    ]
    assert refused(conclusion="核实", changes=[{"item": third, "points": "10"}, {"item": fourth, "points": "16"}]) == [
        "第 3 项「按期办理」：调整得分请写明原因。",
        "第 4 项「人员到岗和仪容」：得分「16」不对，请填 0 至 15，最多一位小数。",
    ]
    change = [{"item": third, "points": "9.5", "reason": "停电有物业工程部记录"}]
    closing.close(assessment_id=row.pk, actor=head, conclusion="第 3 项予以调整，其余维持。", changes=change)
    shown = Assessment.objects.get(pk=row.pk)
    assert (shown.state, shown.marks.points, str(shown.marks.percent)) == ("closed", Decimal("94.5"), "94.5")
    item = shown.scores.get(pk=third)
    assert (item.points, item.final, item.final_reason) == (5, Decimal("9.5"), "停电有物业工程部记录")
    assert list(verifying.differences()) == []


def test_an_accepted_score_is_closed_as_it_is(cast):
    row = assessed.accepted(cast)
    change = [{"item": row.scores.first().pk, "points": "1", "reason": "改"}]
    with pytest.raises(Invalid, match="物业公司对本次评分没有异议，不能再调整得分。"):
        closing.close(assessment_id=row.pk, actor=cast.marketing_head, changes=change)
    assert closing.close(assessment_id=row.pk, actor=cast.marketing_head).conclusion == ""


def test_who_handed_it_in_does_not_close_it(cast):
    from organization import appointing
    from organization.posts import Post

    appointing.appoint(
        actor=None, person=cast.marketing_handler, post=Post.MARKETING_HEAD, project=cast.projects["CH"],
        starts_on=date(2026, 1, 1),
    )  # fmt: skip
    row = assessed.accepted(cast)
    with pytest.raises(Denied, match="此考核由您评分提交，须由其他负责人办结。"):
        closing.close(assessment_id=row.pk, actor=cast.marketing_handler)


def test_an_objection_says_what_it_objects_to(cast):
    row = assessed.scored(cast)
    with pytest.raises(Invalid, match="请写明对哪些项目有异议和理由"):
        answering.object_to(assessment_id=row.pk, actor=cast.property_project_manager, text="  ")


def test_each_step_is_told_to_whose_turn_it_is(cast):
    row = assessed.objected(cast, p1="5")
    closing.close(assessment_id=row.pk, actor=cast.marketing_head, conclusion="维持")
    told = {
        (notice.code, notice.recipient.username, notice_text(notice))
        for notice in Notice.objects.filter(code__startswith="assessment.").select_related("recipient")
    }
    place = "翠湖花园 2026-10 入伙前（营销小组） 考核"
    assert told == {
        ("assessment.handed_in", "property_project_manager", f"{place} 90.0 分，请答复"),
        ("assessment.objected", "marketing_head", f"{place}物业有异议，请复核办结"),
        ("assessment.objected", "marketing_handler", f"{place}物业有异议，请复核办结"),
        ("assessment.closed", "property_project_manager", f"{place}已办结：90.0 分"),
        ("assessment.closed", "marketing_handler", f"{place}已办结：90.0 分"),
    }


def test_only_who_can_close_is_asked_to_close_what_was_accepted(cast):
    assessed.accepted(cast)
    told = Notice.objects.filter(code="assessment.accepted").values_list("recipient__username", flat=True)
    assert list(told) == ["marketing_head"]


def sql(text, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(text, values)


def test_the_database_refuses_what_no_verb_would_do(cast):
    draft, done = assessed.opened(cast, "post"), assessed.closed(cast, p1="10")
    objected = assessed.objected(cast, month=date(2026, 9, 1), p1="10")
    table, scores = "UPDATE intervention_assessment SET", "UPDATE intervention_assessmentscore SET"
    refused = [
        (f"{table} state = 'closed' WHERE id = %s", draft.pk),
        (f"{table} month = '2026-08-01' WHERE id = %s", draft.pk),
        (f"{table} side = 'pre' WHERE id = %s", draft.pk),
        (f"{table} bands = '[]' WHERE id = %s", draft.pk),
        (f"{table} facts = '{{}}' WHERE id = %s", done.pk),
        (f"{table} answer = 'objected', answer_text = 'x' WHERE id = %s", done.pk),
        (f"{table} conclusion = 'x' WHERE id = %s", done.pk),
        # not every item has its points
        (
            f"{table} state = 'scored', facts = '{{}}', handed_in_by_id = %s, handed_in_at = %s WHERE id = %s",
            cast.service_handler.pk, "2026-11-01", draft.pk,
        ),
        ("DELETE FROM intervention_assessment WHERE id = %s", draft.pk),
        (f"{scores} points = 0, remark = 'x' WHERE assessment_id = %s", done.pk),
        (f"{scores} points = 0, remark = 'x' WHERE assessment_id = %s", objected.pk),
        (f"{scores} final = 0, final_reason = 'x' WHERE assessment_id = %s", done.pk),
        (f"{scores} final = 0, final_reason = 'x' WHERE assessment_id = %s", draft.pk),
        (f"{scores} final = 0 WHERE assessment_id = %s", objected.pk),
        (f"{scores} points = maximum + 1 WHERE assessment_id = %s", draft.pk),
        (f"{scores} points = 0 WHERE assessment_id = %s", draft.pk),
        (f"{scores} maximum = 1 WHERE assessment_id = %s", draft.pk),
        ("DELETE FROM intervention_assessmentscore WHERE assessment_id = %s", draft.pk),
        ("DELETE FROM intervention_assessmentcriterion",),
    ]  # fmt: skip
    for text, *values in refused:
        with pytest.raises(IntegrityError):
            sql(text, *values)
    assert list(verifying.differences()) == []


def test_verify_finds_what_was_changed_behind_the_verbs(cast):
    row = assessed.closed(cast, p1="10")
    item = row.scores.first()
    tampered = {
        f"UPDATE intervention_assessment SET month = '2026-09-01' WHERE id = {row.pk}": f"intervention_assessment {row.pk} month",
        f"UPDATE intervention_assessmentscore SET points = 150 WHERE id = {item.pk}": f"intervention_assessment {row.pk} scores",
        f"UPDATE intervention_assessment SET facts = '{{}}' WHERE id = {row.pk}": f"intervention_assessment {row.pk} facts",
    }  # fmt: skip
    for text, line in tampered.items():
        with transaction.atomic():
            guards.uninstall()
            sql(text)
            guards.install()
            found = list(verifying.differences())
            transaction.set_rollback(True)
        assert line in found, (text, found)
    assert list(verifying.differences()) == []


@pytest.mark.parametrize(
    ("bands", "sentence"),
    [
        ([(90, "优"), (10, "差")], "最低一级须从 0 分起"),
        ([], "最低一级须从 0 分起"),
        ([(90, "优"), (90, "良"), (0, "差")], "起分和名称都不能重复"),
        ([(90, "优"), (80, "优"), (0, "差")], "起分和名称都不能重复"),
        ([(101, "优"), (0, "差")], "起分须在 0 至 100 之间"),
        ([(90, " "), (0, "差")], "请填写等级名称"),
    ],
)
def test_grades_cover_every_percent_once(cast, bands, sentence):
    with pytest.raises(Invalid, match=sentence):
        keeping.save_bands(actor=cast.administrator, bands=bands)
    assert list(GradeBand.objects.values_list("start", "word")) == [(90, "优"), (80, "良"), (70, "合格"), (0, "不合格")]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"points": Decimal(0)}, "满分须在 1 至 100 之间"),
        ({"points": Decimal("100.1")}, "满分须在 1 至 100 之间"),
        ({"points": Decimal("1.25")}, "满分须在 1 至 100 之间，最多一位小数"),
        ({"title": ""}, "请填写考核项目，一行以内"),
        ({"basis": "甲\n乙"}, "请填写依据和标准，一行以内"),
        ({"title": "按期办理"}, "已有考核项目「按期办理」，不能重复"),
        ({"side": "both"}, "请选择入伙前、入伙后或两者"),
    ],
)
def test_the_checklist_stays_sound(cast, changes, sentence):
    row = AssessmentCriterion.objects.get(title="事前报批")
    with pytest.raises(Invalid, match=sentence):
        keeping.edit_criterion(actor=cast.administrator, row=row, **changes)


def test_who_lets_the_days_for_an_answer_pass_is_reminded_passed_over_and_told(cast, fixed_clock):
    """Handed in on Thursday 12 November: five working days end on Thursday 19 November, 2026."""
    row = assessed.unanswered(cast)

    def told(username):
        reminding.remind()
        mine = Notice.objects.filter(recipient=cast[username], code__startswith="assessment.").order_by("pk")
        return [notice_text(notice) for notice in mine]

    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 16))
    assert [text for text in told("property_project_manager") if "前答复" in text] == []
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 17))
    assert "考核请于 2026-11-19 前答复" in told("property_project_manager")[-1]
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 19, 23))
    with pytest.raises(Denied, match="可答复至 2026-11-19（含当日）"):
        answering.pass_over(assessment_id=row.pk, actor=cast.marketing_head)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 20))
    assert "考核逾期未答复" in told("marketing_head")[-1]
    assert len(told("marketing_head")) == len(told("marketing_head"))
    answering.pass_over(assessment_id=row.pk, actor=cast.marketing_head)
    with pytest.raises(Denied, match="不能答复"):
        answering.object_to(assessment_id=row.pk, actor=cast.property_project_manager, text="来不及了")
    assert "考核期限内未答复，已按所评得分处理" in told("property_project_manager")[-1]
    with pytest.raises(Invalid, match="不能再调整得分"):
        closing.close(
            assessment_id=row.pk, actor=cast.marketing_head, conclusion="改", changes=[
                {"item": row.scores.first().pk, "points": "1", "reason": "改"}
            ],
        )  # fmt: skip
    done = closing.close(assessment_id=row.pk, actor=cast.marketing_head)
    assert (done.state, done.get_answer_display(), done.answered_by) == ("closed", "期限内未答复", cast.marketing_head)
    assert list(verifying.differences()) == []
