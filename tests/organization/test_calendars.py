"""The calendar's import: what is taken, every fault by line, all or nothing, who may, and what the trail says."""

from datetime import date
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from organization import calendars, clock
from organization.calendar_text import read_calendar
from organization.ledger import differences
from organization.models import AppointmentEvent, CalendarDay, CalendarYear
from organization.refusals import NotAllowed, OrganizationRefused
from organization.working_days import Calendar

pytestmark = pytest.mark.django_db

PAGE = "/settings/calendar/"
# Not the official notice: days that are easy to follow.
YEAR_2027 = """日期,类型,名称
2027-01-01,休,元旦
2027/1/2,休,元旦
2027年1月3日,放假,元旦
20270130,班,春节
2027-02-05\t休\t春节
2027-10-01，休，国庆节
"""


def taken(cast, text=YEAR_2027, source="国办发〔2026〕7号"):
    return calendars.import_calendar(actor=cast.administrator, data=text, source=source)


def test_an_imported_year_moves_dates_and_needs_no_note_any_more(cast):
    assert Calendar(date(2027, 1, 30)).note(date(2027, 1, 30)) != ""
    taken(cast)
    assert Calendar(date(2027, 1, 30)).note(date(2027, 1, 30)) == ""
    # Friday 02-05 is off, Saturday 01-30 is worked.
    assert Calendar(date(2027, 2, 7)).on_or_before(date(2027, 2, 7)) == date(2027, 2, 4)
    assert Calendar(date(2027, 1, 31)).on_or_before(date(2027, 1, 31)) == date(2027, 1, 30)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_of_excel_and_of_editors_are_read_alike(cast, encoding):
    taken(cast, YEAR_2027.encode(encoding))
    days = list(CalendarDay.objects.filter(day__year=2027).values_list("day", "is_working", "name"))
    assert days == [
        (date(2027, 1, 1), False, "元旦"),
        (date(2027, 1, 2), False, "元旦"),
        (date(2027, 1, 3), False, "元旦"),
        (date(2027, 1, 30), True, "春节"),
        (date(2027, 2, 5), False, "春节"),
        (date(2027, 10, 1), False, "国庆节"),
    ]


def test_a_year_that_is_imported_again_is_replaced_whole(cast):
    taken(cast)
    taken(cast, "2027-01-01,休,元旦\n2027-10-01,休,国庆节")
    assert CalendarDay.objects.filter(day__year=2027).count() == 2
    assert CalendarYear.objects.get(year=2027).imported_by == cast.administrator
    assert CalendarDay.objects.filter(day__year=2026).count() == 39


FAULTS = [
    ("2027-02-30,休,春节", "第 1 行：「2027-02-30」不是日期"),
    ("元旦,休,2027-01-01", "第 1 行：「元旦」不是日期"),
    ("2027-01-01,假期吧,元旦", "第 1 行：类型「假期吧」无法识别"),
    # Some write 调休 for the day off, others for the day worked.
    ("2027-02-06,调休,春节", "第 1 行：类型「调休」无法识别"),
    ("2027-01-01,休\n2027-01-01,休", "第 2 行：2027-01-01 出现了两次。"),
    ("2027-01-05,班,元旦", "第 1 行：2027-01-05 是星期二，本来就上班"),
    ("2027-01-01", "第 1 行：请写成「日期,类型,名称」"),
    ("1999-01-01,休,元旦", "第 1 行：年份 1999 不在 2000 至 2099 之间。"),
    ("9999-12-31,休,", "第 1 行：年份 9999"),
    ("٢٠٢٧-٠١-٠١,休,元旦", "不是日期"),
    ("2027-01-01,休," + "长" * 51, "超过 50 字"),
    ("2027-01-01,休,\u202e元旦", "不可见字符"),
    ("", "没有任何日期"),
    ("日期,类型,名称", "没有任何日期"),
    ("2027-01-01,休,元旦", "2027 年没有 10 月 1 日放假：导入会替换全年"),
    ("2026-12-31,休,元旦\n2027-01-01,休,元旦\n2027-10-01,休,国庆节", "2026 年没有 1 月 1 日放假"),
    ("x\n" * 4001, "超过 4000 行"),
]


@pytest.mark.parametrize(("text", "sentence"), FAULTS)
def test_a_faulty_text_is_refused_with_its_line_and_nothing_changes(cast, text, sentence):
    before = list(CalendarDay.objects.values_list("day", "is_working"))
    with pytest.raises(OrganizationRefused) as refusal:
        taken(cast, text)
    assert sentence in str(refusal.value)
    assert list(CalendarDay.objects.values_list("day", "is_working")) == before
    assert not AppointmentEvent.objects.filter(code="calendar_imported").exists()


def test_every_fault_is_told_at_once_up_to_fifty(cast):
    _days, faults = read_calendar("\n".join(["x,休"] * 60))
    assert len(faults) == 51
    assert faults[0].startswith("第 1 行")
    assert faults[-1] == "另有 10 处错误。"


@pytest.mark.parametrize(
    "data", [b"\xff\xff\xff\xff", b"2027-01-01\0,\xe4\xbc\x91", b"x" * (256 * 1024 + 1), b"PK\x03\x04" + b"\0" * 99]
)
def test_what_is_no_text_is_refused_in_a_sentence(cast, log_in, data):
    page = log_in(cast.administrator).post(PAGE, {"file": SimpleUploadedFile("2027.csv", data)})
    assert page.status_code == 400
    assert CalendarYear.objects.filter(year=2027).exists() is False


def test_only_administrators_import(cast):
    with pytest.raises(NotAllowed):
        calendars.import_calendar(actor=cast.general_manager, data=YEAR_2027, source="")


def test_the_trail_says_who_imported_and_verify_knows_the_days_again(cast):
    taken(cast)
    event = AppointmentEvent.objects.get(code="calendar_imported")
    assert event.actor == cast.administrator
    said = {key: event.parameters[key] for key in ("year", "holidays", "make_up_days", "source")}
    assert said == {"year": 2027, "holidays": 5, "make_up_days": 1, "source": "国办发〔2026〕7号"}
    events = list(AppointmentEvent.objects.order_by("seq"))
    assert list(differences(events)) == []
    CalendarDay.objects.filter(day=date(2027, 2, 5)).update(is_working=True)
    assert list(differences(events)) == ["organization_calendarday 2027 day"]
    CalendarYear.objects.filter(year=2027).delete()
    assert list(differences(events)) == ["organization_calendaryear 2027 year"]


def test_verify_names_a_day_changed_by_hand_in_a_year_that_nobody_imported(cast):
    """The years with which every database begins have no event: they are compared with the file that they came from."""

    def found():
        return list(differences(list(AppointmentEvent.objects.order_by("seq"))))

    assert found() == []
    CalendarDay.objects.filter(day=date(2026, 10, 1)).update(is_working=True)
    assert found() == ["organization_calendarday 2026 day"]
    CalendarYear.objects.filter(year=2025).update(source="手工")
    CalendarYear.objects.create(year=2031, source="手工", imported_at=clock.now())
    assert found() == [
        "organization_calendaryear 2025 source",
        "organization_calendarday 2026 day",
        "organization_calendaryear 2031 year",
    ]


def test_the_page_shows_years_at_a_glance_and_takes_a_file(cast, log_in):
    browser = log_in(cast.administrator)
    shown = browser.get(PAGE).content.decode()
    assert "2026、2027" not in shown
    assert "2027 年节假日未导入" in shown
    assert "国庆节 10-01 至 10-07" in " ".join(shown.split())
    assert "chinesecalendar 1.11.0" in shown
    answer = browser.post(PAGE, {"file": SimpleUploadedFile("2027.csv", YEAR_2027.encode()), "text": ""}, follow=True)
    shown = answer.content.decode()
    assert "已导入 2027 年。" in shown
    assert "年节假日未导入" not in shown
    assert f"2027.csv · 2026-11-23 09:00 · {cast.administrator.name}" in shown
    faulty = browser.post(PAGE, {"text": "2028-13-01,休", "source": "草稿"})
    assert faulty.status_code == 400
    assert "第 1 行" in faulty.content.decode()
    assert "2028-13-01,休" in faulty.content.decode()


def test_a_page_of_years_costs_the_same_however_many_there_are(cast, log_in, django_assert_num_queries):
    with django_assert_num_queries(2):
        calendars.years()
    CalendarYear.objects.filter(year__lt=2025).delete()
    with django_assert_num_queries(2):
        calendars.years()


def test_the_api_reads_for_all_and_imports_for_administrators(cast):
    client = APIClient()
    client.force_authenticate(cast.property_clerk)
    body = client.get("/api/v1/calendar/").json()
    assert (body["missing"], body["years"][-1]["year"], len(body["years"][-1]["days"])) == ([2027], 2026, 39)
    assert client.post("/api/v1/calendar/", {"text": YEAR_2027}, format="json").status_code == 403
    client.force_authenticate(cast.administrator)
    assert client.post("/api/v1/calendar/", {"text": YEAR_2027}, format="json").json()["missing"] == []
    faulty = client.post("/api/v1/calendar/", {"text": "x,休\ny,休"}, format="json")
    assert (faulty.status_code, len(faulty.json()["errors"])) == (400, 2)
    assert client.post("/api/v1/calendar/", {}, format="json").status_code == 400


def test_the_command_imports_and_tells_faults_on_lines_of_their_own(cast, tmp_path):
    file = tmp_path / "2027.csv"
    file.write_text(YEAR_2027, encoding="utf-8")
    out = StringIO()
    call_command("import_calendar", str(file), stdout=out)
    assert out.getvalue() == "2027 5 holidays 1 make-up days\n"
    assert CalendarYear.objects.get(year=2027).source == "2027.csv"
    file.write_text("x,休\ny,休", encoding="utf-8")
    with pytest.raises(CommandError, match="第 1 行.*\n第 2 行"):
        call_command("import_calendar", str(file))
    with pytest.raises(CommandError):
        call_command("import_calendar", str(tmp_path / "absent.csv"))
