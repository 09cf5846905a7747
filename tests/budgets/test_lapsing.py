"""The rest of approved lines lapses by an act with a reason (guide 5)."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets.confirming import rooms, save_completion
from budgets.lapsing import lapse_rest
from budgets.models import Lapse, WorkLine
from budgets.rests import rests_of, sums_of
from documents import circulation, guards, trail, verifying
from documents.models import Copy, Document, Notice
from documents.refusals import Blocked, Denied, Invalid
from documents.wording import event_text, notice_text
from organization import clock
from tests import forms
from tests.api.programs import Program

pytestmark = pytest.mark.django_db

# 6 × 168.50 = 1,011.00; 120 × 8.60 = 1,032.00; 4 × 1,650.00 = 6,600.00


@pytest.fixture
def approved(cast, fixed_clock):
    """An approved purchase request of December, CH-2 (before move-in: marketing group)."""
    document = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    return document


def key(document, subject):
    return document.work_lines.get(subject=subject).key


def figures(document):
    """Subject → (confirmed, lapsed, rest, quantity left)."""
    document = Document.objects.get(pk=document.pk)
    return {
        rest.line.subject: (str(rest.line.confirmed), str(rest.line.lapsed), str(rest.rest), str(rest.quantity))
        for rest in rests_of(document)
    }


def test_the_unconfirmed_rest_of_the_named_lines_lapses(cast, approved):
    forms.confirmed(
        cast,
        approved,
        actuals={
            "垃圾袋": {"quantity": "100", "amount": "860.00"},
            "鲜花绿植更换": {"quantity": "3", "amount": "4950.00"},
        },
    )
    lapse_rest(
        document_id=approved.pk,
        actor=cast.property_clerk,
        lines=[key(approved, "垃圾袋")],
        reason=" 库存够用，不再采购 ",
    )

    assert figures(approved) == {
        "洗地机清洁剂": ("1011.00", "0.00", "0.00", "0.000"),
        "垃圾袋": ("860.00", "172.00", "0.00", "0"),
        "鲜花绿植更换": ("4950.00", "0.00", "1650.00", "1.000"),
    }
    (row,) = Lapse.objects.all()
    assert (row.amount, row.quantity, row.reason, row.person) == (
        Decimal("172.00"),
        Decimal("20"),
        "库存够用，不再采购",
        cast.property_clerk,
    )
    sums = sums_of(rests_of(Document.objects.get(pk=approved.pk)))
    # 8,643.00 = 0 settled + 6,821.00 confirmed + 0 on its way + 1,650.00 open + 172.00 lapsed
    assert (sums.approved, sums.settled, sums.unsettled, sums.pending, sums.rest, sums.lapsed) == tuple(
        map(Decimal, ("8643.00", "0.00", "6821.00", "0.00", "1650.00", "172.00"))
    )
    assert list(verifying.differences()) == []


def test_without_lines_everything_open_lapses_and_the_form_leaves_the_list(cast, approved, log_in):
    lapse_rest(document_id=approved.pk, actor=cast.marketing_handler, reason="年底前不再执行")

    assert {subject: row[1:3] for subject, row in figures(approved).items()} == {
        "洗地机清洁剂": ("1011.00", "0.00"),
        "垃圾袋": ("1032.00", "0.00"),
        "鲜花绿植更换": ("6600.00", "0.00"),
    }
    assert approved.number not in log_in(cast.property_clerk).get(reverse("budgets:completions")).content.decode()
    with pytest.raises(Invalid, match="没有可确认的工作量"):
        forms.completion(origin=approved, actor=cast.property_clerk)
    assert list(verifying.differences()) == []


def test_a_line_that_is_being_confirmed_waits_until_that_is_decided(cast, approved):
    completion = forms.completion(origin=approved, actor=cast.property_clerk)
    circulation.submit(document_id=completion.pk, actor=cast.property_clerk)

    with pytest.raises(Denied, match="各行都已确认、正在确认或已失效，没有余量。"):
        lapse_rest(document_id=approved.pk, actor=cast.property_clerk, reason="不再执行")
    assert not Lapse.objects.exists()

    forms.send_back(completion, cast.marketing_handler, "请补考勤")
    with pytest.raises(Denied):
        lapse_rest(document_id=approved.pk, actor=cast.property_clerk, reason="不再执行")
    circulation.void(document_id=completion.pk, actor=cast.property_clerk, reason="作废")
    lapse_rest(document_id=approved.pk, actor=cast.property_clerk, reason="不再执行")
    assert Lapse.objects.count() == 3


def test_a_partly_confirmed_line_names_the_confirmation_it_waits_for(cast, approved):
    completion = forms.completion(origin=approved, actor=cast.property_clerk)
    rows = [
        {"id": line.origin_line.key, "quantity": "1", "amount": "8.60"}
        for line in completion.completion_lines.select_related("origin_line")
        if line.origin_line.subject == "垃圾袋"
    ]
    completion.completion_lines.exclude(origin_line__subject="垃圾袋").delete()
    save_completion(document=completion, actor=cast.property_clerk, draft_version=None, rows=rows)
    completion = circulation.submit(document_id=completion.pk, actor=cast.property_clerk)

    with pytest.raises(Blocked) as refused:
        lapse_rest(document_id=approved.pk, actor=cast.property_clerk, reason="不再执行")
    assert refused.value.sentences == [f"第 2 行 垃圾袋 正在确认中（{completion.number}），办结后再声明失效。"]
    lapse_rest(
        document_id=approved.pk, actor=cast.property_clerk, reason="不再执行", lines=[key(approved, "洗地机清洁剂")]
    )
    assert figures(approved)["洗地机清洁剂"][1] == "1011.00"
    forms.sign_through(completion, cast)
    assert list(verifying.differences()) == []


REFUSED = [
    ({"reason": "  "}, Invalid, "请填写失效原因。"),
    ({"reason": "不再执行", "lines": []}, Invalid, "请至少选择一行。"),
    ({"reason": "不再执行", "lines": ["nosuchline00"]}, Invalid, "nosuchline00 不在此单的明细行中，请刷新后重试。"),
    ({"reason": "字" * 501}, Invalid, "原因：有 501 字，请不超过 500 字。"),
]


@pytest.mark.parametrize(("sent", "kind", "sentence"), REFUSED)
def test_a_lapse_is_refused_with_a_sentence(cast, approved, sent, kind, sentence):
    with pytest.raises(kind) as refused:
        lapse_rest(document_id=approved.pk, actor=cast.property_clerk, **sent)
    assert list(refused.value.sentences) == [sentence]
    assert not Lapse.objects.exists()


def test_a_line_without_a_rest_and_a_second_lapse_are_refused(cast, approved):
    forms.confirmed(cast, approved, actuals={"垃圾袋": {"quantity": "100", "amount": "860.00"}})
    with pytest.raises(Blocked, match="第 1 行 洗地机清洁剂 没有余量：已全部确认或已失效。"):
        lapse_rest(
            document_id=approved.pk, actor=cast.property_clerk, reason="不做", lines=[key(approved, "洗地机清洁剂")]
        )
    lapse_rest(document_id=approved.pk, actor=cast.property_clerk, reason="不做")
    with pytest.raises(Denied, match="各行都已确认、正在确认或已失效，没有余量。"):
        lapse_rest(document_id=approved.pk, actor=cast.property_clerk, reason="再来一次")
    assert Lapse.objects.count() == 1


def test_what_lapsed_is_not_confirmed_later_by_a_draft_begun_before(cast, approved):
    draft = forms.completion(origin=approved, actor=cast.property_clerk)
    lapse_rest(document_id=approved.pk, actor=cast.property_clerk, reason="不做")

    assert [(room.quantity, room.amount) for room in rooms(approved)] == [(Decimal(0), Decimal(0))] * 3
    with pytest.raises(Blocked) as refused:
        circulation.submit(document_id=draft.pk, actor=cast.property_clerk)
    assert len(refused.value.sentences) == 6


def test_it_stands_on_the_trail_with_the_content_it_is_about_and_the_other_side_is_told(cast, approved):
    lapse_rest(document_id=approved.pk, actor=cast.property_clerk, reason="不做", lines=[key(approved, "垃圾袋")])
    event = approved.events.get(code="lapsed")
    assert event_text(event) == "第 2 行余量 ¥1,032.00 失效：不做"
    assert event.content_sha256 == approved.revisions.get().sha256
    assert event.hash == trail.event_hash(event, approved.reference)
    told = list(Notice.objects.filter(code="lapsed"))
    assert {notice.recipient.username for notice in told} == {"marketing_handler", "marketing_head"}
    assert notice_text(told[0]) == f"{cast.property_clerk.name}声明余量 ¥1,032.00 失效：不做"

    lapse_rest(document_id=approved.pk, actor=cast.marketing_head, reason="收口")
    told = Notice.objects.filter(code="lapsed").exclude(pk__in=[notice.pk for notice in told])
    assert {notice.recipient.username for notice in told} == {"property_clerk", "property_project_manager"}


def test_the_database_itself_lets_nothing_lapse_twice_or_change(cast, approved):
    lapse_rest(document_id=approved.pk, actor=cast.property_clerk, reason="不做", lines=[key(approved, "垃圾袋")])
    row = Lapse.objects.get()
    draft = forms.purchase_request(cast, instalment="CH-1")
    for attempt in (
        lambda: Lapse.objects.filter(pk=row.pk).update(reason="别的"),
        lambda: Lapse.objects.filter(pk=row.pk).delete(),
        lambda: WorkLine.objects.filter(pk=row.line_id).update(confirmed=Decimal("0.01")),
        lambda: Lapse.objects.create(line=row.line, amount=1, quantity=0, reason="x", person=row.person, at=row.at),
        lambda: Lapse.objects.create(
            line=draft.work_lines.first(), amount=1, quantity=0, reason="x", person=row.person, at=row.at
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


# column, value (None deletes the row), what verify prints
TAMPERED = [
    ("reason", "'别的'", ["budgets_lapse {row} reason: 别的, the trail says 不做"]),
    ("quantity", "quantity - 1000", ["budgets_lapse {row} quantity: 119, the trail says 120"]),
    (
        "amount",
        "amount - 1",
        [
            "budgets_workline {line} lapsed: 1,032.00 ≠ 1,031.99",
            "budgets_lapse {row} amount: 1031.99, the trail says 1032.00",
        ],
    ),
    (
        None,
        None,
        [
            "budgets_workline {line} lapsed: 1,032.00 ≠ 0.00",
            "budgets_lapse {form}/{key} id: missing",
        ],
    ),
]


@pytest.mark.parametrize(("column", "value", "expected"), TAMPERED)
def test_verify_names_what_was_changed_behind_the_guards(cast, approved, column, value, expected):
    lapse_rest(document_id=approved.pk, actor=cast.property_clerk, reason="不做", lines=[key(approved, "垃圾袋")])
    row = Lapse.objects.get()
    guards.uninstall()
    with connection.cursor() as cursor:
        change = f"UPDATE budgets_lapse SET {column} = {value}" if column else "DELETE FROM budgets_lapse"
        cursor.execute(f"{change} WHERE id = %s", [row.pk])
    found = [line for line in verifying.differences() if not line.startswith("guards ")]
    guards.install()
    names = {"row": row.pk, "line": row.line_id, "form": approved.pk, "key": row.line.key}
    assert found == [line.format(**names) for line in expected]


def test_the_page_offers_it_with_the_open_rests_and_keeps_what_was_typed(cast, approved, log_in):
    browser = log_in(cast.property_clerk)
    page = browser.get(reverse("documents:document", args=[approved.name])).content.decode()
    assert "确认与余量" in page
    assert 'id="dlg-lapse_rest"' in page
    address = reverse("documents:act", args=[approved.name, "lapse_rest"])
    assert "第 2 行 垃圾袋" in browser.get(address).content.decode()

    refused = browser.post(address, {"reason": "写好的原因"})
    assert refused.status_code == 400
    assert "请至少选择一行。" in refused.content.decode()
    assert "写好的原因" in refused.content.decode()
    done = browser.post(address, {"lines": [key(approved, "垃圾袋")], "reason": "不做"}, follow=True)
    assert "声明 ¥1,032.00 失效：不做" in done.content.decode()
    page = log_in(cast.finance, fresh=True).get(reverse("documents:document", args=[approved.name])).content.decode()
    assert "确认与余量" in page
    assert "act/lapse_rest" not in page


def test_the_page_asks_the_same_number_of_queries_for_one_line_and_for_three(cast, log_in):
    counts = []
    for instalment, lines in (("CH-1", forms.LINES[:1]), ("CH-2", forms.LINES)):
        document = forms.approved(cast, instalment=instalment, lines=lines)
        browser = log_in(cast.property_clerk)
        address = reverse("documents:document", args=[document.name])
        browser.get(address)
        with CaptureQueriesContext(connection) as seen:
            browser.get(address)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_over_the_api_lines_are_named_or_all(cast, approved):
    clerk = Program(cast.property_clerk)
    answer = clerk.act(approved.number, "lapse_rest", lines=[key(approved, "垃圾袋")], reason="不做")
    assert answer.status_code == 200, answer.content.decode()
    rests = clerk.get(f"documents/{approved.number}/rests/").json()
    assert rests["sums"] == {
        "approved": "8643.00",
        "settled": "0.00",
        "confirmed_unsettled": "0.00",
        "under_way": "0.00",
        "open": "7611.00",
        "lapsed": "1032.00",
    }
    assert [(line["position"], line["open"], line["lapsed"]) for line in rests["lines"]] == [
        (1, "1011.00", "0.00"),
        (2, "0.00", "1032.00"),
        (3, "6600.00", "0.00"),
    ]
    assert clerk.act(approved.number, "lapse_rest", reason="全部不做").status_code == 200
    assert clerk.act(approved.number, "lapse_rest", reason="再来").json() == {
        "errors": ["各行都已确认、正在确认或已失效，没有余量。"]
    }


# --- what others see of a confirmation that came back -------------------------------------------------------------------
def returned_and_retyped(cast, approved):
    """A confirmation of all, 8,643.00, returned; its clerk then types 860.00 for the bags: 8,471.00."""
    completion = forms.completion(origin=approved, actor=cast.property_clerk)
    circulation.submit(document_id=completion.pk, actor=cast.property_clerk)
    forms.send_back(completion, cast.marketing_handler)
    completion = Document.objects.get(pk=completion.pk)
    rows = [
        {"id": line.origin_line.key, "quantity": str(line.quantity), "amount": str(line.amount)}
        | ({"quantity": "100", "amount": "860"} if line.origin_line.subject == "垃圾袋" else {})
        for line in completion.completion_lines.select_related("origin_line")
    ]
    return save_completion(
        document=completion, actor=cast.property_clerk, draft_version=completion.draft_version, rows=rows
    )


@pytest.mark.parametrize(
    ("who", "under_way", "bags"),
    [
        ("property_clerk", "8471.00", "172.00"),
        ("property_project_manager", "8471.00", "172.00"),
        ("property_leader", "8643.00", "0.00"),
        ("finance", "8643.00", "0.00"),
    ],
)
def test_others_see_a_returned_confirmation_as_it_was_submitted(cast, approved, log_in, who, under_way, bags):
    returned_and_retyped(cast, approved)
    rests = Program(cast[who]).get(f"documents/{approved.number}/rests/").json()
    assert rests["sums"]["under_way"] == under_way
    assert rests["lines"][1]["open"] == bags
    page = log_in(cast[who]).get(reverse("documents:document", args=[approved.name])).content.decode()
    assert ("¥172.00" in page) is (bags != "0.00")


def test_rules_count_what_the_returned_confirmation_holds_now(cast, approved):
    returned_and_retyped(cast, approved)
    assert figures(approved)["垃圾袋"] == ("0.00", "0.00", "172.00", "20.000")


def test_a_confirmation_that_may_not_be_seen_is_counted_and_not_named(cast, approved, log_in):
    completion = forms.completion(origin=approved, actor=cast.property_clerk)
    rows = [
        {"id": line.origin_line.key, "quantity": "1", "amount": "8.60"}
        for line in completion.completion_lines.select_related("origin_line")
    ]
    completion = save_completion(
        document=completion, actor=cast.property_clerk, draft_version=completion.draft_version, rows=rows
    )
    circulation.submit(document_id=completion.pk, actor=cast.property_clerk)
    completion = Document.objects.get(pk=completion.pk)
    # A copy of the form alone: neither its readers nor those of its confirmations.
    Copy.objects.create(
        document=approved, person=cast.requesting_department_head, post="requesting_department_head", at=clock.now()
    )
    for who, named in (("finance", True), ("requesting_department_head", False)):
        page = log_in(cast[who], fresh=True).get(reverse("documents:document", args=[approved.name])).content.decode()
        assert "确认中" in page
        assert (completion.number in page.split('id="h-rests"')[1].split("</section>")[0]) is named
