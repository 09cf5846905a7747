"""What was ticked is taken or told: no line falls out of an application without a word."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from documents import circulation
from documents.models import Document
from documents.refusals import Blocked, Conflict, Invalid
from settlements import applying
from settlements.applying import choose_lines, terms_of
from settlements.models import Application
from settlements.overview import month_overview
from settlements.reckoning import lines_before
from settlements.reminding import _waiting
from settlements.reversing import choose_reversed, open_reversal
from tests import forms
from tests.api.programs import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast, fixed_clock):
    """December's own application over the three lines of one purchase form."""
    origin = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    forms.confirmed(cast, origin)
    return forms.application(cast)


def keys(document):
    return list(document.application_lines.values_list("completion_line_id", flat=True))


def choose(cast, document, keep, note=""):
    return choose_lines(document=document, actor=cast.property_finance, draft_version=None, keep=keep, note=note)


def test_a_ticked_line_that_the_next_months_application_has_taken_is_told_and_nothing_changes(cast, draft, fixed_clock):
    first, *others = keys(draft)
    choose(cast, draft, others)
    fixed_clock.set_clock(fixed_clock.shanghai(2027, 1, 5))
    assert keys(forms.application(cast, month=date(2027, 1, 1))) == [first]
    with pytest.raises(Conflict, match="有 1 行已不能列入"):
        choose(cast, draft, [first, *others])
    assert keys(draft) == others


def test_the_page_says_so_and_goes_on_with_what_is_left(cast, draft, fixed_clock, log_in):
    first, *others = keys(draft)
    choose(cast, draft, others)
    fixed_clock.set_clock(fixed_clock.shanghai(2027, 1, 5))
    forms.application(cast, month=date(2027, 1, 1))
    client, url = log_in(cast.property_finance), f"/settlements/applications/{draft.reference}/"
    draft.refresh_from_db()
    answer = client.post(url, {"keep": [first, *others], "note": "续", "draft_version": draft.draft_version})
    assert answer.status_code == 409
    assert "有 1 行已不能列入" in answer.content.decode()
    assert client.post(url, {"keep": others, "note": "续", "draft_version": draft.draft_version}).status_code == 302


def test_a_reversal_takes_only_lines_of_what_it_reverses(cast, draft):
    own = keys(draft)

    circulation.submit(document_id=draft.pk, actor=cast.property_finance)
    original = forms.sign_through(draft, cast)
    with pytest.raises(Conflict, match="有 1 行"):
        open_reversal(original=original, actor=cast.property_finance, lines=[own[0], 999_999])
    reversal = open_reversal(original=original, actor=cast.property_finance, lines=own[:1], reason="重复")
    chosen = {"document": reversal, "actor": cast.property_finance, "draft_version": None, "reason": "重复"}
    with pytest.raises(Conflict, match="有 1 行"):
        choose_reversed(**chosen, keep=[own[0], 999_999], note="")
    with pytest.raises(Invalid, match="说明"):
        choose_reversed(**chosen, keep=own[:1], note="长" * 501)
    assert keys(reversal) == own[:1]


def test_a_note_too_long_is_a_sentence_wherever_it_comes_from(cast, draft):
    with pytest.raises(Invalid, match="说明"):
        choose(cast, draft, keys(draft), note="长" * 501)


def test_what_was_left_before_a_reversal_is_read_at_the_same_cost_for_one_line_and_three(cast, draft):

    own = keys(draft)
    circulation.submit(document_id=draft.pk, actor=cast.property_finance)
    original = forms.sign_through(draft, cast)
    first = open_reversal(original=original, actor=cast.property_finance, lines=own[:1], reason="重复")
    circulation.submit(document_id=first.pk, actor=cast.property_finance)
    forms.sign_through(first, cast)
    second = open_reversal(original=original, actor=cast.property_finance, reason="全部重做")
    application = Application.objects.select_related("reverses").get(document=second)
    with CaptureQueriesContext(connection) as asked:
        assert len(lines_before(application)) == 2
    assert len(asked) <= 4


def test_the_next_application_follows_the_invoice_of_the_last_approved_one_alone(cast, draft):
    Application.objects.filter(document=draft).update(tax_rate="0.5", net=None, tax=None)
    assert str(terms_of(cast.projects["CH"]).tax_rate) == "0.06"


def test_what_a_reversal_took_back_and_what_came_after_the_cut_off_is_no_ones_omission(cast, draft, fixed_clock):
    """Neither is taken in by itself: no figure of what is free, no warning, no deadline, no reminder asks for it."""
    circulation.submit(document_id=draft.pk, actor=cast.property_finance)
    forms.reversed_(cast, forms.sign_through(draft, cast))
    late = forms.approved(cast, instalment="CH-1")
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 26))
    forms.confirmed(cast, late)

    def side(month, name):
        (project,) = month_overview(cast.property_finance, month, "CH")
        return next(row for row in project.sides if row.of.side == name)

    january, post = side(date(2027, 1, 1), "pre"), side(date(2026, 12, 1), "post")
    assert (january.of.free_lines, january.of.reversed_lines, january.warning) == (0, 3, "")
    assert (post.of.free_lines, post.of.late_lines, post.warning, post.of.deadline) == (0, 3, "", None)
    assert _waiting(date(2027, 1, 1)) == {(cast.projects["CH"].pk, "post")}


def test_the_database_takes_no_application_and_no_line_that_begins_freed_or_counted(cast, draft):
    """Else a second monthly one, or a line held twice, would pass the unique constraints behind the verbs."""
    line = draft.application_lines.first()
    line.pk, line.live = None, False
    with pytest.raises(DatabaseError, match="begins live"), transaction.atomic():
        line.save(force_insert=True)
    other = Document.objects.get(pk=draft.pk)
    other.pk, other.reference = None, "D-ANOTHER1"
    other.save(force_insert=True)
    for fields in ({"live": False}, {"counted": True}):
        again = Application.objects.get(document=draft)
        again.document = other
        for name, value in fields.items():
            setattr(again, name, value)
        with pytest.raises(DatabaseError, match="begins live"), transaction.atomic():
            again.save(force_insert=True)


@pytest.mark.parametrize("rate", ["1e-2", "٠.٠٦", "1.5", "0.0605", True])
def test_a_tax_rate_in_odd_notation_is_a_sentence_for_programs_too(cast, draft, rate):
    program = Program(cast.property_finance)
    answer = program.put(f"documents/{draft.reference}/application-lines/", {"keep": keys(draft), "tax_rate": rate})
    assert (answer.status_code, "税率" in answer.content.decode()) == (400, True)
    assert (
        program.put(f"documents/{draft.reference}/application-lines/", {"keep": [*keys(draft), 10**30]}).status_code
        == 400
    )


def test_after_a_whole_reversal_the_month_says_where_its_lines_go(cast, draft):
    circulation.submit(document_id=draft.pk, actor=cast.property_finance)
    original = forms.sign_through(draft, cast)
    forms.reversed_(cast, original)
    with pytest.raises(Blocked, match=f"{original.number} 已全部冲销；其中的明细请列入以后月份"):
        forms.application(cast)


@pytest.mark.parametrize(("who", "held"), [("property_finance", "8643.00"), ("finance", "0")])
def test_what_a_returned_application_holds_now_is_its_drafting_sides_alone(cast, draft, who, held):
    """Others are shown neither a draft's lines nor those that stand in the working copy of what came back."""
    december = date(2026, 12, 1)

    def shown():
        (project,) = month_overview(cast[who], december, "CH")
        return next(side for side in project.sides if side.of.side == "pre").figures.held

    assert shown() == Decimal(held)
    circulation.submit(document_id=draft.pk, actor=cast.property_finance)
    assert shown() == Decimal("8643.00")
    forms.send_back(draft, cast.property_leader)
    assert shown() == Decimal(held)


def told_to(cast, log_in, who):
    """What page, month board, programs and the ageing list tell a person of December before move-in."""
    (project,) = month_overview(cast[who], date(2026, 12, 1), "CH")
    side = next(side for side in project.sides if side.of.side == "pre")
    (told,) = Program(cast[who]).get("settlements/months/?month=2026-12&project=CH").json()
    aged = Program(cast[who]).get("settlements/ageing/?project=CH").json()["balance"]
    page = log_in(cast[who], fresh=True).get("/settlements/applications/?month=2026-12&project=CH").content.decode()
    lines = re.findall(r"已确认、未列入申请 (\d+) 行 <b class=\"num\">¥([0-9,.]+)<", page) or [("0", "0")]
    return {
        "board": (side.of.free_lines, side.of.free_amount),
        "page": (int(lines[0][0]), Decimal(lines[0][1].replace(",", ""))),
        "programs": Decimal(next(row["free"] for row in told["sides"] if row["side"] == "pre")),
        "held": side.figures.held,
        "ageing": (Decimal(aged["confirmed_unsettled"]), Decimal(aged["applied"])),
    }


def as_told(lines, free, held, applied="0"):
    free = Decimal(free)
    return {
        "board": (lines, free),
        "page": (lines, free),
        "programs": free,
        "held": Decimal(held),
        "ageing": (Decimal("8643.00"), Decimal(applied)),
    }


def test_what_others_draft_is_in_no_application_to_those_who_do_not_see_the_draft(cast, draft, log_in):
    """Else confirmed less free, in application and settled would be the sum of a draft that nobody has shown them."""
    assert told_to(cast, log_in, "finance") == as_told(3, "8643.00", "0")
    assert told_to(cast, log_in, "property_finance") == as_told(0, "0", "8643.00")


def test_what_came_back_counts_for_others_as_it_was_submitted(cast, draft, log_in):
    """A line unticked or ticked in the working copy of what came back changes nothing that others are told."""
    first, second, third = keys(draft)
    choose(cast, draft, [first, second])
    circulation.submit(document_id=draft.pk, actor=cast.property_finance)
    assert told_to(cast, log_in, "finance") == as_told(1, "6600.00", "2043.00", "2043.00")
    forms.send_back(draft, cast.property_leader)
    for ticked, free, held in (
        ([first, second], "6600.00", "2043.00"),
        ([third], "2043.00", "6600.00"),
        ([first, second, third], "0", "8643.00"),
    ):
        choose(cast, draft, ticked)
        mine = told_to(cast, log_in, "property_finance")
        assert (mine["board"][1], mine["held"]) == (Decimal(free), Decimal(held))
        assert told_to(cast, log_in, "finance") == as_told(1, "6600.00", "0")


def test_an_application_of_more_lines_than_can_be_printed_is_refused_at_choosing_and_at_submission(
    cast, draft, monkeypatch
):
    """Approved it could never be printed, and its pack never made."""
    monkeypatch.setattr(applying, "MAX_ROWS", 2)
    with pytest.raises(Blocked, match="列入了 3 行明细，一份申请最多 2 行"):
        circulation.submit(document_id=draft.pk, actor=cast.property_finance)
    with pytest.raises(Invalid, match="列入了 3 行明细，一份申请最多 2 行"):
        choose(cast, draft, keys(draft))
    choose(cast, draft, keys(draft)[:2])
    assert circulation.submit(document_id=draft.pk, actor=cast.property_finance).state == "circulating"
