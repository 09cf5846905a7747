"""States × verbs × posts: who may do what with a purchase request, typed by hand.

What is not in the table is refused: by the verb itself, by the page and by the API. A button is offered exactly where the
verb works.
"""

import itertools
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from documents import circulation, verbs
from documents.models import Document, RequiredPaper
from documents.refusals import Refused
from documents.vocabulary import Kind
from tests import forms

DRAFTERS = ("property_clerk", "property_project_manager")
READERS = (
    *DRAFTERS,
    "property_leader",
    "property_finance",
    "property_finance_head",
    "property_gm",
    "marketing_handler",
    "marketing_head",
    "service_handler",
    "service_head",
    "department_head",
    "finance",
    "general_manager",
)
STRANGERS = (
    "administrator",
    "outsider",
    "deactivated",
    "requesting_department_head",
    "leader_in_charge",
    "finance_leader",
    "payment_signatory",
    "account_auditor",
    "design_reviewer",
    "project_engineer",
    "regional_vp",
    "yj_property_clerk",
    "yj_marketing_handler",
    "foreign_clerk",
    "foreign_general_manager",
)
JOINT = ("property_leader", "property_finance_head")
VERBS = (
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
)

# Instalment CH-2, before move-in: {property_leader, property_finance_head} → marketing_handler → marketing_head.
ALLOWED: dict[str, dict[str, tuple[str, ...]]] = {
    "draft": {
        "submit": DRAFTERS,
        "discard": ("property_clerk",),
        "attach": DRAFTERS,
        "detach": DRAFTERS,
        "label": DRAFTERS,
    },
    "station 1": {
        "sign": JOINT,
        "return": JOINT,
        "reject": JOINT,
        "attach": JOINT,
        "withdraw": ("property_clerk",),
        "comment": READERS,
    },
    "station 1, one has signed": {
        "sign": ("property_finance_head",),
        "return": ("property_finance_head",),
        "reject": ("property_finance_head",),
        "attach": ("property_finance_head",),
        "comment": READERS,
    },
    "station 2": {
        "sign": ("marketing_handler",),
        "return": ("marketing_handler",),
        "reject": ("marketing_handler",),
        "attach": ("marketing_handler",),
        "comment": READERS,
    },
    "station 3": {
        "sign": ("marketing_head",),
        "return": ("marketing_head",),
        "reject": ("marketing_head",),
        "attach": ("marketing_head",),
        "comment": READERS,
    },
    "returned": {
        "submit": DRAFTERS,
        "take_over": DRAFTERS,
        "void": ("property_clerk",),
        "attach": DRAFTERS,
        "detach": DRAFTERS,
        "label": DRAFTERS,
        "comment": READERS,
    },
    "withdrawn": {
        "submit": DRAFTERS,
        "void": ("property_clerk",),
        "attach": DRAFTERS,
        "detach": DRAFTERS,
        "label": DRAFTERS,
        "comment": READERS,
    },
    "approved": {"comment": READERS, "lapse_rest": (*DRAFTERS, "marketing_handler", "marketing_head")},
    "rejected": {"comment": READERS},
    "voided": {"comment": READERS},
}

# Whom the page and the API are asked for: drawing a refusal takes time, and all doors lead to one function.
AT_THE_DOORS = (*DRAFTERS, *JOINT, "marketing_handler", "marketing_head", "finance", "yj_property_clerk")

# Without it a purchase request of these tests cannot be submitted.
PAPER = "报价单"

_numbers = itertools.count(1)


def paper() -> SimpleUploadedFile:
    """A file that no other is equal to."""
    return SimpleUploadedFile("附件.pdf", b"%%PDF-1.4 1 0 obj %d" % next(_numbers))


def made(cast: Any, state: str) -> Document:
    """A purchase request in a state, with an attachment that can be taken away where anything can."""
    clerk = cast.property_clerk
    RequiredPaper.objects.create(kind=Kind.PURCHASE_REQUEST, name=PAPER)
    document = forms.purchase_request(cast)
    circulation.attach(document_id=document.pk, actor=clerk, upload=paper(), paper=PAPER)
    if state == "draft":
        return document
    circulation.submit(document_id=document.pk, actor=clerk)
    signers = {"station 1, one has signed": 1, "station 2": 2, "station 3": 3, "approved": 4}.get(state, 0)
    for username in (*JOINT, "marketing_handler", "marketing_head")[:signers]:
        forms.sign(document, cast[username])
    if state == "returned":
        line = document.work_lines.first()
        forms.send_back(document, cast.property_leader, proposals={line.key: line.amount - 1})
    if state in ("withdrawn", "voided"):
        circulation.withdraw(document_id=document.pk, actor=clerk)
    if state == "voided":
        circulation.void(document_id=document.pk, actor=clerk, reason="重复填报")
    if state == "rejected":
        now = Document.objects.get(pk=document.pk)
        circulation.reject(document_id=now.pk, actor=cast.property_leader, revision=1, round_n=1, opinion="不需要")
    if state in ("returned", "withdrawn"):
        circulation.attach(document_id=document.pk, actor=clerk, upload=paper())
    return Document.objects.get(pk=document.pk)


def fields(document: Document, verb: str) -> dict[str, Any]:
    """What the verb asks for, as someone who sees the form now would send it."""
    seen = {"revision": document.revision_n, "round": document.round_n}
    return {
        "sign": seen,
        "opinion": {**seen, "opinion": "可行"},
        "return": {**seen, "opinion": "请核减"},
        "reject": {**seen, "opinion": "不同意"},
        "void": {"reason": "重复填报"},
        "comment": {"text": "请尽快"},
        "lapse_rest": {"lines": [line.key for line in document.work_lines.all()], "reason": "不再执行"},
        "attach": {"file": paper()},
        "detach": {"attachment": document.attachments.order_by("-pk").values_list("pk", flat=True).first()},
        "label": {
            "attachment": document.attachments.order_by("-pk").values_list("pk", flat=True).first(),
            "paper": PAPER,
        },
    }.get(verb, {})


class ByFunction:
    """The verb itself, past every door."""

    people = READERS + STRANGERS

    def __init__(self, document: Document, person: Any) -> None:
        self.document, self.person = document, person

    def does(self, verb: str) -> bool:
        """Whether it went through."""
        try:
            verbs.perform(verb, Document.objects.get(pk=self.document.pk), self.person, fields(self.document, verb))
        except Refused:
            return False
        return True


class ByPage:
    """The form's page, whether it shows a button or not."""

    people = AT_THE_DOORS

    def __init__(self, document: Document, person: Any) -> None:
        self.document, self.browser = document, Client()
        self.browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    def does(self, verb: str) -> bool:
        """Whether it went through."""
        address = reverse("documents:act", args=[self.document.name, verb])
        answer = self.browser.post(address, fields(self.document, verb))
        assert answer.status_code in (302, 400, 403, 404, 409)
        return answer.status_code == 302 and not answer["Location"].startswith("/login/")


class ByApi:
    """The verb's route."""

    people = AT_THE_DOORS

    def __init__(self, document: Document, person: Any) -> None:
        key = Token.objects.create(user=person).key
        self.document, self.program = document, Client(headers={"Authorization": f"Token {key}"})

    def does(self, verb: str) -> bool:
        """Whether it went through."""
        more = {} if verb == "attach" else {"content_type": "application/json"}
        address = reverse(f"documents_api:{verb}", args=[self.document.name])
        answer = self.program.post(address, fields(self.document, verb), **more)
        assert answer.status_code in (200, 204, 400, 403, 404, 409)
        return answer.status_code in (200, 204)


def succeeded(door: Any, document: Document, cast: Any) -> dict[str, tuple[str, ...]]:
    """Who got through a door with which verb; every try in a savepoint of its own, which is taken back."""
    found: dict[str, tuple[str, ...]] = {}
    for username in door.people:
        way_in = door(document, cast[username])
        for verb in VERBS:
            with transaction.atomic():
                if way_in.does(verb):
                    found[verb] = (*found.get(verb, ()), username)
                transaction.set_rollback(True)
    return found


def test_the_table_knows_every_verb_state_and_post(cast):
    assert set(verbs.VERBS) == set(VERBS)
    assert {state.split()[0] for state in ALLOWED} - {"station"} == {
        "draft", "returned", "withdrawn", "approved", "rejected", "voided",
    }  # fmt: skip
    assert set(cast.people) - {"yj_service_handler"} == set(READERS + STRANGERS)


@pytest.fixture
def _undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused page is not drawn: its status is asked for, and what stands on it has tests of its own."""
    monkeypatch.setattr("documents.views.showing.page", lambda *_args, **_more: {})
    monkeypatch.setattr("django.template.backends.django.Template.render", lambda *_args, **_more: "")


@pytest.mark.django_db
@pytest.mark.usefixtures("_undrawn")
@pytest.mark.parametrize("door", [ByFunction, ByPage, ByApi])
@pytest.mark.parametrize("state", ALLOWED)
def test_exactly_these_succeed(cast, caplog, state, door):
    caplog.set_level("CRITICAL", "django")
    document = made(cast, state)
    expected = {verb: set(people) & set(door.people) for verb, people in ALLOWED[state].items()}
    assert {verb: set(people) for verb, people in succeeded(door, document, cast).items()} == expected


@pytest.mark.django_db
@pytest.mark.parametrize("state", ALLOWED)
def test_a_button_is_offered_exactly_where_the_verb_works(cast, state):
    document = made(cast, state)
    for username in READERS if state != "draft" else DRAFTERS:
        expected = {verb for verb, people in ALLOWED[state].items() if username in people}
        offered = {offer.verb.name for offer in verbs.available(document, cast[username]) if offer.denial is None}
        assert offered == expected, username
        browser = Client()
        browser.force_login(cast[username], backend="django.contrib.auth.backends.ModelBackend")
        page = browser.get(reverse("documents:document", args=[document.name])).content.decode()
        assert set(re.findall(rf"/documents/{document.name}/act/(\w+)/", page)) == expected, username
