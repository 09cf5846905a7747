"""Pages and REST of day logs and of their month: the same sentences, constant queries, evidence on a confirmation of work."""

import io
from datetime import date, time
from decimal import Decimal
from urllib.parse import quote

import openpyxl
import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets.confirming import open_completion
from documents import circulation
from documents.models import Document
from documents.rendering import pdf
from intervention import photos
from intervention.daily import evidence, writing
from intervention.daily import sheets as day_sheets
from intervention.daily.places import month_for
from intervention.models import DayLog
from intervention.site import guarding
from tests import forms
from tests.api.programs import ABSENT, Program
from tests.intervention import logged, site

pytestmark = pytest.mark.django_db
MONTH = "/intervention/days/CH/2026-11/?instalment=CH-2"


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


@pytest.fixture
def completion(cast):
    """The draft of a confirmation of November's work in CH-2."""
    origin = forms.approved(cast, instalment="CH-2", month=date(2026, 11, 1))
    return open_completion(origin=origin, actor=cast.property_clerk)


def test_lists_ask_the_same_for_one_log_and_seven(cast, log_in, completion):
    logged.filed(cast, date(2026, 11, 2))
    client = log_in(cast.marketing_handler)
    writer = log_in(cast.property_clerk, fresh=True)
    addresses = ("/intervention/days/", MONTH)
    before = [queries(one, address) for one in (client, writer) for address in addresses]
    for day in range(3, 6):
        logged.confirmed(cast, date(2026, 11, day))
        logged.begun(cast, date(2026, 11, day), "event", place="CH-1")
    assert [queries(one, address) for one in (client, writer) for address in addresses] == before


def test_a_log_is_written_on_its_page_and_a_double_click_makes_one(cast, log_in):
    client = log_in(cast.property_clerk)
    address = "/intervention/records/day_log/new/"
    page = client.get(address, {"spot": "event", "place": "CH-2"}).content.decode()
    assert 'name="event_name"' in page
    assert 'name="cleanings"' not in page
    assert '<option value="CH-2" selected>' in page
    sent = {
        "place": "CH-2",
        "spot": "event",
        "day": "2026-11-21",
        "event_name": "暖场",
        "hours": "3.5",
        "people": "2",
    }
    sent |= {"work_done": "引导", "note": "", "sent_key": "abc"}
    first = client.post(address, sent)
    log = DayLog.objects.get()
    assert first["Location"] == client.post(address, sent)["Location"] == f"/intervention/days/{log.pk}/"
    assert (log.event_name, str(log.hours), log.people, log.instalment.code) == ("暖场", "3.500", 2, "CH-2")


def test_what_was_typed_stays_when_it_is_refused(cast, log_in):
    sent = {"place": "CH", "spot": "show_flat", "day": "2026-11-30", "visitors": "12", "guarding": "两岗"}
    answer = log_in(cast.property_clerk).post("/intervention/records/day_log/new/", sent)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "日期 2026-11-30 还没有到" in page
    assert 'value="12"' in page
    assert DayLog.objects.count() == 0


def test_who_may_not_write_reads_why(cast, log_in):
    answer = log_in(cast.marketing_handler).get("/intervention/records/day_log/new/")
    assert answer.status_code == 403
    assert "登记工作日志由物业经办人、项目物业经理办理" in answer.content.decode()


def test_the_button_says_the_verbs_own_word_and_the_journal_the_whole_date(cast, log_in):
    log = logged.filed(cast, date(2026, 11, 2))
    client = log_in(cast.marketing_handler)
    page = client.get(f"/intervention/records/day_log/{log.pk}/confirm/").content.decode()
    assert "确认</button>" in page
    assert "确认确认" not in page
    assert '">2026-' in client.get(f"/intervention/days/{log.pk}/").content.decode().split('class="trail"')[1]


def test_several_are_confirmed_from_the_list(cast, log_in):
    logs = [logged.filed(cast, date(2026, 11, day)) for day in (2, 3)]
    client = log_in(cast.marketing_handler)
    assert f'value="{logs[0].pk}"' in client.get("/intervention/days/").content.decode()
    answer = client.post("/intervention/days/?project=CH", {"log": [log.pk for log in logs]})
    assert answer["Location"] == "/intervention/days/?project=CH"
    assert DayLog.objects.filter(state="confirmed").count() == 2
    again = client.post("/intervention/days/", {"log": [logs[0].pk]})
    assert (again.status_code, "日志「已确认」，不能确认日志。" in again.content.decode()) == (403, True)
    assert client.post("/intervention/days/", {}).status_code == 400


def test_logs_of_a_foreign_project_are_not_there(cast, log_in):
    log = logged.filed(cast)
    client = log_in(cast.yj_marketing_handler)
    for address in (f"/intervention/days/{log.pk}/", MONTH, f"/intervention/records/day_log/{log.pk}/confirm/"):
        assert client.get(address).status_code == 404
    assert client.get("/intervention/days/CH/2026-11/pdf/").status_code == 404
    assert client.post("/intervention/days/", {"log": [log.pk]}).status_code == 404
    assert "2026-11-20" not in client.get("/intervention/days/").content.decode()
    program = Program(cast.yj_marketing_handler)
    for path in (f"records/day_log/{log.pk}/", "day-months/CH/2026-11/"):
        assert (program.get(path).status_code, program.get(path).json()) == (404, ABSENT)
    assert program.post(f"records/day_log/{log.pk}/confirm/").status_code == 404
    assert program.get("records/day_log/").json()["results"] == []
    assert DayLog.objects.get().state == "filed"


@pytest.mark.parametrize(
    "address", ["CH/2026-13/", "CH/nothing/", "CH/1999-01/", "XX/2026-11/", "CH/2026-11/?instalment=YJ-1"]
)
def test_a_month_that_is_none_is_not_there(cast, log_in, address):
    assert log_in(cast.property_clerk).get(f"/intervention/days/{address}").status_code == 404


def test_the_months_workbook_holds_numbers_and_texts(cast, log_in):
    logged.confirmed(cast, date(2026, 11, 3), visitors=10, cleanings=2, guarding="=1+1")
    logged.filed(cast, date(2026, 11, 4), "event", people=4)
    logged.begun(cast, date(2026, 11, 5), visitors=1000)
    answer = log_in(cast.marketing_head).get("/intervention/days/CH/2026-11/xlsx/?instalment=CH-2")
    assert quote("营销配合工作日志汇总 CH-2 2026-11.xlsx") in answer["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    text = "\n".join(str(value) for row in rows for value in row if value is not None)
    assert "看护：=1+1" in text
    assert "陈思琪 2026-11-23" in text
    assert "未全部确认" in text
    assert "1000" not in text
    assert [row[5] for row in rows if row[2] == "样板间"] == [10]
    assert [row[8] for row in rows if row[2] == "活动支持"] == [16]


def test_the_months_pdf_says_whether_all_is_confirmed(cast, log_in):
    logged.confirmed(cast, date(2026, 11, 3))
    answer = log_in(cast.marketing_head).get("/intervention/days/CH/2026-11/pdf/?instalment=CH-2")
    assert answer.content.startswith(b"%PDF-")
    month = month_for(cast.marketing_head, "CH", "2026-11", "CH-2")
    assert evidence.month_file(month, "pdf") == answer.content
    assert (evidence.month_printout(month).watermark, evidence.month_printout(month).state) == ("", "全部已确认")


def test_an_empty_month_has_no_file(cast, log_in):
    logged.begun(cast)
    answer = log_in(cast.property_clerk).get("/intervention/days/CH/2026-11/pdf/")
    assert (answer.status_code, "本月还没有已提交的日志" in answer.content.decode()) == (409, True)


def test_the_month_is_attached_to_a_confirmation_of_work(cast, log_in, completion):
    logged.confirmed(cast, date(2026, 11, 3))
    client = log_in(cast.property_clerk)
    assert completion.name in client.get(MONTH).content.decode()
    answer = client.post(MONTH, {"document": completion.name, "format": ["pdf", "xlsx"], "paper": "其他"})
    assert answer["Location"] == f"/documents/{completion.name}/"
    files = completion.attachments.order_by("pk").values_list("name", "paper", "uploaded_by__username")
    assert list(files) == [
        ("营销配合工作日志汇总 CH-2 2026-11.pdf", "其他", "property_clerk"),
        ("营销配合工作日志汇总 CH-2 2026-11.xlsx", "其他", "property_clerk"),
    ]
    again = client.post(MONTH, {"document": completion.name, "format": ["pdf"]})
    assert (again.status_code, "此文件已在附件中" in again.content.decode()) == (409, True)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"document": "CH-WC-202611-999", "format": ["pdf"]}, "请选择一份您可以补充附件的本月工作量事后确认单。"),
        ({"format": []}, "请选择要附上的文件：PDF、Excel 或两者。"),
        ({"format": ["exe"]}, "请选择要附上的文件：PDF、Excel 或两者。"),
        ({"format": ["pdf"], "paper": "发票"}, "「发票」不是此单的资料名称。"),
    ],
)
def test_what_cannot_be_attached_says_why(cast, log_in, completion, sent, sentence):
    logged.confirmed(cast, date(2026, 11, 3))
    answer = log_in(cast.property_clerk).post(MONTH, {"document": completion.name, **sent})
    assert (answer.status_code, sentence in answer.content.decode()) == (400, True)
    assert completion.attachments.count() == 0


def test_forms_of_other_months_places_and_hands_are_not_offered(cast, completion):
    logged.confirmed(cast, date(2026, 11, 3))

    def offered(person, month="2026-11", instalment="CH-2"):
        return list(evidence.takers(person, month_for(person, "CH", month, instalment)))

    assert offered(cast.property_clerk) == [completion]
    assert offered(cast.property_clerk, instalment="") == [completion]
    assert offered(cast.property_clerk, instalment="CH-1") == []
    assert offered(cast.property_clerk, month="2026-10") == []
    assert offered(cast.marketing_handler) == []
    upload = forms.receipt(completion.reference)
    circulation.attach(document_id=completion.pk, actor=cast.property_clerk, upload=upload)
    circulation.submit(document_id=completion.pk, actor=cast.property_clerk)
    assert offered(cast.property_clerk) == []
    assert offered(cast.marketing_handler) == [Document.objects.get(pk=completion.pk)]
    assert offered(cast.service_handler) == []


def test_a_program_does_all_of_it(cast, completion):
    clerk, handler = Program(cast.property_clerk), Program(cast.marketing_handler)
    sent = {
        "project": "CH",
        "instalment": "CH-2",
        "day": "2026-11-20",
        "spot": "sales_office",
        "introductions": 3,
        "sent_key": "k",
    }
    made = clerk.post("records/day_log/", sent)
    assert (made.status_code, made.json()["state"], made.json()["introductions"]) == (201, "draft", 3)
    pk = made.json()["id"]
    assert clerk.post("records/day_log/", sent).json()["id"] == pk
    assert clerk.post(f"records/day_log/{pk}/confirm/").json() == {
        "errors": ["确认日志由营销小组经办人办理，您在本项目不担任该岗位。"]
    }
    assert clerk.post(f"records/day_log/{pk}/edit/", {"day": "2026-11-20", "note": "晴"}).json()["introductions"] == 3
    assert clerk.post(f"records/day_log/{pk}/file/").json()["state"] == "filed"
    answer = handler.post(f"records/day_log/{pk}/confirm/", {"note": "属实"}).json()
    assert (answer["state"], answer["confirmed_by"], answer["offers"]) == ("confirmed", "陈思琪", [])
    sums = clerk.get("day-months/CH/2026-11/", instalment="CH-2").json()
    assert (sums["code"], sums["confirmed"]["introductions"], sums["filed"]["logs"]) == ("CH-2", 3, 0)
    assert sums["documents"] == [completion.name]
    attached = clerk.post("day-months/CH/2026-11/?instalment=CH-2", {"document": completion.name, "formats": ["xlsx"]})
    assert (attached.status_code, attached.json()) == (200, {"document": completion.name})
    assert handler.get("records/day_log/", month="2026-11", spot="sales_office").json()["results"][0]["id"] == pk
    assert handler.get("records/day_log/", state="lost").status_code == 400


def test_guards_of_marketing_stand_in_the_months_evidence(cast, log_in):
    def stood(day, phase="marketing", name="售楼处门岗", heads=2, place="CH-2"):
        return guarding.begin(
            actor=cast.property_clerk, **site.place(cast, place), phase=phase, day=date(2026, 11, day), name=name, shift="day",
            heads=heads, from_time=time(8), to_time=time(19, 30),
        )  # fmt: skip

    stood(1), stood(2), stood(2, name="样板间岗", heads=1), stood(3, phase="engineering"), stood(3, place="CH-1")
    guarding.strike(post_id=stood(4).pk, actor=cast.property_clerk, reason="误登")
    month = month_for(cast.property_clerk, "CH", "2026-11", "CH-2")
    assert [(row.name, row.days, row.shifts, row.people, row.hours) for row in month.guards] == [
        ("售楼处门岗", 2, 2, 4, 46),
        ("样板间岗", 1, 1, 1, Decimal("11.5")),
    ]
    page = log_in(cast.marketing_handler).get(MONTH).content.decode()
    assert "2 个岗位 · 3 班 · 5 人次 · 57.5 人时" in page
    told = Program(cast.marketing_handler).get("day-months/CH/2026-11/", instalment="CH-2").json()
    assert told["guards"][1] == {"name": "样板间岗", "days": 1, "shifts": 1, "people": 1, "hours": "11.50"}
    book = openpyxl.load_workbook(io.BytesIO(evidence.month_file(month, "xlsx")))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert any("值守 售楼处门岗：2 天 2 班 4 人次，46 人时（未经确认）" in cell for cell in cells)
    paper = pypdfium2.PdfDocument(evidence.month_file(month, "pdf"))
    text = "".join(sheet.get_textpage().get_text_range() for sheet in paper)
    assert "样板间岗" in text
    assert "57.5" in text


def test_photographs_of_the_months_logs_are_printed_behind_its_lines(cast, monkeypatch):
    """Those of filed and confirmed logs, in the order of their days, without what was hidden and without drafts."""
    earlier, later = logged.begun(cast, date(2026, 11, 20), "sales_office"), logged.begun(cast, date(2026, 11, 19))
    draft = logged.begun(cast, date(2026, 11, 18), "event")
    for log, colour in ((draft, "grey"), (earlier, "red"), (earlier, "blue")):
        upload = site.jpeg((80, 40), colour)
        photos.add(subject="day_log", pk=log.pk, actor=cast.property_clerk, uploads=[upload])
    wrong = earlier.photos.order_by("-pk").first()
    photos.hide(photo_id=wrong.pk, actor=cast.property_clerk, reason="拍错了")
    writing.file_log(log_id=earlier.pk, actor=cast.property_clerk)
    writing.file_log(log_id=later.pk, actor=cast.property_clerk)
    month = month_for(cast.marketing_handler, "CH", "2026-11", "CH-2")
    data = evidence.month_file(month, "pdf")
    assert evidence.month_file(month, "pdf") == data
    paper = pypdfium2.PdfDocument(data)
    images = [one for page in paper for one in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])]
    assert len(images) == 1
    assert "附图" in "".join(page.get_textpage().get_text_range() for page in paper)
    assert [plate.title for plate in evidence.month_printout(month, evidence.photos_of(month.told)).plates] == [
        "2026-11-20 二期 售楼处"
    ]
    monkeypatch.setattr(day_sheets, "MOST_PICTURES", 0)
    told = evidence.month_printout(month, evidence.photos_of(month.told))
    assert (told.plates, "照片共 1 张，附图为前 0 张" in told.note) == ((), True)


def test_the_evidence_does_not_call_guards_confirmed_that_nobody_confirms(cast, log_in):
    """Not by its state, not among its facts, not on the page and not to a program."""
    logged.confirmed(cast, date(2026, 11, 3))
    guarding.begin(
        actor=cast.property_clerk, **site.place(cast, "CH-2"), phase="marketing", day=date(2026, 11, 3), name="门岗",
        shift="day", heads=1, from_time=time(8), to_time=time(20),
    )  # fmt: skip
    said = "日志全部已确认，值守记录未经确认"
    paper = evidence.month_printout(month_for(cast.marketing_head, "CH", "2026-11", "CH-2"))
    assert paper.state == said
    assert ("值守确认情况", "未经确认") in [(fact.label, fact.value) for fact in paper.sheet.facts]
    assert said in log_in(cast.marketing_handler).get(MONTH).content.decode()
    program = Program(cast.marketing_handler)
    assert program.get("day-months/CH/2026-11/", instalment="CH-2").json()["standing"] == said
    logged.filed(cast, date(2026, 11, 4))
    waiting = program.get("day-months/CH/2026-11/", instalment="CH-2").json()["standing"]
    assert waiting == "1 份日志待确认，值守记录未经确认"


def test_a_month_too_long_for_a_page_set_at_once_offers_the_workbook(cast, log_in, completion, monkeypatch):
    monkeypatch.setattr(pdf, "QUICK_ROWS", 1)
    for day in (3, 4):
        logged.confirmed(cast, date(2026, 11, day))
    client = log_in(cast.property_clerk)
    answer = client.get("/intervention/days/CH/2026-11/pdf/?instalment=CH-2")
    assert (answer.status_code, "请下载 Excel 打印" in answer.content.decode()) == (409, True)
    answer = client.post(MONTH, {"document": completion.name, "format": ["pdf", "xlsx"]})
    assert (answer.status_code, completion.attachments.count()) == (409, 0)
    assert client.post(MONTH, {"document": completion.name, "format": ["xlsx"]}).status_code == 302


def test_a_refused_confirmation_asks_the_same_for_one_log_and_five(cast, log_in):
    done = logged.confirmed(cast, date(2026, 11, 2))
    client = log_in(cast.marketing_handler)

    def refused():
        with CaptureQueriesContext(connection) as caught:
            assert client.post("/intervention/days/", {"log": [done.pk]}).status_code == 403
        return len(caught)

    refused()
    before = refused()
    for day in range(3, 7):
        logged.filed(cast, date(2026, 11, day), place="CH-1")
    assert refused() == before
