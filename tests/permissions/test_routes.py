"""Persons × routes: who gets what from every address, typed by hand. A route without a row fails the suite.

Rows of ``organization`` pages stand in ``tests/organization/test_pages.py``.
"""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, get_resolver, reverse
from PIL import Image

from budgets.confirming import open_completion
from documents import circulation
from documents.models import Document, Event
from tests import forms

pytestmark = pytest.mark.django_db

PERSONS = (
    "property_clerk", "property_leader", "marketing_handler", "general_manager", "regional_vp",
    "yj_property_clerk", "yj_marketing_handler", "design_reviewer", "account_auditor",
    "outsider", "administrator", "foreign_clerk", "foreign_general_manager",
)  # fmt: skip
# Who has nothing to do with a form of CH, whatever its state.
KEPT_OUT = (
    "yj_property_clerk", "yj_marketing_handler", "design_reviewer", "account_auditor",
    "outsider", "administrator", "foreign_clerk", "foreign_general_manager",
)  # fmt: skip

ALL = [200] * 13
#        clerk leader handler gm   vp   yj   yj design audit out admin foreign foreign
FORM = [200, 200, 200, 200, 404, 404, 404, 404, 404, 404, 404, 404, 404]
DRAFT = [200, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]
APPLICATION = [200, 200, 200, 200, 200, 404, 404, 404, 404, 404, 404, 404, 404]
# Who may read a form but not write in it is told so.
READ_ONLY = [409, 403, 403, 403, 404, 404, 404, 404, 404, 404, 404, 404, 404]
LEADS_ON = [302, 302, 302, 302, 404, 404, 404, 404, 404, 404, 404, 404, 404]
DRAFTER_LEADS_ON = [302, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]
# A kind of one's own to begin with; everybody else is told whose it is.
CLERK_ONLY = [200, 403, 403, 403, 403, 200, 403, 403, 403, 403, 403, 200, 403]
# In a project that one doesn't see, its instalments are like none (400); where one sees it, the post is missing (403).
CREATES_IN_CH = [201, 403, 403, 403, 403, 400, 400, 403, 403, 400, 400, 400, 400]

# (route, what its address names, status for each of PERSONS)
PAGES = [
    ("home", "", ALL),
    ("documents:inbox", "", ALL),
    ("documents:inbox_tab", "tab", ALL),
    ("documents:search", "", ALL),
    ("documents:notices", "", ALL),
    ("documents:new", "", ALL),
    ("documents:document", "form", FORM),
    ("documents:document", "draft", DRAFT),
    ("documents:document", "nothing", [404] * 13),
    ("documents:preview", "form", LEADS_ON),
    ("documents:compare", "form", FORM),
    ("documents:pdf", "form", FORM),
    ("documents:pdf", "draft", DRAFT),
    ("documents:xlsx", "form", FORM),
    ("documents:xlsx", "draft", DRAFT),
    ("documents:attachment", "file", FORM),
    ("documents:edit", "draft", DRAFTER_LEADS_ON),
    ("documents:act", "act", FORM),
    ("documents:notice", "notice", [404, 302, *[404] * 11]),
    ("documents:verify", "paper", ALL),
    ("documents:verify", "forged", [404] * 13),
    ("budgets:index", "", [302] * 13),
    ("budgets:month", "", ALL),
    ("budgets:new", "kind", CLERK_ONLY),
    ("budgets:edit", "draft", DRAFT),
    ("budgets:edit", "form", READ_ONLY),
    ("budgets:completions", "", ALL),
    ("budgets:edit_completion", "completion", DRAFT),
]
API = [
    ("documents_api:inbox", "tab", ALL),
    ("documents_api:notices", "", ALL),
    ("documents_api:documents", "", ALL),
    ("documents_api:document", "form", FORM),
    ("documents_api:document", "draft", DRAFT),
    ("documents_api:document", "nothing", [404] * 13),
    ("documents_api:trail", "form", FORM),
    ("documents_api:revision", "revision", FORM),
    ("documents_api:pdf", "form", FORM),
    ("documents_api:xlsx", "form", FORM),
    ("documents_api:attachment", "file", FORM),
]
# Answer to POST or PUT alone; whoever may not see the form finds nothing there either.
VERBS = (
    "submit", "sign", "opinion", "return", "reject", "withdraw", "void", "discard", "attach", "detach", "comment",
    "take_over",
)  # fmt: skip
POSTS = [
    *((f"documents_api:{verb}", "form") for verb in VERBS),
    ("budgets:autosave", "form"),
    ("budgets:start_completion", "form"),
    ("budgets:autosave_completion", "form"),
]
PUTS = [("budgets_api:lines", "form"), ("budgets_api:actuals", "form")]
# (route, what is sent, status for each of PERSONS)
WORK_FORM = {"kind": "purchase_request", "instalment": "CH-2", "month": "2026-12"}
CREATES = [
    ("budgets_api:work_forms", WORK_FORM, CREATES_IN_CH),
    ("budgets_api:copy", WORK_FORM, [400, *CREATES_IN_CH[1:]]),
]
# One's own notices; the health of the installation (tests/config/test_health.py); what the whole world may read.
OWN = {"documents:notices_read", "documents_api:notices_read", "documents_api:notice_read", "healthz", "schema"}
ELSEWHERE = ("organization:", "organization_api:")


class Places:
    """What the addresses name, made when asked for: forms of CH, their files, papers and notices."""

    def __init__(self, cast):
        self.cast = cast
        self.form = forms.purchase_request(cast)
        picture = BytesIO()
        Image.new("RGB", (2, 2)).save(picture, "PNG")
        upload = SimpleUploadedFile("现场.png", picture.getvalue())
        circulation.attach(document_id=self.form.pk, actor=cast.property_clerk, upload=upload)
        self.form = circulation.submit(document_id=self.form.pk, actor=cast.property_clerk)

    def __getitem__(self, place):
        return getattr(self, f"_{place}")() if place else []

    def _tab(self):
        return ["drafts"]

    def _kind(self):
        return ["purchase_request"]

    def _form(self):
        return [self.form.name]

    def _draft(self):
        return [forms.purchase_request(self.cast).name]

    def _completion(self):
        origin = forms.approved(self.cast, month=date(2026, 11, 1))
        return [open_completion(origin=origin, actor=self.cast.property_clerk).name]

    def _nothing(self):
        return ["CH-PR-209912-999"]

    def _file(self):
        return [self.form.name, self.form.attachments.get().pk]

    def _act(self):
        return [self.form.name, "comment"]

    def _revision(self):
        return [self.form.name, 1]

    def _notice(self):
        return [self.cast.property_leader.notices.get(document=self.form).pk]

    def _paper(self):
        return [self.form.number, self.form.check_code]

    def _forged(self):
        return [self.form.number, "AAAA-AAAA"]


@pytest.fixture
def places(cast):
    """A form of CH in circulation, and what hangs together with it."""
    return Places(cast)


@pytest.mark.parametrize(("route", "place", "expected"), [*PAGES, *API])
def test_persons_and_routes(cast, log_in, places, route, place, expected):
    url = reverse(route, args=places[place])
    found = {name: log_in(cast[name], fresh=True).get(url).status_code for name in PERSONS}
    assert found == dict(zip(PERSONS, expected, strict=True))


@pytest.mark.parametrize(("route", "place", "expected"), [*PAGES, *API])
@pytest.mark.parametrize("who", ["nobody", "deactivated"])
def test_visitors_get_nothing_but_the_check_of_a_paper(client, cast, log_in, places, route, place, expected, who):
    if who == "deactivated":
        log_in(cast.deactivated)
    status = client.get(reverse(route, args=places[place])).status_code
    if route == "documents:verify":
        assert status == expected[0]
    else:
        assert status == (401 if "_api:" in route else 302)


@pytest.mark.parametrize(("route", "place"), [*POSTS, *PUTS, ("documents:act", "act")])
def test_whoever_may_not_see_a_form_can_do_nothing_with_it(cast, log_in, places, route, place):
    url = reverse(route, args=places[place])
    sent = {"text": "我也说一句", "opinion": "同意", "revision": 1, "round": 1, "month": "2026-12", "lines": []}
    method = "put" if (route, place) in PUTS else "post"
    kind = {"content_type": "application/json"} if "_api:" in route else {}
    before = list(Document.objects.values()), Event.objects.count()
    found = {name: getattr(log_in(cast[name], fresh=True), method)(url, sent, **kind).status_code for name in KEPT_OUT}
    assert found == dict.fromkeys(KEPT_OUT, 404)
    assert (list(Document.objects.values()), Event.objects.count()) == before


@pytest.mark.parametrize(("route", "sent", "expected"), CREATES)
def test_persons_and_what_they_may_begin(cast, log_in, route, sent, expected):
    found = {}
    for name in PERSONS:
        before = Document.objects.count()
        browser = log_in(cast[name], fresh=True)
        found[name] = browser.post(reverse(route), sent, content_type="application/json").status_code
        assert Document.objects.count() == before + (found[name] == 201)
    assert found == dict(zip(PERSONS, expected, strict=True))


@pytest.mark.parametrize("name", KEPT_OUT)
def test_what_may_not_be_seen_reads_like_what_does_not_exist(cast, log_in, places, name):
    browser = log_in(cast[name])
    for route in ("documents:document", "documents_api:document"):
        hidden = browser.get(reverse(route, args=places["form"])).content
        absent = browser.get(reverse(route, args=places["nothing"])).content
        assert _masked(hidden, places["form"][0]) == _masked(absent, places["nothing"][0])


@pytest.mark.parametrize(("route", "place"), [*POSTS, *PUTS])
def test_what_changes_something_does_not_answer_get(cast, log_in, places, route, place):
    assert log_in(cast.property_clerk).get(reverse(route, args=places[place])).status_code == 405


def test_every_route_has_a_row():
    rows = {row[0] for row in (*PAGES, *API, *POSTS, *PUTS, *CREATES)} | OWN
    routes = {name for name in _names(get_resolver()) if not name.startswith(ELSEWHERE)}
    assert routes == rows


def _masked(body: bytes, name: str) -> str:
    import re

    text = body.decode().replace(name, "…")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)


def _names(resolver, namespace: str = "") -> set[str]:
    found = set()
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            found.add(f"{namespace}{pattern.name}")
        else:
            found |= _names(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
    return found
