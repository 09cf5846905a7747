"""As which required paper a file counts can be said after it was uploaded: by whom, what the trail says, what stays hidden."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, transaction
from django.urls import reverse

from budgets.confirming import open_completion
from documents import circulation, papers, verifying
from documents.models import Attachment, Document, RequiredPaper
from documents.refusals import Denied, Invalid
from documents.vocabulary import Kind
from documents.wording import event_text
from tests import forms
from tests.permissions.world import picture

pytestmark = pytest.mark.django_db

QUOTE, DEED = "报价单", "委托"


@pytest.fixture(autouse=True)
def required(db):
    """A purchase request needs one paper; the other is required of other forms only."""
    RequiredPaper.objects.create(kind=Kind.PURCHASE_REQUEST, name=QUOTE)


def upload(document, person, data=b"one", paper=""):
    file = SimpleUploadedFile("扫描件.pdf", b"%PDF-1.4 1 0 obj " + data)
    circulation.attach(document_id=document.pk, actor=person, upload=file, paper=paper)
    return Attachment.objects.get(document=document, uploaded_by=person)


def label(document, person, file, paper=QUOTE):
    return circulation.label(document_id=document.pk, actor=person, attachment_id=file.pk, paper=paper)


def told(document):
    return [event_text(event) for event in document.events.filter(code="labelled").order_by("seq")]


def post(client, document, file, paper):
    address = reverse("documents:act", args=[document.name, "label"])
    return client.post(address, {"attachment": file.pk, "paper": paper})


def test_a_file_named_afterwards_lets_the_form_be_submitted(cast, log_in):
    document = forms.purchase_request(cast)
    file = upload(document, cast.property_clerk)
    assert papers.missing(document) == [QUOTE]
    client = log_in(cast.property_clerk)
    page = client.get(reverse("budgets:edit", args=[document.name])).content.decode()
    assert f'id="paper-{file.pk}"' in page
    assert post(client, document, file, QUOTE).status_code == 302
    assert papers.missing(document) == []
    # A draft leaves nothing behind; its signers see the form as it is submitted.
    document = circulation.submit(document_id=document.pk, actor=cast.property_clerk)
    assert told(document) == []


def test_what_is_no_paper_of_the_form_is_refused_with_the_choices(cast, log_in):
    document = forms.purchase_request(cast)
    file = upload(document, cast.property_clerk)
    answer = post(log_in(cast.property_clerk), document, file, DEED)
    assert answer.status_code == 400
    assert "「委托」不是此单的资料名称；可选：报价单。" in answer.content.decode()
    with pytest.raises(Invalid, match="附件不存在"):
        circulation.label(document_id=document.pk, actor=cast.property_clerk, attachment_id=0, paper="")


def test_naming_a_returned_forms_file_is_on_the_trail_and_hidden_until_it_is_submitted_again(cast, log_in):
    document = forms.purchase_request(cast)
    file = upload(document, cast.property_clerk, paper=QUOTE)
    circulation.submit(document_id=document.pk, actor=cast.property_clerk)
    document = forms.send_back(document, cast.property_leader)
    label(document, cast.property_clerk, file, "")
    label(document, cast.property_clerk, file, "")
    assert told(document) == ["附件 扫描件.pdf 不再标注为「报价单」"]
    other = log_in(cast.property_leader).get(reverse("documents:document", args=[document.name])).content.decode()
    assert "不再标注" not in other
    assert f'<span class="tag">{QUOTE}</span>' in other
    label(document, cast.property_clerk, file)
    circulation.submit(document_id=document.pk, actor=cast.property_clerk)
    other = log_in(cast.property_leader).get(reverse("documents:document", args=[document.name])).content.decode()
    assert "附件 扫描件.pdf 标注为「报价单」" in other
    assert list(verifying.differences()) == []


def test_a_signer_names_their_own_file_and_nobody_elses(cast, log_in):
    document = forms.purchase_request(cast)
    first = upload(document, cast.property_clerk, paper=QUOTE)
    document = circulation.submit(document_id=document.pk, actor=cast.property_clerk)
    with pytest.raises(Denied, match="您没有在此单上传过附件"):
        label(document, cast.property_leader, first, "")
    own = upload(document, cast.property_leader, b"two")
    page = log_in(cast.property_leader).get(reverse("documents:document", args=[document.name])).content.decode()
    assert f'id="paper-{own.pk}"' in page
    assert f'id="paper-{first.pk}"' not in page
    label(document, cast.property_leader, own)
    assert told(document) == ["附件 扫描件.pdf 标注为「报价单」"]
    with pytest.raises(Denied, match="由林晓燕上传，资料名称由其本人标注"):
        label(document, cast.property_leader, first, "")
    forms.sign(document, cast.property_leader)
    with pytest.raises(Denied):
        label(document, cast.property_leader, own, "")


def test_the_drafting_side_does_not_name_what_the_developer_has_added(cast):
    document = forms.purchase_request(cast)
    upload(document, cast.property_clerk, paper=QUOTE)
    document = circulation.submit(document_id=document.pk, actor=cast.property_clerk)
    for username in ("property_leader", "property_finance_head"):
        forms.sign(document, cast[username])
    theirs = upload(document, cast.marketing_handler, b"two")
    document = forms.send_back(document, cast.marketing_handler)
    with pytest.raises(Denied, match="由陈思琪上传"):
        label(document, cast.property_clerk, theirs)


def test_the_database_lets_nothing_else_of_a_file_change_and_nothing_after_the_decision(cast):
    document = forms.purchase_request(cast)
    file = upload(document, cast.property_clerk, paper=QUOTE)
    circulation.submit(document_id=document.pk, actor=cast.property_clerk)
    row = Attachment.objects.filter(pk=file.pk)
    for change in ({"name": "别的.pdf"}, {"size": 1}, {"name": "别的.pdf", "paper": DEED}):
        with pytest.raises(Error, match="guard_attachment_fixed"), transaction.atomic():
            row.update(**change)
    assert row.update(paper="") == 1
    row.update(paper=QUOTE)
    assert forms.sign_through(Document.objects.get(pk=document.pk), cast).state == "approved"
    with pytest.raises(Error, match="guard_attachment_fixed"), transaction.atomic():
        row.update(paper="")


def test_verify_names_a_paper_that_the_trail_does_not_know(cast):
    document = forms.purchase_request(cast)
    file = upload(document, cast.property_clerk, paper=QUOTE)
    circulation.submit(document_id=document.pk, actor=cast.property_clerk)
    document = forms.send_back(document, cast.property_leader)
    label(document, cast.property_clerk, file, "")
    Attachment.objects.filter(pk=file.pk).update(paper=QUOTE)
    assert list(verifying.differences()) == [f"documents_attachment {file.pk} paper"]


def test_a_file_of_a_confirmation_is_named_afterwards_by_a_suggested_paper(cast, log_in, fixed_clock):
    """考勤 is asked of nobody and may be said of a file all the same; the page shows it as chosen."""
    RequiredPaper.objects.filter(name=QUOTE).delete()
    origin = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    completion = open_completion(origin=origin, actor=cast.property_clerk)
    circulation.attach(document_id=completion.pk, actor=cast.property_clerk, upload=picture("签到.png", "black"))
    file = completion.attachments.get()
    circulation.label(document_id=completion.pk, actor=cast.property_clerk, attachment_id=file.pk, paper="考勤")
    page = log_in(cast.property_clerk).get(f"/budgets/completions/{completion.reference}/edit/").content.decode()
    assert '<option value="考勤" selected>' in page
