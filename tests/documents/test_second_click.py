"""A draft's address after the draft was submitted: a second click and an old tab are told what became of it."""

import pytest
from django.urls import reverse

from documents import circulation
from documents.models import Document
from tests import forms
from tests.api.programs import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(cast, fixed_clock):
    """A confirmation and an application that were drafts a moment ago, by the pages on which they were written."""
    origin = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    completion = forms.completion(origin=origin, actor=cast.property_clerk)
    circulation.submit(document_id=completion.pk, actor=cast.property_clerk)
    done = forms.sign_through(completion, cast)
    application = forms.application(cast, by="property_clerk")
    circulation.submit(document_id=application.pk, actor=cast.property_clerk)
    return {
        reverse("budgets:edit_completion", args=[done.reference]): Document.objects.get(pk=done.pk),
        reverse("settlements:edit", args=[application.reference]): Document.objects.get(pk=application.pk),
    }


def test_an_entry_page_says_under_which_number_the_draft_was_submitted(cast, log_in, submitted):
    client = log_in(cast.property_clerk)
    for address, document in submitted.items():
        for answer in (client.get(address), client.post(address, {"then": "submit", "draft_version": 1})):
            assert answer.status_code == 409, address
            assert f"此草稿已提交为 {document.number}" in answer.content.decode()


def test_verbs_and_programs_find_the_form_and_refuse_with_a_sentence(cast, log_in, submitted):
    for document in submitted.values():
        page = log_in(cast.property_clerk).post(reverse("documents:act", args=[document.reference, "submit"]))
        assert page.status_code == 403
        assert document.number in page.content.decode()
        program = Program(cast.property_clerk)
        assert document.number in program.get(f"documents/{document.reference}/").content.decode()
        assert program.act(document.reference, "submit").status_code == 403


def test_people_of_another_project_get_404_under_either_name(cast, log_in, submitted):
    client = log_in(cast.yj_property_clerk)
    for address, document in submitted.items():
        assert client.get(address).status_code == 404
        for name in (document.reference, document.number):
            assert client.get(reverse("documents:document", args=[name])).status_code == 404
