"""A project out of use takes no new work, results or papers, whichever way they come; what it owes is still settled."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from documents import circulation, drafting
from documents.models import Document
from documents.refusals import Denied
from documents.vocabulary import Kind
from tests import forms
from tests.api.programs import Program

pytestmark = pytest.mark.django_db

WORKBOOK = Path(__file__).parents[1] / "budgets" / "samples" / "03-物业采购申请表.xlsx"
CLOSED = "项目「翠湖花园」已停用，不能再新建「%s」；已批准的工作仍可做事后确认和费用申请。"


def close(cast):
    project = cast.projects["CH"]
    project.is_active = False
    project.save()
    for instalment in cast.instalments.values():
        instalment.refresh_from_db()


def test_no_work_form_is_begun_on_the_page_the_api_or_by_command(cast, log_in):
    close(cast)
    place = {"kind": "purchase_request", "instalment": "CH-2", "month": "2026-12"}
    answer = Program(cast.property_clerk).post("work-forms/", place)
    assert (answer.status_code, answer.json()["errors"]) == (403, [CLOSED % "物业采购申请表"])

    where = ("--project", "CH", "--instalment", "CH-2", "--month", "2026-12", "--as", "property_clerk")
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("import_form", "purchase_request", str(WORKBOOK), *where, "--json", stdout=out)
    assert CLOSED % "物业采购申请表" in out.getvalue()

    chosen = {"instalment": cast.instalments["CH-2"].pk, "month": "2026-12", "way": "empty"}
    assert log_in(cast.property_clerk).post("/budgets/new/purchase_request/", chosen).status_code == 400
    with pytest.raises(Denied, match="已停用"):
        forms.purchase_request(cast)
    assert not Document.objects.exists()


@pytest.mark.parametrize("kind", [Kind.PHASE_RESULT, Kind.PUBLICITY_CONFIRMATION, Kind.SERVICE_AGREEMENT])
def test_no_result_and_no_paper_is_begun(cast, kind):
    close(cast)
    person = {Kind.PHASE_RESULT: "property_clerk", Kind.PUBLICITY_CONFIRMATION: "marketing_handler"}
    with pytest.raises(Denied, match="已停用"):
        drafting.open_draft(
            kind=kind, actor=cast[person.get(kind, "service_handler")], project=cast.projects["CH"], title="x"
        )


def test_its_approved_work_is_confirmed_and_applied_for(cast, fixed_clock, log_in):
    approved = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    close(cast)
    approved = Document.objects.get(pk=approved.pk)
    begun = Program(cast.property_clerk).post("completions/", {"origin": approved.number})
    assert begun.status_code == 201
    completion = forms.completion(origin=approved, actor=cast.property_clerk)
    completion = circulation.submit(document_id=completion.pk, actor=cast.property_clerk)
    forms.sign_through(completion, cast)

    chosen = {"project": "CH", "month": "2026-12", "side": "pre", "nature": "monthly"}
    page = log_in(cast.property_finance).get("/settlements/new/", chosen)
    assert page.status_code == 200
    application = Program(cast.property_finance).post(
        "applications/", {"project": "CH", "month": "2026-12", "side": "pre"}
    )
    assert application.status_code == 201
