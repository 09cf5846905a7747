"""事后补报 and required papers on the pages and in the API: asked, kept, stored, shown."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents import circulation
from documents.models import Document, Policy, RequiredPaper
from tests import forms
from tests.api.programs import Program

pytestmark = pytest.mark.django_db

NOVEMBER = date(2026, 11, 1)
REASON = "十月底系统切换，漏报 <一份>"
SHOWN = "十月底系统切换，漏报 &lt;一份&gt;"
ASKED = "工作自 2026-11-01 开始"
GRID = {
    "lines-TOTAL": "1",
    "lines-0-category": "清洁",
    "lines-0-subject": "垃圾袋",
    "lines-0-unit": "卷",
    "lines-0-quantity": "120",
    "lines-0-price": "8.60",
}


def url(name, document, *more):
    return reverse(f"documents:{name}", args=[document.name, *more])


def entry(document):
    return reverse("budgets:edit", args=[document.name])


@pytest.fixture
def late(cast):
    return forms.purchase_request(cast, month=NOVEMBER)


# --- 事后补报 -----------------------------------------------------------------------------------------------------------------
def test_the_entry_page_asks_keeps_stores_and_everyone_sees_it(cast, log_in, late):
    client = log_in(cast.property_clerk)
    page = client.get(entry(late)).content.decode()
    assert ASKED in page
    assert 'name="late_reason" form="entry"' in page

    refused = client.post(entry(late), GRID | {"draft_version": "1", "then": "submit", "late_reason": "  "})
    assert refused.status_code == 409
    assert "此时提交属于事后补报，请填写补报原因。" in refused.content.decode()
    # Another refusal keeps the reason; saving keeps it too.
    faulty = client.post(entry(late), GRID | {"lines-0-price": "x", "draft_version": "2", "late_reason": REASON})
    assert (faulty.status_code, f">{SHOWN}</textarea>" in faulty.content.decode()) == (400, True)
    kept = client.post(entry(late), GRID | {"draft_version": "2", "then": "stay", "late_reason": REASON})
    assert (kept.status_code, f">{SHOWN}</textarea>" in kept.content.decode()) == (200, True)

    sent = client.post(entry(late), GRID | {"draft_version": "3", "then": "submit", "late_reason": REASON})
    document = Document.objects.get()
    assert sent.url == url("document", document)
    assert (document.late, document.late_reason) == (True, REASON)

    for person in (cast.property_clerk, cast.property_leader):
        client = log_in(person, fresh=True)
        page = client.get(url("document", document)).content.decode()
        assert page.count("事后补报</span>") >= 2  # head and way
        assert f"事后补报</span> {SHOWN}" in page
        preview = client.get(url("preview", document), headers={"HX-Request": "true"}).content.decode()
        assert SHOWN in preview
    assert "事后补报</span>" in client.get("/inbox/").content.decode()
    answer = Program(cast.property_leader).get(f"documents/{document.number}/").json()
    assert (answer["document"]["late"], answer["document"]["late_reason"]) == (True, REASON)


def test_the_document_page_asks_in_a_dialogue_and_without_script_on_a_page(cast, log_in, late):
    client = log_in(cast.property_clerk)
    page = client.get(url("document", late)).content.decode()
    assert 'id="dlg-submit"' in page
    assert f'formaction="{url("act", late, "submit")}"' not in page
    asked = client.get(url("act", late, "submit")).content.decode()
    assert (ASKED in asked, 'name="late_reason"' in asked) == (True, True)

    refused = client.post(url("act", late, "submit"), {"draft_version": "1", "late_reason": " "})
    assert refused.status_code == 409
    assert 'aria-labelledby="dh-submit" data-open' in refused.content.decode()
    # A refusal for another cause keeps what was typed.
    stale = client.post(url("act", late, "submit"), {"draft_version": "7", "late_reason": REASON})
    assert (stale.status_code, f">{SHOWN}</textarea>" in stale.content.decode()) == (409, True)
    assert client.post(url("act", late, "submit"), {"draft_version": "1", "late_reason": REASON}).status_code == 302
    assert Document.objects.get().late_reason == REASON


def test_a_form_in_time_and_a_resubmission_are_asked_nothing(cast, log_in, late):
    client = log_in(cast.property_clerk)
    in_time = forms.purchase_request(cast)
    submitted = circulation.submit(document_id=late.pk, actor=cast.property_clerk, late_reason=REASON)
    forms.send_back(submitted, cast.property_leader)
    for document in (in_time, Document.objects.get(pk=late.pk)):
        assert "late_reason" not in client.get(entry(document)).content.decode()
        page = client.get(url("document", document)).content.decode()
        assert "late_reason" not in page
        assert f'formaction="{url("act", document, "submit")}"' in page


def test_a_policy_that_refuses_late_forms_asks_for_no_reason(cast, log_in, late, monkeypatch):
    from documents import lateness, policies

    real = policies.setting

    def setting(policy: Policy, name: str):
        return "refuse" if name == "late_submission" else real(policy, name)

    monkeypatch.setattr(lateness.policies, "setting", setting)
    client = log_in(cast.property_clerk)
    assert "late_reason" not in client.get(url("document", late)).content.decode()
    refused = client.post(url("act", late, "submit"), {"draft_version": "1"})
    assert (refused.status_code, "现行制度不接受事后补报" in refused.content.decode()) == (409, True)


# --- required papers ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def papers(cast):
    RequiredPaper.objects.create(company=None, kind="purchase_request", name="比价单")
    RequiredPaper.objects.create(
        company=cast.projects["CH"].property_company, kind="purchase_request", name="供应商资质"
    )


def pdf(name="a.pdf", data=b"%PDF-1.4 1 0 obj quote"):
    return SimpleUploadedFile(name, data)


def test_required_papers_are_listed_chosen_and_named_before_the_submission(cast, log_in, papers):
    document = forms.purchase_request(cast)
    client = log_in(cast.property_clerk)
    for page in (client.get(entry(document)).content.decode(), client.get(url("document", document)).content.decode()):
        assert page.count('<b class="c-bad">尚缺</b>') == 2
        assert '<option value="比价单">' in page
    refused = client.post(url("act", document, "submit"), {"draft_version": "1"})
    assert refused.status_code == 409
    assert "缺少必备资料「比价单」" in refused.content.decode()

    attach = url("act", document, "attach")
    # The choice stays when the file is refused.
    wrong = client.post(attach, {"file": pdf(data=b"MZ program"), "paper": "比价单"})
    assert '<option value="比价单" selected>' in wrong.content.decode()
    assert client.post(attach, {"file": pdf(), "paper": "比价单", "next": entry(document)}).url == entry(document)
    page = client.get(entry(document)).content.decode()
    assert page.count('<b class="c-bad">尚缺</b>') == 1
    assert '<span class="tag">比价单</span>' in page

    client.post(attach, {"file": pdf("b.pdf", b"%PDF-1.4 1 0 obj b"), "paper": "供应商资质"})
    client.post(attach, {"file": pdf("c.pdf", b"%PDF-1.4 1 0 obj c")})
    answer = Program(cast.property_clerk).get(f"documents/{document.reference}/").json()
    assert [file["paper"] for file in answer["attachments"]] == ["比价单", "供应商资质", ""]
    assert answer["papers"] == [{"name": "比价单", "present": True}, {"name": "供应商资质", "present": True}]
    document.refresh_from_db()
    submit = {"draft_version": str(document.draft_version)}
    assert client.post(url("act", document, "submit"), submit).status_code == 302


def test_after_the_decision_nothing_is_missing_any_more(cast, log_in):
    document = forms.approved(cast)
    RequiredPaper.objects.create(company=None, kind="purchase_request", name="比价单")
    assert "尚缺" not in log_in(cast.property_clerk).get(url("document", document)).content.decode()


def test_a_kind_without_papers_asks_for_no_name(cast, log_in):
    page = log_in(cast.property_clerk).get(entry(forms.purchase_request(cast))).content.decode()
    assert 'name="paper"' not in page
