"""Every verb over the API: what it does, and the sentences when it may not."""

import io
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from documents.models import Document
from documents.verbs import VERBS
from tests import forms
from tests.api.programs import Program

pytestmark = pytest.mark.django_db


def picture(name="收据.png"):
    data = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(data, "PNG")
    return SimpleUploadedFile(name, data.getvalue())


def test_a_form_goes_its_whole_way_over_the_api(cast):
    clerk = Program(cast.property_clerk)
    draft = forms.purchase_request(cast)
    answer = clerk.act(draft.reference, "submit", draft_version=draft.draft_version)
    assert answer.status_code == 200
    number = answer.json()["document"]["number"]
    assert number == "CH-PR-202612-001"

    for username in ("property_leader", "property_finance_head", "marketing_handler", "marketing_head"):
        answer = Program(cast[username]).act(number, "sign", opinion="同意")
        assert answer.status_code == 200, answer.content.decode()
    body = answer.json()
    assert (body["document"]["state"], body["document"]["state_label"], body["amount"]) == (
        "approved",
        "已通过",
        "8643.00",
    )
    assert [
        (step["post"], step["status"], step["person"], step["opinion"], bool(step["at"]))
        for station in body["way"]["stations"]
        for step in station["steps"]
    ] == [
        ("property_leader", "signed", "何志远", "同意", True),
        ("property_finance_head", "signed", "吴海涛", "同意", True),
        ("marketing_handler", "signed", "陈思琪", "同意", True),
        ("marketing_head", "signed", "赵一帆", "同意", True),
    ]
    assert all(station["why"] for station in body["way"]["stations"])


def test_return_with_a_cut_and_taking_it_over(cast):
    document = forms.submitted(cast)
    leader, clerk = Program(cast.property_leader), Program(cast.property_clerk)
    line = leader.get(f"documents/{document.number}/").json()["lines"][0]
    answer = leader.act(
        document.number, "return", opinion="清洁剂偏贵", proposals=[{"line": line["id"], "amount": "900.00"}]
    )
    assert (answer.status_code, answer.json()["document"]["state"]) == (200, "returned")
    seen = clerk.get(f"documents/{document.number}/").json()
    assert [(cut["line"], cut["filed"], cut["amount"]) for cut in seen["proposals"]] == [
        (line["id"], "1011.00", "900.00")
    ]
    answer = clerk.act(document.number, "take_over")
    assert (answer.json()["document"]["state"], answer.json()["amount"], answer.json()["document"]["revision"]) == (
        "circulating",
        "8532.00",
        2,
    )


def test_withdraw_then_void(cast):
    document, clerk = forms.submitted(cast), Program(cast.property_clerk)
    assert clerk.act(document.number, "withdraw").json()["document"]["state"] == "withdrawn"
    assert clerk.act(document.number, "void", reason="重复填报").json()["document"]["state"] == "voided"


def test_reject_and_comment(cast):
    document = forms.submitted(cast)
    assert Program(cast.property_clerk).act(document.number, "comment", text="请尽快").status_code == 200
    answer = Program(cast.property_leader).act(document.number, "reject", opinion="不需要")
    assert answer.json()["document"]["state"] == "rejected"
    trail = Program(cast.property_clerk).get(f"documents/{document.number}/trail/").json()
    assert [event["text"] for event in trail["results"]] == [
        "第 1 次提交",
        "留言：请尽快",
        "已否决（物业地产配合业务分管领导）",
    ]


def test_attach_fetch_and_detach(cast):
    draft, clerk = forms.purchase_request(cast), Program(cast.property_clerk)
    answer = clerk.upload(f"documents/{draft.reference}/attach/", file=picture())
    assert answer.status_code == 200
    (file,) = answer.json()["attachments"]
    assert (file["name"], file["media_type"], file["uploaded_by"]) == ("收据.png", "image/png", "林晓燕")
    got = clerk.get(f"documents/{draft.reference}/attachments/{file['id']}/")
    assert b"".join(got.streaming_content).startswith(b"\x89PNG")
    assert clerk.act(draft.reference, "detach", attachment=file["id"]).json()["attachments"] == []
    assert clerk.get(f"documents/{draft.reference}/attachments/{file['id']}/").status_code == 404


def test_discard_leaves_nothing(cast):
    draft, clerk = forms.purchase_request(cast), Program(cast.property_clerk)
    assert clerk.act(draft.reference, "discard").status_code == 204
    assert clerk.get(f"documents/{draft.reference}/").status_code == 404
    assert not Document.objects.exists()


def test_every_verb_of_the_table_has_its_route():
    for name in VERBS:
        assert reverse(f"documents_api:{name}", args=["X"]) == f"/api/v1/documents/X/{name}/"
    assert list(VERBS) == [
        "submit",
        "take_over",
        "sign",
        "opinion",
        "return",
        "reject",
        "withdraw",
        "void",
        "discard",
        "attach",
        "detach",
        "label",
        "comment",
        "lapse_rest",
    ]


# state, person, verb, fields, status, the sentence. {…} is filled with what the form is.
REFUSALS = [
    ("circulating", "property_clerk", "sign", {"revision": 1, "round": 1}, 403, "当前环节不由您处理。"),
    ("circulating", "marketing_handler", "sign", {"revision": 1, "round": 1}, 403, "当前环节不由您处理。"),
    ("circulating", "property_leader", "sign", {"revision": 2, "round": 1}, 409, "在您打开之后已有变动"),
    ("circulating", "property_leader", "sign", {"round": 1}, 400, "第几次提交：该字段是必填项。"),
    (
        "circulating",
        "property_leader",
        "opinion",
        {"revision": 1, "round": 1, "opinion": "好"},
        403,
        "须审批，不是出具意见",
    ),
    ("circulating", "property_leader", "return", {"revision": 1, "round": 1}, 400, "意见：该字段是必填项。"),
    ("circulating", "property_leader", "return", {"revision": 1, "round": 1, "opinion": " "}, 400, "意见"),
    (
        "circulating",
        "property_leader",
        "return",
        {"revision": 1, "round": 1, "opinion": "改", "to": 3},
        400,
        "只能退回给提交人或本环节之前的环节。",
    ),
    ("circulating", "property_leader", "reject", {"revision": 1, "round": 1, "opinion": ""}, 400, "意见"),
    ("circulating", "property_leader", "withdraw", {}, 403, "只有提交人可以撤回。"),
    ("circulating", "property_clerk", "submit", {}, 403, "单据「审批中」，不能修改。"),
    ("circulating", "property_clerk", "void", {"reason": "错"}, 403, "只有已退回或已撤回的单据可以作废。"),
    ("circulating", "property_clerk", "discard", {}, 403, "只有从未提交过的草稿可以删除。"),
    ("circulating", "property_clerk", "take_over", {}, 403, "只有被退回的单据可以采纳核减。"),
    ("circulating", "property_clerk", "comment", {}, 400, "留言：该字段是必填项。"),
    ("circulating", "property_clerk", "detach", {"attachment": 1}, 403, "单据「审批中」，不能修改。"),
    ("draft", "property_clerk", "comment", {"text": "好"}, 403, "草稿不能留言。"),
    ("draft", "property_clerk", "submit", {"draft_version": 99}, 409, "在您打开之后被修改过"),
    ("draft", "property_clerk", "attach", {}, 400, "文件"),
    ("draft", "property_clerk", "detach", {"attachment": 99}, 400, "附件不存在或已被移除。"),
    ("approved", "property_leader", "sign", {"revision": 1, "round": 1}, 409, "已被处理，当前状态「已通过」"),
]


@pytest.mark.parametrize(("state", "username", "verb", "fields", "status", "sentence"), REFUSALS)
def test_page_and_api_refuse_with_the_same_sentence(cast, log_in, state, username, verb, fields, status, sentence):
    make = {"draft": forms.purchase_request, "circulating": forms.submitted, "approved": forms.approved}[state]
    document = make(cast)
    before = Document.objects.values().get(pk=document.pk)

    answer = Program(cast[username]).post(f"documents/{document.name}/{verb}/", fields)
    page = log_in(cast[username]).post(reverse("documents:act", args=[document.name, verb]), fields)

    assert (answer.status_code, page.status_code) == (status, status)
    (said,) = answer.json()["errors"]
    assert sentence in said
    assert said in unescape(page.content.decode())
    assert Document.objects.values().get(pk=document.pk) == before


def test_all_that_stands_in_the_way_of_a_submission_is_told(cast):
    document = forms.purchase_request(cast, lines=[])
    answer = Program(cast.property_clerk).act(document.reference, "submit")
    assert (answer.status_code, answer.json()) == (409, {"errors": ["还没有明细行，请先填写或导入后再提交。"]})


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_a_verb_on_what_one_may_not_see_reads_like_one_on_nothing(cast, verb):
    document = forms.submitted(cast)
    foreign = Program(cast.foreign_clerk)
    body = {"revision": 1, "round": 1, "opinion": "好", "reason": "x", "text": "x", "attachment": 1}
    refused = foreign.post(f"documents/{document.number}/{verb}/", body)
    absent = foreign.post(f"documents/CH-PR-202612-999/{verb}/", body)
    assert (refused.status_code, refused.content) == (absent.status_code, absent.content)
    assert refused.status_code == 404


# Read-only fields, each under the names that bodies, models and pages use.
READ_ONLY = {
    "state": "approved",
    "number": "CH-PR-202612-777",
    "reference": "D-AAAAAAAA",
    "amount": "1.00",
    "creator": 1,
    "creator_id": 1,
    "submitted_by": 1,
    "submitted_by_id": 1,
    "project": 1,
    "project_id": 1,
    "instalment_id": 1,
    "kind": "staffing_plan",
    "side": "post",
    "policy": 1,
    "revision_n": 9,
    "round_n": 9,
    "company": 1,
    "actor": 1,
    "document_id": 1,
    "settled": "1.00",
    "confirmed": "1.00",
    "decided_at": "2026-01-01T00:00:00Z",
}


def test_fields_that_a_verb_does_not_ask_for_change_nothing(cast):
    plain, sent = forms.submitted(cast), forms.submitted(cast, instalment="CH-1")
    leader = Program(cast.property_leader)
    assert leader.act(plain.number, "sign").status_code == 200
    assert leader.act(sent.number, "sign", **READ_ONLY).status_code == 200
    changed = [
        name
        for name, value in Document.objects.values().get(pk=sent.pk).items()
        if value != Document.objects.values().get(pk=plain.pk)[name]
    ]
    apart = {"id", "reference", "number", "check_code", "instalment_id", "side", "search_text", "changed_at"}
    apart |= {"created_at", "submitted_at", "first_submitted_at"}
    assert set(changed) <= apart
    after = Document.objects.values().get(pk=sent.pk)
    assert (after["number"], after["side"], after["state"]) == ("CH-PR-202612-002", "post", "circulating")
