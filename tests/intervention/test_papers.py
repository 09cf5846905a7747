"""The three papers: who signs, what is missing, late ones, two submissions, reading what was typed."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from documents import circulation, verifying
from documents.models import Document
from documents.refusals import Blocked, Conflict, Denied, Invalid
from intervention.models import Promise
from intervention.papers.drafting import open_paper, save_paper
from tests import forms
from tests.intervention import papered

pytestmark = pytest.mark.django_db


def stations(document):
    return list(document.steps.order_by("position").values_list("post", "mode"))


def test_a_confirmation_goes_to_the_marketing_head_the_project_manager_and_the_leader(cast):
    document = papered.submitted(papered.publicity(cast))
    assert (document.number, document.amount, document.late) == ("CH-PC-202611-001", 0, False)
    assert document.title == "翠湖花园宣传承诺确认单：开盘楼书"
    assert stations(document) == [
        ("marketing_head", "sign"),
        ("property_project_manager", "sign"),
        ("property_leader", "sign"),
    ]
    assert forms.sign_through(document, cast).state == "approved"
    assert list(verifying.differences()) == []


def test_a_review_passes_marketing_for_an_opinion(cast):
    document = papered.submitted(papered.review(cast))
    assert document.number == "CH-SR-202611-001"
    assert stations(document) == [
        ("property_leader", "sign"),
        ("marketing_head", "opinion"),
        ("service_head", "sign"),
    ]
    forms.sign(document, cast.property_leader)
    with pytest.raises(Denied, match="只出具意见"):
        forms.send_back(document, cast.marketing_head, opinion="太贵")
    circulation.give_opinion(
        document_id=document.pk, actor=cast.marketing_head, revision=1, round_n=1, opinion="高层单价略高于周边"
    )
    assert forms.sign(document, cast.service_head).state == "approved"
    assert list(verifying.differences()) == []


def test_an_agreement_goes_to_both_companies_and_finance(cast):
    document = papered.submitted(papered.agreement(cast))
    assert document.number == "CH-SA-202611-001"
    assert [post for post, _mode in stations(document)] == [
        "service_head",
        "property_gm",
        "finance",
        "general_manager",
    ]
    assert forms.sign_through(document, cast).agreement.live is True
    assert list(verifying.differences()) == []


DRAFTERS = [
    ("publicity_confirmation", "marketing_handler", "property_project_manager"),
    ("service_plan_review", "property_project_manager", "service_handler"),
    ("service_agreement", "service_handler", "marketing_handler"),
]


@pytest.mark.parametrize(("kind", "may", "may_not"), DRAFTERS)
def test_each_paper_has_its_own_drafter(cast, kind, may, may_not):
    assert open_paper(actor=cast[may], kind=kind, project=cast.projects["CH"]).kind == kind
    with pytest.raises(Denied, match="您在项目「翠湖花园」不担任该岗位"):
        open_paper(actor=cast[may_not], kind=kind, project=cast.projects["CH"])


def blocked(document):
    with pytest.raises(Blocked) as refused:
        circulation.submit(document_id=document.pk, actor=document.creator)
    return list(refused.value.sentences)


def test_everything_that_is_missing_is_told_at_once(cast):
    projects = cast.projects["CH"]
    draft = open_paper(actor=cast.marketing_handler, kind="publicity_confirmation", project=projects)
    assert blocked(draft) == [
        "缺少「宣传名称」，请填写后再提交。",
        "缺少「发布渠道」，请填写后再提交。",
        "缺少「开始使用日期」，请填写后再提交。",
        "「涉及物业管理的承诺」还没有内容，请至少填写一行。",
        "请填写「拟发布内容」，或上传拟发布的图片、文件，至少一项。",
    ]
    draft = open_paper(actor=cast.property_project_manager, kind="service_plan_review", project=projects)
    papered.write(draft, cast.property_project_manager, {"summary": "概要"}, [{"subject": "别墅"}])
    assert blocked(draft) == [
        "缺少「执行起始日期」，请填写后再提交。",
        "第 1 行 缺少「计费单位」，请填写后再提交。",
        "第 1 行 缺少「单价（元）」，请填写后再提交。",
        "请至少上传一个服务方案文件后再提交。",
    ]
    draft = open_paper(actor=cast.service_handler, kind="service_agreement", project=projects)
    assert blocked(draft) == [
        *(f"缺少「{name}」，请填写后再提交。" for name in ("协议名称", "生效日期", "到期日期", "服务内容和范围", "付款约定", "佣金约定")),
        "请至少上传一个协议文本文件后再提交。",
    ]  # fmt: skip


def test_another_channel_is_told_in_words_and_a_picture_stands_for_the_text(cast):
    draft = papered.publicity(cast, {"channel": "other", "text": ""})
    assert blocked(draft) == [
        "发布渠道为「其他」，请在「渠道说明」写明是什么渠道。",
        "请填写「拟发布内容」，或上传拟发布的图片、文件，至少一项。",
    ]
    papered.write(draft, cast.marketing_handler, {"channel_note": "电梯轿厢"})
    papered.attach(draft, cast.marketing_handler, "轿厢广告.png")
    assert papered.submitted(draft).state == "circulating"


def test_a_fee_is_told_once(cast):
    twice = [papered.FEES[0], papered.FEES[1], papered.FEES[0]]
    draft = papered.review(cast, lines=twice)
    assert blocked(draft) == ["第 3 行与第 1 行是同一对象「高层住宅」和计费单位，请合并为一行。"]


LATE = [("2026-11-24", False), ("2026-11-23", True), ("2026-11-01", True)]


@pytest.mark.parametrize(("from_on", "late"), LATE)
def test_a_confirmation_comes_before_use_or_says_why_not(cast, from_on, late):
    draft = papered.publicity(cast, {"from_on": from_on})
    if late:
        assert blocked(draft) == [f"使用自 {from_on} 开始，此时提交属于事后补报，请填写补报原因。"]
    document = papered.submitted(draft, "活动提前" if late else "")
    assert (document.late, document.late_reason) == (late, "活动提前" if late else "")


UNREADABLE = [
    ({"from_on": "2026-13-01"}, "开始使用日期：「2026-13-01」不是日期，请填写 2000 年至 2099 年之间的日期，例如 2026-12-01。"),
    ({"from_on": "1999-12-31"}, "开始使用日期：「1999-12-31」不是日期，请填写 2000 年至 2099 年之间的日期，例如 2026-12-01。"),
    ({"channel": "radio"}, "发布渠道：没有「radio」这个选项，请重新选择。"),
    ({"subject": "长" * 61}, "宣传名称：有 61 字，请不超过 60 字。"),
    ({"from_on": "2026-12-15", "until_on": "2026-12-14"}, "停止使用日期 2026-12-14 早于开始使用日期 2026-12-15，请改正其中一个日期。"),
    ({"number": "1"}, "没有这个字段：number。"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "sentence"), UNREADABLE)
def test_what_cannot_be_read_is_told_and_nothing_is_stored(cast, head, sentence):
    draft = papered.publicity(cast)
    with pytest.raises(Invalid) as refused:
        papered.write(draft, cast.marketing_handler, head)
    assert list(refused.value.sentences) == [sentence]
    assert Document.objects.get(pk=draft.pk).publicity.from_on == date(2026, 12, 15)


PRICES = [("2.80", "2.80"), ("80", "80.00"), ("0.01", "0.01"), ("999999999.99", "999999999.99"),
          ("0", None), ("-1", None), ("2.805", None), ("1e3", None), ("2,80", None), ("１", None), ("1000000000", None)]  # fmt: skip


@pytest.mark.parametrize(("typed", "stored"), PRICES)
def test_prices_have_two_decimals_and_are_above_zero(cast, typed, stored):
    lines = [{"subject": "高层住宅", "unit": "area_month", "price": typed}]
    if stored is None:
        with pytest.raises(Invalid, match="第 1 行 单价（元）：「.*」不是单价"):
            papered.review(cast, lines=lines)
    else:
        assert str(papered.review(cast, lines=lines).fee_lines.get().price) == stored


def test_lines_keep_their_identity_over_revisions(cast):
    draft = papered.publicity(cast)
    one, two = draft.promise_lines.values_list("key", flat=True)
    document = papered.submitted(draft)
    forms.send_back(document, cast.marketing_head, opinion="费用表述请写明含税")
    lines = [
        {"id": two, "subject": "fee", "wording": "高层住宅物业费 2.80 元/m²·月（含税）"},
        {"subject": "", "wording": " "},
        {"subject": "club", "wording": "会所开放至 22 时"},
    ]
    papered.write(document, cast.marketing_handler, {}, lines)
    # What others see in the register is what was submitted, not what is being written.
    assert set(Promise.objects.values_list("wording", flat=True)) == {line["wording"] for line in papered.PROMISES}
    again = papered.submitted(document)
    assert (again.number, again.revision_n) == (document.number, 2)
    assert list(again.promise_lines.values_list("key", "position")) == [(two, 1), ("p3", 2)]
    assert list(Promise.objects.order_by("position").values_list("key", "wording")) == [
        (two, "高层住宅物业费 2.80 元/m²·月（含税）"),
        ("p3", "会所开放至 22 时"),
    ]
    assert one not in Promise.objects.values_list("key", flat=True)
    assert list(verifying.differences()) == []


def test_two_people_writing_at_once_lose_nothing(cast):
    draft = papered.publicity(cast)
    how = {"document": draft, "actor": cast.marketing_handler, "draft_version": draft.draft_version}
    save_paper(**how, head={"text": "甲"})
    with pytest.raises(Conflict):
        save_paper(**how, head={"text": "乙"})


def test_the_database_refuses_changes_of_what_was_submitted(cast):
    document = papered.submitted(papered.publicity(cast))
    for statement in (
        "UPDATE intervention_publicity SET text = 'x'",
        "UPDATE intervention_promiseline SET wording = 'x'",
        "DELETE FROM intervention_promiseline",
        "UPDATE intervention_promise SET wording = 'x'",
    ):
        with pytest.raises(IntegrityError, match="guard_"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    forms.sign_through(document, cast)
    with pytest.raises(IntegrityError, match="guard_"), transaction.atomic():
        Promise.objects.all().delete()


def test_a_draft_is_discarded_whole(cast):
    draft = papered.publicity(cast, covers=[papered.found(cast).pk])
    circulation.discard(document_id=draft.pk, actor=cast.marketing_handler)
    assert not Document.objects.filter(pk=draft.pk).exists()


def test_pages_paper_and_workbook_say_the_same(cast):
    import pypdfium2

    from documents.rendering.pdf import pdf_bytes

    document = papered.submitted(papered.publicity(cast))
    page = pypdfium2.PdfDocument(pdf_bytes(document))[0].get_textpage().get_text_range().replace("\r\n", "")
    for text in ("宣传承诺确认单", "开盘楼书", "楼书 / 折页", "24 小时服务热线", "收费标准", document.number):
        assert text in page


def test_a_line_that_was_submitted_never_lends_its_key(cast):
    document = papered.submitted(papered.publicity(cast))
    circulation.withdraw(document_id=document.pk, actor=cast.marketing_handler)
    first = papered.PROMISES[0]
    kept = [{**first, "id": "p1"}]
    document = papered.write(Document.objects.get(pk=document.pk), cast.marketing_handler, {}, kept)
    papered.write(document, cast.marketing_handler, {}, [*kept, {**first, "wording": "另一项承诺"}])
    keys = list(document.promise_lines.order_by("position").values_list("key", flat=True))
    assert keys == ["p1", f"p{len(papered.PROMISES) + 1}"]
