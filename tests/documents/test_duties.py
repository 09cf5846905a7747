"""One person, one act a round; nobody's signature counts for what they did not sign (design 4, 5, 7)."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from documents import circulation, inbox, verifying
from documents.circulation.stations import vacancies
from documents.models import Step
from documents.permissions import can_sign
from documents.refusals import Denied, Invalid
from documents.routing import Station
from documents.standing import standing
from organization import appointing, clock
from organization.models import Appointment
from tests import forms

pytestmark = pytest.mark.django_db


def give(cast, who, post, project="CH"):
    appointing.appoint(
        actor=None,
        person=cast[who],
        post=post,
        project=cast.projects[project] if project else None,
        starts_on=date(2026, 1, 1),
    )


def hand_over(cast, post, to):
    """The post's holder loses it, another person gets it."""
    for row in Appointment.objects.filter(person=cast[post], post=post):
        appointing.end_appointment(actor=None, appointment=row, ends_on=date(2026, 11, 22))
    give(cast, to, post)


def application(cast):
    origin = forms.approved(cast)
    clock.set_clock(clock.shanghai(2026, 12, 20))
    forms.confirmed(cast, origin)
    document = forms.application(cast)
    return circulation.submit(document_id=document.pk, actor=cast.property_finance)


def open_posts(document):
    return list(Step.objects.filter(document=document, status="open").values_list("post", flat=True))


def test_a_station_that_was_covered_is_asked_anew_when_the_form_comes_back_to_it(cast):
    hand_over(cast, "marketing_head", "marketing_handler")
    document = application(cast)
    for name in ("property_leader", "property_finance_head", "property_gm", "marketing_handler"):
        forms.sign(document, cast[name])
    forms.send_back(document, cast.finance, "请营销小组负责人复核", to=4)

    assert open_posts(document) == ["marketing_head"]
    assert document in inbox.to_sign(cast.marketing_handler)
    forms.sign(document, cast.marketing_handler)
    assert open_posts(document) == ["finance"]
    assert list(verifying.differences()) == []


def test_a_carried_signature_leaves_its_person_free_for_the_next_station(cast):
    hand_over(cast, "property_gm", "property_leader")
    document = application(cast)
    forms.sign(document, cast.property_leader)
    forms.send_back(document, cast.property_finance_head, "请补说明", mode="back_to_me")
    circulation.submit(document_id=document.pk, actor=cast.property_finance)
    assert open_posts(document) == ["property_finance_head"]

    forms.sign(document, cast.property_finance_head)
    forms.sign(document, cast.property_leader)
    assert open_posts(document) == ["marketing_handler"]


def test_who_submits_again_does_not_bring_their_own_signature_along(cast):
    give(cast, "property_project_manager", "property_leader")
    document = forms.submitted(cast)
    forms.sign(document, cast.property_project_manager)
    forms.send_back(document, cast.property_finance_head, "请补说明", mode="back_to_me")
    circulation.submit(document_id=document.pk, actor=cast.property_project_manager)

    assert not Step.objects.filter(document=document, revision_n=2, status="signed").exists()


def test_the_inbox_leaves_out_a_second_station_of_the_same_person(cast):
    give(cast, "marketing_handler", "finance")
    document = application(cast)
    for name in ("property_leader", "property_finance_head", "property_gm", "marketing_handler", "marketing_head"):
        forms.sign(document, cast[name])
    forms.send_back(document, cast.finance, "请复核", to=4)
    forms.sign(document, cast.marketing_head)

    assert can_sign(standing(cast.marketing_handler, document)) is not None
    assert list(inbox.to_sign(cast.marketing_handler)) == []
    assert list(inbox.to_sign(cast.finance)) == [document]


def test_the_only_holder_of_an_opinion_station_cannot_be_the_only_one_at_the_next(cast):
    hand_over(cast, "service_head", "marketing_head")
    document = forms.purchase_request(cast)
    chain = (
        Station(1, ("marketing_head",), "opinion", "客服小组职责", {"code": "always"}),
        Station(2, ("service_head",), "sign", "客服小组职责", {"code": "always"}),
    )

    assert len(vacancies(document, chain, cast.property_clerk)) == 1


def test_the_submitting_side_cannot_remove_a_signers_file(cast):
    document = forms.submitted(cast)
    upload = SimpleUploadedFile("现场.pdf", b"%PDF-1.4 1 0 obj\n%%EOF\n")
    circulation.attach(document_id=document.pk, actor=cast.property_leader, upload=upload)
    forms.send_back(document, cast.property_leader)

    with pytest.raises(Invalid, match="须留存备查"):
        circulation.detach(
            document_id=document.pk, actor=cast.property_clerk, attachment_id=document.attachments.get().pk
        )


def test_a_company_wide_post_reaches_the_own_companys_projects_alone(cast):
    give(cast, "foreign_clerk", "property_clerk", project=None)

    with pytest.raises(Denied):
        forms.purchase_request(cast, by="foreign_clerk")


def test_a_drafts_line_cannot_move_into_a_submitted_form(cast):
    submitted, draft = forms.submitted(cast), forms.purchase_request(cast, instalment="CH-1")

    with (
        pytest.raises(DatabaseError, match="guard_workline_update"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE budgets_workline SET document_id = %s WHERE document_id = %s", [submitted.pk, draft.pk])
