"""Shared staff over the instalments of a project: one form per instalment, all or nothing, changed in one place only."""

from datetime import date
from decimal import Decimal

import pytest

from budgets.confirming import save_completion
from budgets.copying import left_out_of_copy
from budgets.drafting import LinesRefused, check_rows, copy_last_month, save_lines
from budgets.models import Split, WorkLine
from budgets.shared_lines import of_month
from budgets.splitting import share_anew, share_lines
from documents import circulation, verifying
from documents.models import Document
from documents.refusals import Blocked, Conflict, Denied, Invalid
from documents.vocabulary import Kind
from tests import forms
from tests.budgets.sharing import SIXTY_FORTY, STAFF, amounts, form_of, split, staffing_plan

pytestmark = pytest.mark.django_db

DECEMBER = forms.DECEMBER


def submit(document, actor=None):
    return circulation.submit(document_id=document.pk, actor=actor or document.creator)


def grid(document):
    """The whole lines of a form as the page posts them."""
    return [
        {"id": line.key, "department_name": line.department_name, "subject": line.subject, "quantity": str(line.quantity),
         "wage": str(line.wage), "social_insurance": str(line.social_insurance), "benefits": str(line.benefits)}
        for line in document.work_lines.filter(split=None)
    ]  # fmt: skip


def whole_rows(split, **other):
    """The split's whole lines as typed rows; ``other`` cells by post."""
    found = {line.split_key: line for line in split.lines.all()}
    rows = [
        {"id": key, "department_name": line.department_name, "subject": line.subject, "quantity": str(line.quantity),
         "wage": str(line.wage), "social_insurance": str(line.social_insurance), "benefits": str(line.benefits)}
        | other.get(line.subject, {})
        for key, line in sorted(found.items(), key=lambda pair: pair[1].position)
    ]  # fmt: skip
    return check_rows(Kind.STAFFING_PLAN, rows)


# --- splitting ---------------------------------------------------------------------------------------------------------
def test_each_instalment_gets_its_part_in_a_form_of_its_own(cast):
    source = staffing_plan(cast)
    split(cast, source)

    # 9,800.00 and 9,999.99 at 60 and 40 %; the guard posts stay where they are.
    assert amounts("CH-1") == {"项目主管": Decimal("5880.00"), "维修工": Decimal("5999.99")}
    assert amounts("CH-2") == {
        "门岗保安": Decimal("27000.00"),
        "项目主管": Decimal("3920.00"),
        "维修工": Decimal("4000.00"),
    }
    one, two = form_of("CH-1"), form_of("CH-2")
    assert (one.amount, two.amount) == (Decimal("11879.99"), Decimal("34920.00"))
    assert two == source
    assert (one.side, two.side) == ("post", "pre")
    line = one.work_lines.get(subject="维修工")
    assert (line.quantity, line.wage, line.price, line.share) == (3, Decimal("3333.33"), Decimal("3333.33"), 6000)
    assert list(verifying.differences()) == []


def test_the_form_that_the_lines_come_from_need_take_no_part(cast):
    staffing_plan(cast, instalment="CH-1", lines=STAFF[2:])
    source = staffing_plan(cast, lines=STAFF)
    cast.instalments["CH-3"] = type(source.instalment).objects.create(project=source.project, code="CH-3", name="三期")
    split(cast, source, shares={"CH-1": 5000, "CH-3": 5000})

    assert amounts("CH-2") == {"门岗保安": Decimal("27000.00")}
    assert amounts("CH-1")["项目主管"] == amounts("CH-3")["项目主管"] == Decimal("4900.00")


def test_an_existing_draft_is_extended_and_a_returned_form_before_it(cast):
    returned = submit(staffing_plan(cast, instalment="CH-1", lines=STAFF[2:]))
    forms.send_back(returned, cast.property_leader)
    staffing_plan(cast, instalment="CH-1", lines=STAFF[2:])
    split(cast, staffing_plan(cast))

    assert Document.objects.filter(instalment__code="CH-1").count() == 2
    now = Document.objects.get(pk=returned.pk)
    assert [line.subject for line in now.work_lines.order_by("position")] == ["门岗保安", "项目主管", "维修工"]
    assert now.amount == Decimal("38879.99")
    assert list(verifying.differences()) == []


@pytest.mark.parametrize("state", ["circulating", "approved"])
def test_an_instalment_whose_form_is_on_its_way_is_refused_by_name_and_nothing_is_stored(cast, state):
    other = submit(staffing_plan(cast, instalment="CH-1", lines=STAFF[2:]))
    if state == "approved":
        other = forms.sign_through(other, cast)
    source = staffing_plan(cast)
    with pytest.raises(Blocked) as refusal:
        split(cast, source)

    label = "审批中" if state == "circulating" else "已通过"
    assert str(refusal.value) == (
        f"分期「一期」的 2026-12 岗位配置表 {other.number}「{label}」，不能再改动分摊行；须先退回或撤回该单。"
    )
    assert not Split.objects.exists()
    assert source.work_lines.filter(split=None).count() == 3


@pytest.mark.parametrize(
    ("shares", "sentence"),
    [
        ({"CH-1": 6000, "CH-2": 3000}, "各分期分摊比例合计为 90 %，须正好为 100 %，还差 10 %。"),
        ({"CH-2": 10000}, "至少要有两个分期分摊；只归一个分期的人员请直接填在该分期的表中。"),
        ({"CH-1": 6000, "YJ-1": 4000}, "本项目没有分期 YJ-1，请核对编码。"),
        ({"CH-1": 0, "CH-2": 10000}, "每个分期的分摊比例须大于 0。"),
    ],
)
def test_shares_that_are_no_sharing_are_refused_with_a_sentence(cast, shares, sentence):
    with pytest.raises(Invalid) as refusal:
        split(cast, staffing_plan(cast), shares=shares)
    assert str(refusal.value) == sentence
    assert not Document.objects.filter(instalment__code="CH-1").exists()


def test_a_part_of_nothing_is_refused_with_a_sentence(cast):
    source = staffing_plan(
        cast, lines=[{"department_name": "客服部", "subject": "顾问", "quantity": "1", "wage": "0.03"}]
    )
    with pytest.raises(Invalid) as refusal:
        split(cast, source, "顾问", shares={"CH-1": 1000, "CH-2": 9000})
    assert str(refusal.value) == "「顾问」全额 0.03 元按 CH-1 的 10 % 分摊不足 0.01 元，请调整比例或不分摊此行。"
    assert form_of("CH-2").work_lines.get().split is None


def test_only_staffing_plans_are_split_and_only_by_those_who_draft_them(cast):
    purchase = forms.purchase_request(cast)
    with pytest.raises(Invalid, match="岗位配置表"):
        share_lines(document_id=purchase.pk, actor=cast.property_clerk, line_ids=["x"], shares=SIXTY_FORTY)
    source = staffing_plan(cast)
    for stranger in ("marketing_handler", "property_leader", "yj_property_clerk", "administrator"):
        with pytest.raises(Denied):
            split(cast, source, by=stranger)
    assert split(cast, source, by="property_project_manager").created_by == cast.property_project_manager


def test_a_draft_saved_meanwhile_or_a_line_split_meanwhile_is_a_conflict(cast):
    source = staffing_plan(cast)
    key = source.work_lines.get(subject="项目主管").key
    save_lines(document=source, actor=cast.property_clerk, draft_version=None, rows=grid(source))
    with pytest.raises(Conflict, match="被保存过"):
        share_lines(
            document_id=source.pk, actor=cast.property_clerk, line_ids=[key], shares=SIXTY_FORTY, draft_version=1
        )
    split(cast, source, "项目主管")
    with pytest.raises(Invalid, match="请勾选"):
        share_lines(document_id=source.pk, actor=cast.property_clerk, line_ids=[key], shares=SIXTY_FORTY)
    other = source.work_lines.get(subject="维修工").key
    with pytest.raises(Conflict, match="有 1 行"):
        share_lines(document_id=source.pk, actor=cast.property_clerk, line_ids=[key, other], shares=SIXTY_FORTY)


# --- the ordinary grid -------------------------------------------------------------------------------------------------
def test_saving_the_other_lines_keeps_the_parts_behind_them(cast):
    source = staffing_plan(cast)
    split(cast, source)
    rows = [*grid(source), {"department_name": "客服部", "subject": "前台", "quantity": "2", "wage": "5000"}]
    saved = save_lines(document=source, actor=cast.property_clerk, draft_version=None, rows=rows)

    assert list(amounts("CH-2")) == ["门岗保安", "前台", "项目主管", "维修工"]
    assert [line.position for line in saved.work_lines.order_by("position")] == [1, 2, 3, 4]
    assert saved.amount == Decimal("44920.00")
    assert save_lines(document=source, actor=cast.property_clerk, draft_version=None, rows=[]).amount == Decimal(
        "7920.00"
    )


def test_a_shared_line_typed_otherwise_is_refused_and_typed_alike_is_kept(cast):
    source = staffing_plan(cast)
    split(cast, source)
    shared = source.work_lines.get(subject="维修工")
    alike = {"id": shared.key, "department_name": "工程部", "subject": "维修工", "quantity": "3", "wage": "3,333.33"}
    save_lines(document=source, actor=cast.property_clerk, draft_version=None, rows=[alike])
    for other in ({"quantity": "4"}, {"subject": "水电工"}, {"wage": "1"}, {"share": "50.00"}, {"wage": ""}):
        with pytest.raises(LinesRefused) as refusal:
            save_lines(document=source, actor=cast.property_clerk, draft_version=None, rows=[{}, alike | other])
        faults = [(fault.index, fault.message) for fault in refusal.value.faults]
        assert faults[0][0] == 1
    assert amounts("CH-2") == {"项目主管": Decimal("3920.00"), "维修工": Decimal("4000.00")}


def test_copying_last_month_leaves_the_parts_behind_and_says_so(cast):
    source = staffing_plan(cast)
    split(cast, source)
    submit(source)
    copy = copy_last_month(
        kind=Kind.STAFFING_PLAN, actor=cast.property_clerk, instalment=cast.instalments["CH-2"], month=date(2027, 1, 1)
    )

    assert [line.subject for line in copy.work_lines.all()] == ["门岗保安"]
    assert left_out_of_copy(copy) == [
        "上月的 2 行共用人员分摊（项目主管、维修工）没有复制，请整行填入后在「共用人员分摊」页按本月比例分摊。"
    ]


# --- submitting --------------------------------------------------------------------------------------------------------
def test_no_form_is_filed_while_another_instalments_share_is_nowhere(cast):
    source = staffing_plan(cast)
    split(cast, source)
    other = form_of("CH-1")
    circulation.discard(document_id=other.pk, actor=cast.property_clerk)
    with pytest.raises(Blocked) as refusal:
        submit(source)

    assert str(refusal.value) == (
        "共用人员分摊（项目主管、维修工）：分期「一期」（60 %，11,879.99 元）没有对应的岗位配置表，现有各表比例合计只有 40 %，"
        "须为 100 %；请在「共用人员分摊」页补齐后再提交。"
    )


def test_the_other_forms_need_not_be_submitted_yet(cast):
    source = staffing_plan(cast)
    split(cast, source)

    assert forms.sign_through(submit(source), cast).state == "approved"
    assert form_of("CH-1").state == "draft"
    assert forms.sign_through(submit(form_of("CH-1")), cast).state == "approved"
    assert list(verifying.differences()) == []


def test_a_rejected_form_leaves_its_share_open_until_a_new_one_is_made(cast):
    source = staffing_plan(cast)
    made = split(cast, source)
    other = submit(form_of("CH-1"))
    circulation.reject(document_id=other.pk, actor=cast.property_leader, revision=1, round_n=1, opinion="重复")
    with pytest.raises(Blocked, match="分期「一期」（60 %"):
        submit(source)
    assert share_anew(split_id=made.pk, actor=cast.property_clerk, shares=SIXTY_FORTY) == made

    assert form_of("CH-1") != other
    assert amounts("CH-1") == {"项目主管": Decimal("5880.00"), "维修工": Decimal("5999.99")}
    submit(source)
    assert list(verifying.differences()) == []


def test_what_is_missing_is_made_again_though_the_other_form_is_on_its_way(cast):
    source = staffing_plan(cast)
    made = split(cast, source)
    submit(source)
    circulation.discard(document_id=form_of("CH-1").pk, actor=cast.property_clerk)
    share_anew(split_id=made.pk, actor=cast.property_clerk, shares=SIXTY_FORTY)

    assert form_of("CH-1").amount == Decimal("11879.99")
    assert not of_month(source.project, DECEMBER)[0].missing


def test_a_second_draft_is_not_filed_while_the_first_carries_the_parts(cast):
    source = staffing_plan(cast)
    split(cast, source)
    second = staffing_plan(cast, lines=STAFF[2:])
    with pytest.raises(Blocked, match=f"共用人员分摊行在 {source.reference} 中"):
        submit(second)
    assert submit(source).state == "circulating"


# --- other shares, other lines -----------------------------------------------------------------------------------------
def test_other_shares_and_figures_are_laid_into_all_forms(cast):
    source = staffing_plan(cast)
    made = split(cast, source)
    rows = [row for row in whole_rows(made, 维修工={"quantity": "4"}) if row[1].cells["subject"] == "维修工"]
    again = share_anew(split_id=made.pk, actor=cast.property_clerk, shares={"CH-1": 2500, "CH-2": 7500}, rows=rows)

    # 4 × 3,333.33 = 13,333.32 at 25 and 75 %.
    assert again != made
    assert amounts("CH-1") == {"维修工": Decimal("3333.33")}
    assert amounts("CH-2") == {"门岗保安": Decimal("27000.00"), "维修工": Decimal("9999.99")}
    assert not made.lines.exists()
    with pytest.raises(Conflict, match="刚被修改"):
        share_anew(split_id=made.pk, actor=cast.property_clerk, shares=SIXTY_FORTY)
    assert list(verifying.differences()) == []


def test_an_instalment_that_is_no_longer_named_loses_its_parts(cast):
    source = staffing_plan(cast)
    type(source.instalment).objects.create(project=source.project, code="CH-3", name="三期")
    made = split(cast, source)
    share_anew(split_id=made.pk, actor=cast.property_clerk, shares={"CH-2": 5000, "CH-3": 5000})

    assert amounts("CH-1") == {}
    assert form_of("CH-1").amount == 0
    assert amounts("CH-3") == {"项目主管": Decimal("4900.00"), "维修工": Decimal("4999.99")}


def test_a_hundred_per_cent_for_one_instalment_ends_the_sharing(cast):
    source = staffing_plan(cast)
    made = split(cast, source)
    assert share_anew(split_id=made.pk, actor=cast.property_clerk, shares={"CH-2": 10000}) is None

    assert amounts("CH-1") == {}
    assert amounts("CH-2") == {
        "门岗保安": Decimal("27000.00"),
        "项目主管": Decimal("9800.00"),
        "维修工": Decimal("9999.99"),
    }
    assert not WorkLine.objects.exclude(split=None).exists()


@pytest.mark.parametrize("shares", [{"CH-1": 5000, "CH-2": 5000}, {"CH-2": 10000}])
def test_a_form_on_its_way_keeps_its_parts(cast, shares):
    source = staffing_plan(cast)
    made = split(cast, source)
    other = submit(form_of("CH-1"))
    with pytest.raises(Blocked) as refusal:
        share_anew(split_id=made.pk, actor=cast.property_clerk, shares=shares)

    assert other.number in str(refusal.value)
    assert amounts("CH-2")["项目主管"] == Decimal("3920.00")
    assert list(made.shares.values_list("share", flat=True)) == [6000, 4000]


def test_a_rejected_form_keeps_the_shares_it_was_filed_with(cast):
    source = staffing_plan(cast)
    made = split(cast, source)
    other = submit(form_of("CH-1"))
    circulation.reject(document_id=other.pk, actor=cast.property_leader, revision=1, round_n=1, opinion="重复")
    share_anew(split_id=made.pk, actor=cast.property_clerk, shares={"CH-1": 1000, "CH-2": 9000})

    assert other.work_lines.get(subject="项目主管").share == 6000
    assert amounts("CH-1")["项目主管"] == Decimal("980.00")
    assert list(verifying.differences()) == []


# --- cuts and confirmations --------------------------------------------------------------------------------------------
def test_a_cut_lowers_one_forms_part_alone_and_actuals_follow_the_part(cast):
    source = staffing_plan(cast)
    split(cast, source)
    filed = submit(source)
    line = filed.work_lines.get(subject="维修工")
    forms.send_back(filed, cast.property_leader, proposals={line.key: Decimal("3900.00")})
    filed = circulation.take_over(document_id=filed.pk, actor=cast.property_clerk)

    assert amounts("CH-2")["维修工"] == Decimal("3900.00")
    assert amounts("CH-1")["维修工"] == Decimal("5999.99")
    filed = forms.sign_through(filed, cast)
    assert list(verifying.differences()) == []

    completion = forms.completion(origin=filed, actor=cast.property_clerk)
    keys = {line.subject: line.key for line in filed.work_lines.all()}
    rows = [
        {"id": keys["维修工"], "quantity": "2", "amount": ""},
        {"id": keys["项目主管"], "quantity": "0.5", "amount": ""},
        {"id": keys["门岗保安"], "quantity": "5", "amount": ""},
    ]
    completion = save_completion(document=completion, actor=cast.property_clerk, draft_version=None, rows=rows)
    actual = {
        line.origin_line.subject: line.amount for line in completion.completion_lines.select_related("origin_line")
    }
    # 3,900.00 × 2 ÷ 3; 3,920.00 × 0.5; a whole line by its price.
    assert actual == {"维修工": Decimal("2600.00"), "项目主管": Decimal("1960.00"), "门岗保安": Decimal("22500.00")}


def test_a_cut_stands_while_its_line_and_the_shares_do(cast):
    source = staffing_plan(cast)
    made = split(cast, source)
    filed = submit(source)
    line = filed.work_lines.get(subject="维修工")
    forms.send_back(filed, cast.property_leader, proposals={line.key: Decimal("3900.00")})
    circulation.take_over(document_id=filed.pk, actor=cast.property_clerk)
    circulation.withdraw(document_id=filed.pk, actor=cast.property_clerk)
    rows = whole_rows(made, 项目主管={"wage": "9000"})
    again = share_anew(split_id=made.pk, actor=cast.property_clerk, shares=SIXTY_FORTY, rows=rows)
    assert amounts("CH-2")["维修工"] == Decimal("3900.00")
    assert amounts("CH-2")["项目主管"] == Decimal("4320.00")
    share_anew(split_id=again.pk, actor=cast.property_clerk, shares={"CH-1": 5000, "CH-2": 5000})
    assert amounts("CH-2")["维修工"] == Decimal("4999.99")
