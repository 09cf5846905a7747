"""A canary in another project: every text and file name of YJ holds one word, and people of CH meet it nowhere."""

import io
import json
import re
import zipfile
from collections import deque
from datetime import date, time
from decimal import Decimal
from html import unescape
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from budgets.confirming import open_completion, save_completion
from budgets.models import Split, WorkForm
from documents import circulation
from documents.models import Document
from intervention import phasing, planning, records, reminding, ticking
from intervention.assessing import scoring
from intervention.assessing.opening import open_assessment
from intervention.daily import writing
from intervention.drafting import open_result, save_result
from intervention.models import Photo, Plan
from intervention.planning_work import advising, surveying
from intervention.site import finding, guarding, meeting, visiting
from organization import places
from organization.models import Instalment, Person, Project
from settlements.applying import open_application
from settlements.packs import FORMATS, runs
from tests import forms
from tests.budgets import sharing
from tests.intervention import assessed, papered, planned, site
from tests.people import Cast
from tests.permissions.world import World, picture

CANARY = "金丝雀QXZV"
LINES = [
    {"category": "清洁", "subject": f"{CANARY}品名", "specification": f"{CANARY}规格", "unit": "桶",
     "quantity": "3", "price": "7.77", "description": f"{CANARY}用途", "remark": f"{CANARY}备注"},
]  # fmt: skip
STAFF = [{"department_name": f"{CANARY}部", "subject": f"{CANARY}岗位", "quantity": "1", "wage": "7777"}]
# Those who belong to CH alone.
PEOPLE_OF_CH = ("property_clerk", "marketing_handler", "service_handler", "account_auditor")
API = ("documents/", "inbox/to-sign/", "inbox/mine/", "inbox/done/", "inbox/copied/", "inbox/drafts/", "inbox/overdue/",
       "notices/", "me/", "calendar/", "plans/", "plan-items/?due=overdue", "plan-items/?project=YJ",
       "projects/", "projects/YJ/plan-shift/", f"documents/?text={CANARY}", "documents/?text=YJ", "documents/?project=YJ",
       "promises/", "promises/?project=YJ", "found-promises/?project=YJ", "agreements/", "schema/", "packs/?month=2026-11", "packs/zip/?month=2026-11")  # fmt: skip
PAGES = (
    "/", "/inbox/", "/notices/", f"/search/?q={CANARY}", "/search/?q=YJ", "/search/?q=yjf", "/projects/",
    "/budgets/months/?month=2026-12", "/budgets/months/?month=2026-10&project=YJ", "/settlements/applications/?month=2026-11",
    "/intervention/", "/intervention/?project=YJ", "/intervention/board/", "/intervention/due/", "/intervention/dates/YJ/",
    "/intervention/visits/?project=YJ", "/intervention/findings/?project=YJ", "/intervention/meetings/?project=YJ",
    "/intervention/guard-posts/?project=YJ", "/intervention/days/?project=YJ", "/intervention/advice/?project=YJ",
    "/intervention/survey/?project=YJ", "/intervention/assessments/?project=YJ", "/intervention/site-reports/?project=YJ",
    "/intervention/assessments/trend/?project=YJ", "/month-board/",
    "/intervention/promises/?project=YJ", "/intervention/promises/?show=found&project=YJ", "/intervention/agreements/?project=YJ",
    "/settlements/applications/?month=2026-11&project=YJ", f"/inbox/?q={CANARY}", "/inbox/mine/?project=YJ",
    "/inbox/overdue/", "/inbox/overdue/?project=YJ", "/budgets/shared/?project=YJ&month=2026-12",
)  # fmt: skip
MOST_PAGES = 180


def sign_all(document: Document, cast: Any) -> Document:
    """Every station, with the canary in each opinion; YJ's own people where YJ has its own."""
    for username in ("property_leader", "property_finance_head", "property_gm", "yj_marketing_handler", "marketing_head",
                     "finance", "general_manager"):  # fmt: skip
        now = Document.objects.get(pk=document.pk)
        if now.state == "circulating" and now.steps.filter(status="open", post=username.removeprefix("yj_")).exists():
            forms.sign(document, cast[username], opinion=f"{CANARY}意见")
    return Document.objects.get(pk=document.pk)


def rename() -> None:
    """Names of the project, its instalment, its people."""
    Project.objects.filter(code="YJ").update(name=f"{CANARY}府")
    Instalment.objects.filter(code="YJ-1").update(name=f"{CANARY}期")
    for person in Person.objects.filter(username__startswith="yj_"):
        Person.objects.filter(pk=person.pk).update(name=f"{CANARY}{person.name}")


def fill(cast: Any) -> Document:
    """YJ with forms of every standing: approved, confirmed, settled, returned, a draft."""
    clerk = cast.yj_property_clerk

    def purchase(month: date) -> Document:
        draft = forms.purchase_request(cast, by=clerk.username, instalment="YJ-1", month=month, lines=LINES)
        WorkForm.objects.filter(document=draft).update(note=f"{CANARY}说明", source_name=f"{CANARY}.xlsx")
        circulation.attach(document_id=draft.pk, actor=clerk, upload=picture(f"{CANARY}.png"))
        return draft

    origin = purchase(date(2026, 10, 1))
    circulation.submit(document_id=origin.pk, actor=clerk, late_reason="上月漏报")
    circulation.comment(document_id=origin.pk, actor=clerk, text=f"{CANARY}留言")
    origin = sign_all(origin, cast)
    completion = open_completion(origin=origin, actor=clerk)
    rows = [{"id": origin.work_lines.get().key, "quantity": "3", "amount": "", "note": f"{CANARY}实际"}]
    save_completion(document=completion, actor=clerk, draft_version=1, rows=rows)
    circulation.submit(document_id=completion.pk, actor=clerk, late_reason="上月漏报")
    assert sign_all(completion, cast).state == "approved"
    application = open_application(
        actor=clerk, project=cast.projects["YJ"], month=date(2026, 11, 1), side="pre", note=f"{CANARY}申请"
    )
    circulation.submit(document_id=application.pk, actor=clerk, late_reason="上月漏报")
    application = sign_all(application, cast)
    assert application.state == "approved"
    runs.start(application)
    shared = sharing.staffing_plan(cast, by=clerk.username, instalment="YJ-1", lines=STAFF)
    Instalment.objects.create(project=shared.project, code="YJ-2", name=f"{CANARY}二期")
    sharing.split(cast, shared, STAFF[0]["subject"], shares={"YJ-1": 6000, "YJ-2": 4000}, by=clerk.username)
    returned = purchase(date(2026, 11, 1))
    circulation.submit(document_id=returned.pk, actor=clerk, late_reason="上月漏报")
    forms.send_back(returned, cast.property_leader, opinion=f"{CANARY}退回")
    purchase(date(2026, 12, 1))
    intervene(cast)
    promise(cast)
    in_the_field(cast)
    return application


def intervene(cast: Any) -> None:
    """A plan of YJ whose planning runs: dates changed, work waived, a result on its way, an anchor that has moved."""
    clerk, head = cast.yj_property_clerk, cast.service_head
    instalment = Instalment.objects.select_related("project").get(code="YJ-1")
    plan = planning.lay_out(actor=head, project=instalment.project, instalment=instalment)
    phasing.start(phase_id=plan.phases.get(phase="planning").pk, actor=head, reason=f"{CANARY}启动")
    planning.move(
        item_id=planned.item(plan, "planning.model").pk, actor=head, day=date(2026, 12, 9), reason=f"{CANARY}改期"
    )
    ticking.waive(item_id=planned.item(plan, "planning.design").pk, actor=head, reason=f"{CANARY}免")
    result = open_result(actor=clerk, item=planned.item(plan, "planning.detail_proposals"), note=f"{CANARY}版本")
    entries = {entry.key: {"text": f"{CANARY}要点"} for entry in result.result_entries.all()}
    save_result(document=result, actor=clerk, draft_version=1, entries=entries)
    circulation.attach(document_id=result.pk, actor=clerk, upload=picture(f"{CANARY}成果.png", "green"))
    circulation.submit(document_id=result.pk, actor=clerk)
    places.set_dates(actor=None, place=plan.project, completion_acceptance_on=date(2028, 1, 31))
    for step in reminding.steps():
        step()


def promise(cast: Any) -> None:
    """Promises of YJ submitted and found in use, its agreement approved."""
    handler = cast.yj_marketing_handler
    lines = [{"subject": "club", "wording": f"{CANARY}承诺"}]
    head = {"subject": f"{CANARY}楼书", "text": f"{CANARY}内容", "channel_note": f"{CANARY}版面"}
    draft = papered.publicity(cast, head, lines, by=handler.username, project="YJ")
    circulation.submit(document_id=draft.pk, actor=handler)
    papered.found(cast, by=handler.username, project="YJ", place=f"{CANARY}展板", wording=f"{CANARY}说辞")
    agreement = papered.agreement(cast, {"scope": f"{CANARY}范围"}, by="yj_service_handler", project="YJ")
    papered.approved(agreement, cast)


def in_the_field(cast: Any) -> None:
    """Every kind of record in YJ, with the canary in each text, a photograph, and an assessment handed in."""
    clerk, project = cast.yj_property_clerk, cast.projects["YJ"]
    here = {"actor": clerk, "project": project, "instalment": None}
    day = date(2026, 11, 20)
    visit = visiting.begin(**here, day=day, kind="patrol", trades=["civil"], participants=f"{CANARY}人员", note=CANARY)
    told = site.SAID | {"building": f"{CANARY}栋", "part": f"{CANARY}部位", "description": f"{CANARY}问题"}
    found = finding.begin(**here, visit=visit.pk, **told)
    site.photograph(cast, found, by=clerk.username)
    finding.hand(finding_id=found.pk, actor=clerk, responsible=f"{CANARY}总包", due_on=date(2026, 11, 30))
    met = meeting.begin(
        **here, kind="regular", day=day, where=f"{CANARY}会议室", attendance=f"{CANARY}到会", decisions=f"{CANARY}决定"
    )
    meeting.resolve(meeting_id=met.pk, actor=clerk, text=f"{CANARY}事项", doer=f"{CANARY}责任人", due_on=None)
    guarding.begin(
        **here,
        phase="engineering",
        day=day,
        name=f"{CANARY}岗",
        shift="day",
        heads=1,
        from_time=time(8),
        to_time=time(20),
    )
    log = writing.begin(
        **here, day=day, spot="sales_office", exchanged=f"{CANARY}交流", introductions=1, introduced="会所"
    )
    writing.file_log(log_id=log.pk, actor=clerk)
    advising.advise(
        **here,
        topic="layout",
        drawing=f"{CANARY}图",
        suggestion=f"{CANARY}建议",
        reason=f"{CANARY}理由",
        proposed_on=day,
    )
    surveying.survey(
        actor=clerk, project=project, estate=f"{CANARY}小区", company=f"{CANARY}物业", distance=Decimal(1),
        house_type="高层", fee=Decimal("7.77"), level="一级", source="公示", surveyed_on=day,
    )  # fmt: skip
    handler = cast.yj_marketing_handler
    row = open_assessment(actor=handler, project=project, month=date(2026, 10, 1), side="pre")
    scores = assessed.full(row, p1="1")
    scoring.score(
        assessment_id=row.pk, actor=handler, scores=[score | {"remark": score["remark"] and CANARY} for score in scores]
    )
    scoring.hand_in(assessment_id=row.pk, actor=handler)


def text_of(answer: Any) -> str:
    """Everything an answer says: headers and body; workbooks and PDFs opened."""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "")
    said = json.dumps(dict(answer.headers), ensure_ascii=False)
    return said + words_of(data, kind)


def words_of(data: bytes, kind: str) -> str:
    """What a file says; a zip says its names and what its files say."""
    if "spreadsheetml" in kind and data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    if kind.startswith("application/zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            kinds = {name: FORMATS[name.rsplit(".", 1)[1]] for name in archive.namelist()}
            return "".join(name + words_of(archive.read(name), kinds[name]) for name in kinds)
    if kind.startswith("application/pdf"):
        document = pypdfium2.PdfDocument(data)
        pages = "".join(page.get_textpage().get_text_range() for page in document)
        return pages + str(document.get_metadata_dict())
    return unescape(data.decode("utf-8", "replace"))


def crawl(browser: Client, starts: tuple[str, ...], most: int = MOST_PAGES) -> dict[str, str]:
    """Every page that links lead to from the starts, and what it says."""
    seen: dict[str, str] = {}
    queue = deque(starts)
    while queue and len(seen) < most:
        address = queue.popleft()
        if address in seen:
            continue
        answer = browser.get(address, follow=False)
        seen[address] = text_of(answer)
        if answer.status_code == 302:
            queue.append(answer["Location"])
        if "text/html" in answer.headers.get("Content-Type", ""):
            links = re.findall(r'(?:href|data-preview-url)="(/[^"#]*)', answer.content.decode())
            queue.extend(unescape(link) for link in links if not link.startswith(("/static/", "/logout", "/login")))
    return seen


def read_api(person: Any) -> dict[str, str]:
    """Every list of the API, every form in it with its files, submissions and trail."""
    key = Token.objects.create(user=person).key
    program = Client(headers={"Authorization": f"Token {key}"})
    lists = [f"records/{kind.subject}/{query}" for kind in records.registered() for query in ("", "?project=YJ")]
    seen = {path: text_of(program.get(f"/api/v1/{path}")) for path in (*API, *lists)}
    for row in program.get("/api/v1/documents/").json()["results"]:
        name = row["document"]["reference"]
        for path in ("", "pdf/", "xlsx/", "trail/", "revisions/1/", "pack/", "pack/pdf/", "pack/xlsx/"):
            seen[f"{name}/{path}"] = text_of(program.get(f"/api/v1/documents/{name}/{path}"))
    return seen


def straight_at(browser: Client) -> dict[str, str]:
    """Addresses of YJ, guessed."""
    addresses = [reverse("organization:project", args=["YJ"]), reverse("organization:roster", args=["YJ"])]
    for made in Split.objects.filter(project__code="YJ"):
        addresses += [reverse(name, args=[made.pk]) for name in ("budgets:shared_split", "budgets_api:split")]
    plan = Plan.objects.get(project__code="YJ")
    addresses += [reverse("intervention:plan", args=[plan.pk]), reverse("intervention:log", args=[plan.pk])]
    addresses += [reverse("intervention:phase", args=[plan.pk, "planning"]), reverse("intervention:shift", args=["YJ"])]
    addresses += [reverse(f"intervention_api:{name}", args=[plan.pk]) for name in ("plan", "log")]
    for document in Document.objects.filter(project__code="YJ"):
        for name in ("document", "pdf", "xlsx", "compare", "preview", "edit"):
            addresses.append(reverse(f"documents:{name}", args=[document.name]))
        addresses.append(reverse("documents_api:document", args=[document.name]))
        for file in document.attachments.all():
            addresses.append(reverse("documents:attachment", args=[document.name, file.pk]))
    for kind in records.registered():
        for row in kind.model.objects.filter(project__code="YJ"):
            addresses += [kind.url(row), reverse("intervention:record_log", args=[kind.subject, row.pk])]
            addresses.append(reverse(f"intervention_api:{kind.subject}", args=[row.pk]))
    for photo in Photo.objects.filter(finding__project__code="YJ"):
        addresses += [reverse("intervention:photo", args=[photo.pk, copy]) for copy in ("full", "small")]
    addresses += [reverse("intervention:day_month", args=["YJ", "2026-11"])]
    for form in ("pdf", "xlsx"):
        addresses.append(reverse("intervention:day_month_file", args=["YJ", "2026-11", form]))
        addresses += [reverse("intervention:register_file", args=[name, "YJ", form]) for name in ("advice", "survey")]
        addresses.append(reverse("intervention:plan_file", args=[plan.pk, form]))
    return {address: text_of(browser.get(address)) for address in addresses}


def met(seen: dict[str, str]) -> list[str]:
    """Where the canary was met; a page that repeats the question in its search box or in a link tells nothing by it."""
    repeated = re.compile(rf'q={CANARY}|value="{CANARY}"|[“「]{CANARY}[”」]')
    return [address for address, text in seen.items() if CANARY in repeated.sub("", text)]


@pytest.fixture
def cast(db: None, caplog: Any) -> Cast:
    """Both projects full."""
    caplog.set_level("CRITICAL", "django")
    rename()
    everybody = Cast()
    World(everybody)
    fill(everybody)
    return everybody


def test_people_of_ch_meet_nothing_of_yj(cast):
    leaks = []
    pages = 0
    for username in PEOPLE_OF_CH:
        browser = Client()
        browser.force_login(cast[username], backend="django.contrib.auth.backends.ModelBackend")
        seen = {**crawl(browser, PAGES), **read_api(cast[username]), **straight_at(browser)}
        pages += len(seen)
        leaks += [f"{username} {address}" for address in met(seen)]
    assert not leaks, "\n".join(leaks)
    assert pages > 400


def test_the_canary_sings_where_it_may(cast):
    """Else the test above would prove nothing: its own clerk meets it in pages, lists, workbooks and PDFs."""
    browser = Client()
    browser.force_login(cast.yj_property_clerk, backend="django.contrib.auth.backends.ModelBackend")
    pages = set(met(crawl(browser, PAGES, most=400)))
    api = set(met(read_api(cast.yj_property_clerk)))
    number = Document.objects.filter(project__code="YJ", kind="purchase_request", state="approved").get().number
    paid = Document.objects.filter(project__code="YJ", kind="expense_application").get().number
    for page in (
        "/",
        "/search/?q=YJ",
        "/budgets/months/?month=2026-12",
        "/intervention/",
        "/intervention/due/",
        "/intervention/visits/?project=YJ",
        "/intervention/findings/?project=YJ",
        "/intervention/meetings/?project=YJ",
        "/intervention/guard-posts/?project=YJ",
        "/intervention/days/?project=YJ",
        "/intervention/advice/?project=YJ",
        "/intervention/survey/?project=YJ",
        "/intervention/assessments/?project=YJ",
        "/intervention/site-reports/?project=YJ",
        "/intervention/assessments/trend/?project=YJ",
        "/month-board/",
        "/intervention/promises/?project=YJ",
        "/intervention/promises/?show=found&project=YJ",
        "/intervention/agreements/?project=YJ",
        f"/documents/{number}/",
        f"/documents/{number}/pdf/",
    ):
        assert page in pages, page
    for path in ("records/finding/", "records/day_log/", "records/assessment/?project=YJ",
                 "documents/", "projects/", "plans/", "plan-items/?due=overdue", "promises/", "agreements/", "notices/", f"{number}/", f"{number}/pdf/",
                 f"{number}/xlsx/", f"{number}/trail/", f"{paid}/pack/pdf/", f"{paid}/pack/xlsx/",
                 "packs/zip/?month=2026-11"):  # fmt: skip
        assert path in api, path
