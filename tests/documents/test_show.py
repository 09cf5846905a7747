"""``manage.py show``: one form as data for scripts."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests import forms

pytestmark = pytest.mark.django_db


def show(capsys, *arguments):
    call_command("show", *arguments)
    return json.loads(capsys.readouterr().out)


def test_a_running_form_is_shown_with_lines_and_steps(cast, capsys):
    document = forms.submitted(cast)
    forms.sign(document, cast.property_leader)

    data = show(capsys, "CH-PR-202612-001", "--json")

    assert {key: data[key] for key in ("kind", "number", "state", "side", "amount", "revision")} == {
        "kind": "purchase_request",
        "number": "CH-PR-202612-001",
        "state": "circulating",
        "side": "pre",
        "amount": "8643.00",
        "revision": 1,
    }
    assert [(line["subject"], line["quantity"], line["price"], line["amount"]) for line in data["lines"]] == [
        ("洗地机清洁剂", "6", "168.50", "1011.00"),
        ("垃圾袋", "120", "8.60", "1032.00"),
        ("鲜花绿植更换", "4", "1650.00", "6600.00"),
    ]
    assert data["steps"] == [
        {"position": 1, "post": "property_leader", "status": "signed", "person": "property_leader"},
        {"position": 1, "post": "property_finance_head", "status": "open", "person": None},
        {"position": 2, "post": "marketing_handler", "status": "waiting", "person": None},
        {"position": 3, "post": "marketing_head", "status": "waiting", "person": None},
    ]


def test_a_draft_is_found_by_its_reference_and_has_neither_number_nor_steps(cast, capsys):
    draft = forms.purchase_request(cast)

    data = show(capsys, draft.reference, "--json")

    assert (data["reference"], data["number"], data["state"], data["revision"]) == (draft.reference, None, "draft", 0)
    assert (data["amount"], len(data["lines"]), data["steps"]) == ("8643.00", 3, [])


def test_the_reference_of_a_draft_still_finds_the_form_once_it_has_a_number(cast, capsys):
    document = forms.submitted(cast)

    assert show(capsys, document.reference, "--json")["number"] == document.number


def test_a_cut_form_shows_the_amounts_that_count(cast, capsys):
    from documents import circulation

    document = forms.submitted(cast)
    line = document.work_lines.get(subject="鲜花绿植更换")
    forms.send_back(document, cast.property_leader, proposals={line.key: forms.Decimal("6000.00")})
    circulation.take_over(document_id=document.pk, actor=cast.property_clerk)

    data = show(capsys, document.number, "--json")

    assert (data["amount"], data["revision"]) == ("8043.00", 2)
    assert [line["amount"] for line in data["lines"]] == ["1011.00", "1032.00", "6000.00"]


def test_an_unknown_form_ends_with_an_error(cast, capsys):
    with pytest.raises(CommandError):
        call_command("show", "CH-PR-202612-999")
    with pytest.raises(SystemExit) as ended:
        call_command("show", "CH-PR-202612-999", "--json")
    assert ended.value.code == 1
    assert json.loads(capsys.readouterr().out) == {"error": "no document CH-PR-202612-999"}
