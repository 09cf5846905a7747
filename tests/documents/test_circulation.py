"""The life of a form: submit, sign, return, cut, carry, withdraw, void, discard."""

from decimal import Decimal

import pytest

from documents import circulation
from documents.models import Act, Document, Event, Notice, Step
from documents.refusals import Blocked, Conflict, Denied, Invalid
from documents.states import StepStatus
from documents.way import way
from tests import forms

pytestmark = pytest.mark.django_db


def statuses(document):
    return [(step.position, step.post, step.status) for step in Step.objects.filter(document=document).order_by("pk")]


def test_a_submitted_purchase_request_opens_the_joint_station_of_the_property_company(cast):
    document = forms.submitted(cast)

    assert document.number == "CH-PR-202612-001"
    assert (document.state, document.side, document.amount) == ("circulating", "pre", forms.LINES_AMOUNT)
    assert statuses(document) == [
        (1, "property_leader", "open"),
        (1, "property_finance_head", "open"),
        (2, "marketing_handler", "waiting"),
        (3, "marketing_head", "waiting"),
    ]


def test_the_last_signature_approves(cast):
    document = forms.approved(cast)

    assert document.state == "approved"
    assert [act.person.username for act in Act.objects.filter(document=document)] == [
        "property_leader",
        "property_finance_head",
        "marketing_handler",
        "marketing_head",
    ]
    assert [event.code for event in Event.objects.filter(document=document)] == [
        "submitted", "signed", "signed", "signed", "signed", "approved",
    ]  # fmt: skip


def test_a_form_of_a_moved_in_instalment_goes_to_the_service_group(cast):
    document = forms.submitted(cast, instalment="CH-1")

    assert document.side == "post"
    assert [post for _position, post, _status in statuses(document)][2:] == ["service_handler", "service_head"]


def test_numbers_run_without_gaps_and_a_refused_submission_takes_none(cast):
    first = forms.submitted(cast)
    clash = forms.purchase_request(cast)
    with pytest.raises(Blocked, match="CH-PR-202612-001"):
        circulation.submit(document_id=clash.pk, actor=cast.property_clerk)
    second = forms.submitted(cast, instalment="CH-1")

    assert (first.number, second.number) == ("CH-PR-202612-001", "CH-PR-202612-002")
    clash.refresh_from_db()
    assert (clash.state, clash.number) == ("draft", None)


def test_the_submitter_cannot_sign_and_neither_can_someone_at_another_station(cast):
    document = forms.submitted(cast)

    for person in (cast.property_clerk, cast.marketing_handler, cast.general_manager, cast.administrator):
        with pytest.raises(Denied):
            forms.sign(document, person)


def test_a_second_signature_of_the_same_person_is_a_conflict(cast):
    document = forms.submitted(cast)
    forms.sign(document, cast.property_leader)

    with pytest.raises((Conflict, Denied)):
        forms.sign(document, cast.property_leader)
    assert Act.objects.filter(document=document).count() == 1


def test_who_saw_an_older_revision_cannot_sign_the_newer_one(cast):
    document = forms.submitted(cast)
    forms.send_back(document, cast.property_leader)
    circulation.submit(document_id=document.pk, actor=cast.property_clerk)

    with pytest.raises(Conflict):
        circulation.sign(document_id=document.pk, actor=cast.property_leader, revision=1, round_n=1)


def test_a_proposed_cut_is_taken_over_as_the_next_revision_and_all_sign_anew(cast):
    document = forms.submitted(cast)
    forms.sign(document, cast.property_leader)
    forms.sign(document, cast.property_finance_head)
    line = document.work_lines.get(subject="鲜花绿植更换")
    forms.send_back(document, cast.marketing_handler, mode="back_to_me", proposals={line.key: Decimal("6000.00")})
    document.refresh_from_db()
    assert document.state == "returned"

    circulation.take_over(document_id=document.pk, actor=cast.property_clerk)

    document.refresh_from_db()
    assert (document.state, document.revision_n, document.amount) == ("circulating", 2, Decimal("8043.00"))
    assert statuses(document)[4:] == [
        (1, "property_leader", "open"),
        (1, "property_finance_head", "open"),
        (2, "marketing_handler", "waiting"),
        (3, "marketing_head", "waiting"),
    ]


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [("6600.01", "大于申报金额"), ("0.00", "不小于 0.01"), ("-1.00", "不小于 0.01"), ("1.005", "最多两位小数")],
)
def test_a_proposed_amount_is_at_most_the_filed_one_and_at_least_one_fen(cast, amount, sentence):
    document = forms.submitted(cast)
    line = document.work_lines.get(subject="鲜花绿植更换")

    with pytest.raises(Invalid, match=sentence):
        forms.send_back(document, cast.property_leader, proposals={line.key: Decimal(amount)})
    assert not Act.objects.filter(document=document).exists()


def test_straight_back_keeps_earlier_signatures_when_nothing_material_changed(cast):
    document = forms.submitted(cast)
    forms.sign(document, cast.property_leader)
    forms.sign(document, cast.property_finance_head)
    forms.send_back(document, cast.marketing_handler, "请补充附件", mode="back_to_me")

    circulation.submit(document_id=document.pk, actor=cast.property_clerk)

    assert statuses(document)[4:] == [
        (1, "property_leader", "signed"),
        (1, "property_finance_head", "signed"),
        (2, "marketing_handler", "open"),
        (3, "marketing_head", "waiting"),
    ]
    assert forms.sign_through(document, cast).state == "approved"


def test_start_again_asks_everyone_again_even_when_nothing_changed(cast):
    document = forms.submitted(cast)
    forms.sign(document, cast.property_leader)
    forms.send_back(document, cast.property_finance_head, mode="restart")
    circulation.submit(document_id=document.pk, actor=cast.property_clerk)

    assert [status for *_rest, status in statuses(document)[4:]] == ["open", "open", "waiting", "waiting"]


def test_return_to_an_earlier_station_starts_a_new_round_there(cast):
    document = forms.submitted(cast)
    forms.sign(document, cast.property_leader)
    forms.sign(document, cast.property_finance_head)
    forms.sign(document, cast.marketing_handler)
    forms.send_back(document, cast.marketing_head, "请经办人复核", to=2)

    document.refresh_from_db()
    assert (document.state, document.revision_n, document.round_n) == ("circulating", 1, 2)
    current = [
        (station.position, [step.status for step in station.steps])
        for station in way(document, working_copy=False).stations
    ]
    assert current == [(1, ["signed", "signed"]), (2, ["open"]), (3, ["waiting"])]
    assert forms.sign_through(document, cast).state == "approved"


def test_rejection_is_final(cast):
    document = forms.submitted(cast)
    circulation.reject(document_id=document.pk, actor=cast.property_leader, revision=1, round_n=1, opinion="不同意")

    document.refresh_from_db()
    assert document.state == "rejected"
    with pytest.raises(Denied):
        circulation.submit(document_id=document.pk, actor=cast.property_clerk)
    assert forms.submitted(cast).number == "CH-PR-202612-002"


def test_withdrawal_only_before_anyone_has_acted(cast):
    document = forms.submitted(cast)
    circulation.withdraw(document_id=document.pk, actor=cast.property_clerk)
    document.refresh_from_db()
    assert document.state == "withdrawn"
    circulation.submit(document_id=document.pk, actor=cast.property_clerk)
    document.refresh_from_db()
    assert (document.number, document.revision_n) == ("CH-PR-202612-001", 2)

    forms.sign(document, cast.property_leader)
    with pytest.raises(Denied, match="已有人审批过"):
        circulation.withdraw(document_id=document.pk, actor=cast.property_clerk)


def test_voiding_frees_the_month_and_keeps_the_number_used(cast):
    document = forms.submitted(cast)
    circulation.withdraw(document_id=document.pk, actor=cast.property_clerk)
    circulation.void(document_id=document.pk, actor=cast.property_clerk, reason="填错分期")

    assert forms.submitted(cast).number == "CH-PR-202612-002"


def test_a_draft_is_discarded_with_its_lines_and_only_by_its_creator(cast):
    document = forms.purchase_request(cast)
    with pytest.raises(Denied):
        circulation.discard(document_id=document.pk, actor=cast.property_project_manager)
    circulation.discard(document_id=document.pk, actor=cast.property_clerk)

    assert not Document.objects.filter(pk=document.pk).exists()


def test_a_submission_nobody_could_sign_names_post_and_project(cast, fixed_clock):
    from organization.appointing import end_appointment

    appointment = cast.marketing_head.appointments.get(post="marketing_head")
    end_appointment(actor=cast.administrator, appointment=appointment, ends_on=fixed_clock.today())
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 24))
    document = forms.purchase_request(cast)

    with pytest.raises(Blocked, match="营销小组负责人"):
        circulation.submit(document_id=document.pk, actor=cast.property_clerk)


def test_an_empty_form_cannot_be_submitted(cast):
    document = forms.purchase_request(cast, lines=[])

    with pytest.raises(Blocked, match="还没有明细行"):
        circulation.submit(document_id=document.pk, actor=cast.property_clerk)


def test_the_project_manager_is_copied_when_the_clerk_submits_but_not_on_his_own_forms(cast):
    document = forms.submitted(cast)
    own = forms.submitted(cast, by="property_project_manager", instalment="CH-1")

    assert [copy.person.username for copy in document.copies.all()] == ["property_project_manager"]
    assert not own.copies.exists()


def test_each_holder_is_told_once_that_it_is_their_turn(cast):
    document = forms.submitted(cast)
    forms.sign(document, cast.property_leader)

    told = Notice.objects.filter(document=document, code="turn.open").values_list("recipient__username", flat=True)
    assert sorted(told) == ["property_finance_head", "property_leader"]


def test_one_person_with_two_consecutive_posts_signs_once_for_both(cast):
    from organization.appointing import appoint

    appoint(
        actor=cast.administrator,
        person=cast.marketing_handler,
        post="marketing_head",
        project=cast.projects["CH"],
        starts_on=forms.date(2026, 11, 1),
    )
    document = forms.submitted(cast)
    forms.sign(document, cast.property_leader)
    forms.sign(document, cast.property_finance_head)
    document = forms.sign(document, cast.marketing_handler)

    assert document.state == "approved"
    acts = {step.act_id for step in Step.objects.filter(document=document, position__gte=2)}
    assert len(acts) == 1
    assert Event.objects.filter(document=document, code="covered").exists()


def test_steps_in_waiting_lapse_when_the_form_is_returned(cast):
    document = forms.submitted(cast)
    forms.send_back(document, cast.property_leader)

    assert [status for *_rest, status in statuses(document)] == [
        StepStatus.RETURNED,
        StepStatus.SUPERSEDED,
        StepStatus.SUPERSEDED,
        StepStatus.SUPERSEDED,
    ]


def test_a_file_that_a_signer_added_stays_when_the_form_comes_back(cast):
    from django.core.files.uploadedfile import SimpleUploadedFile

    document = forms.submitted(cast)
    upload = SimpleUploadedFile("依据.pdf", b"%PDF-1.4 1 0 obj grounds")
    circulation.attach(document_id=document.pk, actor=cast.property_leader, upload=upload)
    forms.send_back(document, cast.property_leader, "见附件")
    file = document.attachments.get()

    with pytest.raises(Invalid, match="须留存备查"):
        circulation.detach(document_id=document.pk, actor=cast.property_clerk, attachment_id=file.pk)
    own = SimpleUploadedFile("说明.pdf", b"%PDF-1.4 1 0 obj answer")
    circulation.attach(document_id=document.pk, actor=cast.property_clerk, upload=own)
    added = document.attachments.get(name="说明.pdf")
    circulation.detach(document_id=document.pk, actor=cast.property_clerk, attachment_id=added.pk)
    assert list(document.attachments.all()) == [file]


def stored():
    from django.core.files.storage import default_storage

    try:
        folders, _files = default_storage.listdir("attachments")
    except FileNotFoundError:
        return 0
    return sum(len(default_storage.listdir(f"attachments/{folder}")[1]) for folder in folders)


def test_a_file_is_looked_through_and_stored_before_anyone_waits_behind_the_form(cast, monkeypatch):
    """A refusal behind the lock takes it away again; after a crash it stays unused, since its row may stand."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from documents.circulation import attaching

    document, real, before = forms.purchase_request(cast), attaching.lock, stored()
    seen = []

    def attach(lock):
        monkeypatch.setattr(attaching, "lock", lock)
        upload = SimpleUploadedFile("报价.pdf", b"%PDF-1.4 1 0 obj <<>> endobj offer")
        attaching.attach(document_id=document.pk, actor=cast.property_clerk, upload=upload)

    def refusing(_key):
        seen.append(stored() - before)
        raise Conflict("已提交")

    def crashing(_key):
        raise RuntimeError

    with pytest.raises(Conflict):
        attach(refusing)
    assert (seen, stored() - before, document.attachments.count()) == ([1], 0, 0)
    with pytest.raises(RuntimeError):
        attach(crashing)
    assert (stored() - before, document.attachments.count()) == (1, 0)
    attach(real)
    assert (stored() - before, document.attachments.count()) == (2, 1)


@pytest.mark.parametrize(
    ("opinion", "sentence"), [("\u200b \ufeff", "请填写意见"), ("\u202egnp", "控制字符"), ("a\x0bb", "控制字符")]
)
def test_a_reason_that_looks_empty_or_reads_backwards_is_none(cast, opinion, sentence):
    document = forms.submitted(cast)

    with pytest.raises(Invalid, match=sentence):
        forms.send_back(document, cast.property_leader, opinion)
    circulation.withdraw(document_id=document.pk, actor=cast.property_clerk)
    with pytest.raises(Invalid, match=sentence.replace("意见", "作废原因")):
        circulation.void(document_id=document.pk, actor=cast.property_clerk, reason=opinion)
