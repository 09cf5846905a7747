"""The doors of the API: tokens, sessions with CSRF, bodies that are no bodies, and the schema."""

import io

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from django.urls import URLResolver, get_resolver
from rest_framework.authtoken.models import Token

from documents.models import Document
from documents.verbs import VERBS
from organization import appointing
from tests import forms
from tests.api.programs import ROOT, Program

pytestmark = pytest.mark.django_db
COMMENT = {"text": "好"}


def test_a_session_needs_its_csrf_token_and_a_program_does_not(cast):
    document = forms.submitted(cast)
    address = f"{ROOT}documents/{document.number}/comment/"
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.property_clerk, backend="django.contrib.auth.backends.ModelBackend")
    refused = browser.post(address, COMMENT, content_type="application/json")
    assert (refused.status_code, len(refused.json()["errors"])) == (403, 1)
    wrong = browser.post(address, COMMENT, content_type="application/json", headers={"X-CSRFToken": "a" * 32})
    assert wrong.status_code == 403
    browser.get("/inbox/")
    token = browser.cookies["csrftoken"].value
    allowed = browser.post(address, COMMENT, content_type="application/json", headers={"X-CSRFToken": token})
    assert allowed.status_code == 200
    key = Token.objects.create(user=cast.property_leader).key
    program = Client(enforce_csrf_checks=True, headers={"Authorization": f"Token {key}"})
    assert program.post(address, COMMENT, content_type="application/json").status_code == 200


@pytest.mark.parametrize("header", [None, "Token ", "Token wrong", "Token a b", "Bearer x", "Token \xff"])
def test_without_a_token_there_is_nothing_to_see(cast, header):
    client = Client(headers={"Authorization": header} if header else {})
    answer = client.get(f"{ROOT}documents/")
    assert (answer.status_code, len(answer.json()["errors"])) == (401, 1)
    assert answer["WWW-Authenticate"] == "Token"


def test_the_token_of_someone_who_left_opens_nothing(cast):
    program = Program(cast.property_leader)
    assert program.get("documents/").status_code == 200
    appointing.deactivate(actor=cast.administrator, person=cast.property_leader)
    assert program.get("documents/").status_code == 401


BODIES = [
    (b"{", "application/json", 400),
    (b"\xff\xfe", "application/json", 400),
    (b"[" * 100_000, "application/json", 400),
    (b'{"text": NaN}', "application/json", 400),
    (b'{"text": "\\ud800"}', "application/json", 400),
    (b'{"text": "a\\u0000b"}', "application/json", 400),
    (b"[]", "application/json", 400),
    (b'"text"', "application/json", 400),
    (b"null", "application/json", 400),
    (b"1" * 5000, "application/json", 400),
    (b'{"text": {"a": 1}}', "application/json", 400),
    (b'{"text": ""}', "application/json", 400),
    (b'{"text": "' + b"x" * 501 + b'"}', "application/json", 400),
    (b'{"text": "' + b"x" * (4 * 1024 * 1024) + b'"}', "application/json", 413),
    (b"text=%FF", "text/plain", 415),
    (b"--x\r\n", "multipart/form-data; boundary=x", 400),
    (b"", "multipart/form-data", 400),
]


@pytest.mark.parametrize(("body", "media_type", "status"), BODIES, ids=range(len(BODIES)))
def test_a_body_that_is_none_is_told_and_never_breaks(cast, body, media_type, status):
    document = forms.submitted(cast)
    program = Program(cast.property_clerk)
    answer = program.client.post(f"{ROOT}documents/{document.number}/comment/", body, content_type=media_type)
    assert answer.status_code == status, answer.content.decode()
    assert answer.json()["errors"]
    assert document.events.count() == 1


def test_a_method_that_a_route_has_not_is_refused(cast):
    document = forms.submitted(cast)
    program = Program(cast.property_clerk)
    for method in ("put", "patch", "delete"):
        answer = getattr(program.client, method)(f"{ROOT}documents/{document.number}/")
        assert (answer.status_code, len(answer.json()["errors"])) == (405, 1)
    assert Document.objects.filter(pk=document.pk).exists()


@pytest.fixture(scope="module")
def schema():
    text = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=text)
    return yaml.safe_load(text.getvalue())


def test_the_schema_is_valid_and_shows_every_verb_with_its_fields(schema):
    fields = {
        "submit": {"draft_version", "late_reason"},
        "take_over": None,
        "sign": {"revision", "round", "opinion"},
        "opinion": {"revision", "round", "opinion"},
        "return": {"revision", "round", "opinion", "to", "mode", "proposals"},
        "reject": {"revision", "round", "opinion"},
        "withdraw": None,
        "void": {"reason"},
        "discard": None,
        "attach": {"file", "paper"},
        "detach": {"attachment"},
        "label": {"attachment", "paper"},
        "comment": {"text"},
        "lapse_rest": {"lines", "reason"},
    }
    assert set(fields) == set(VERBS)
    for name, expected in fields.items():
        operation = schema["paths"][f"/api/v1/documents/{{reference}}/{name}/"]["post"]
        if expected is None:
            assert "requestBody" not in operation
            continue
        (body, *_others) = operation["requestBody"]["content"].values()
        component = schema["components"]["schemas"][body["schema"]["$ref"].rsplit("/", 1)[1]]
        assert set(component["properties"]) == expected


def patterns(resolver):
    """Every address under a resolver."""
    for part in resolver.url_patterns:
        if isinstance(part, URLResolver):
            yield from patterns(part)
        else:
            yield part


def test_every_route_of_the_api_stands_in_the_schema(schema):
    (api,) = [part for part in get_resolver().url_patterns if str(part.pattern) == "api/v1/"]
    assert len(list(patterns(api))) == len(schema["paths"]) + 1  # the schema's own
    assert {answer for path in schema["paths"].values() for way in path.values() for answer in way["responses"]} >= {
        "200", "201", "204", "400", "401", "403", "404", "409", "413",
    }  # fmt: skip
