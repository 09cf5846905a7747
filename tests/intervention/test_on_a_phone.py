"""What people on the site meet with a phone: several days of a post at once, marks on what is needed, short ways."""

from datetime import date

import pytest

from documents.refusals import Conflict, Invalid
from intervention.daily import writing
from intervention.models import DayLog, GuardPost
from intervention.papers.drafting import open_paper
from intervention.site import guarding
from tests.api.programs import Program
from tests.intervention import logged, papered, site
from tests.intervention.test_meetings_and_guards import POST, stood

pytestmark = pytest.mark.django_db
NEW = "/intervention/records/guard_post/new/"


def test_one_entry_stands_on_each_day_of_a_range_under_keys_of_their_own(cast):
    first = stood(cast, day=date(2026, 11, 2), until=date(2026, 11, 5), sent_key="phone-1")
    rows = GuardPost.objects.order_by("day")
    assert [row.day.day for row in rows] == [2, 3, 4, 5]
    assert rows[0].pk == first.pk
    assert len({row.sent_key for row in rows}) == 4
    assert str(first) == "2026-11-02 – 2026-11-05 1号门岗 夜班"
    assert stood(cast, day=date(2026, 11, 2), until=date(2026, 11, 5), sent_key="phone-1").pk == first.pk
    assert GuardPost.objects.count() == 4
    guarding.strike(post_id=rows[1].pk, actor=cast.property_clerk, reason="误登")
    assert GuardPost.objects.filter(state="kept").count() == 3


def test_days_that_have_the_post_are_named_and_nothing_is_stored(cast):
    stood(cast, day=date(2026, 11, 3))
    stood(cast, day=date(2026, 11, 5))
    with pytest.raises(Conflict, match="2026-11-03、2026-11-05"):
        stood(cast, day=date(2026, 11, 2), until=date(2026, 11, 6))
    assert GuardPost.objects.count() == 2
    stood(cast, day=date(2026, 11, 2), until=date(2026, 11, 6), shift="day")
    assert GuardPost.objects.count() == 7


@pytest.mark.parametrize(("first", "last"), [
    (date(2026, 11, 5), date(2026, 11, 4)), (date(2026, 10, 30), date(2026, 11, 2)), (date(2026, 11, 20), date(2026, 11, 24)),
    (date(1, 1, 1), date(1, 1, 31)),
])  # fmt: skip
def test_a_range_lies_within_one_month_that_has_come(cast, first, last):
    with pytest.raises(Invalid):
        stood(cast, day=first, until=last)
    assert GuardPost.objects.count() == 0


def test_page_and_program_take_a_range_and_a_correction_has_none(cast, log_in):
    client, program = log_in(cast.property_clerk), Program(cast.property_clerk)
    assert 'name="until"' in client.get(NEW).content.decode()
    said = {"place": "CH-2", **POST, "day": "2026-11-02", "until": "2026-11-03"}
    told = client.post(NEW, said, follow=True)
    assert "已登记：2026-11-02 – 2026-11-03 1号门岗 夜班" in told.content.decode()
    again = client.post(NEW, said)
    assert "2026-11-02、2026-11-03" in again.content.decode()
    made = program.post("records/guard_post/", {"project": "CH", "instalment": "CH-2", **POST, "until": "2026-11-21"})
    assert (made.status_code, made.json()["day"]) == (201, "2026-11-20")
    assert GuardPost.objects.count() == 4
    row = GuardPost.objects.first()
    assert 'name="until"' not in client.get(f"/intervention/records/guard_post/{row.pk}/amend/").content.decode()


@pytest.mark.parametrize(("subject", "register"), [
    ("meeting", "/intervention/meetings/"), ("guard_post", "/intervention/guard-posts/"), ("visit", "/intervention/visits/"),
])  # fmt: skip
def test_calling_a_new_record_off_leads_to_its_list(cast, log_in, subject, register):
    page = log_in(cast.property_clerk).get(f"/intervention/records/{subject}/new/").content.decode()
    assert f'href="{register}">取消</a>' in page


def test_work_of_the_site_begins_where_everything_begins(cast, log_in):
    page = log_in(cast.property_clerk).get("/documents/new/?project=CH").content.decode()
    for subject in ("visit", "day_log", "guard_post", "meeting"):
        assert f'href="/intervention/records/{subject}/new/?place=CH"' in page
    other = log_in(cast.marketing_handler).get("/documents/new/").content.decode()
    assert "/intervention/records/" not in other


def test_what_is_needed_is_marked(cast, log_in):
    client = log_in(cast.property_clerk)
    visit = client.get("/intervention/records/visit/new/").content.decode()
    assert '专业 <span class="req" aria-hidden="true">*</span></legend>' in visit
    event = client.get("/intervention/records/day_log/new/?spot=event").content.decode()
    assert '支持内容 <span class="muted small">（提交确认前填写）</span>' in event
    assert '活动名称 <span class="req"' in event
    log = writing.begin(actor=cast.property_clerk, **site.place(cast, "CH-2"), day=date(2026, 11, 20), spot="show_flat")
    assert DayLog.objects.get().state == "draft"
    page = client.get(f"/intervention/days/{log.pk}/").content.decode()
    assert "提交确认前还需补充" in page
    assert "日志还没有内容" in page
    whole = logged.begun(cast, day=date(2026, 11, 19))
    assert "提交确认前还需补充" not in client.get(f"/intervention/days/{whole.pk}/").content.decode()


def test_a_paper_that_needs_a_file_says_so_before_it_is_submitted(cast, log_in):
    manager = cast.property_project_manager
    client = log_in(manager)
    draft = open_paper(actor=manager, kind="service_plan_review", project=cast.projects["CH"])
    asked = "请至少上传一个服务方案文件后再提交。"
    assert asked in client.get(f"/intervention/papers/{draft.reference}/").content.decode()
    papered.attach(draft, manager)
    assert asked not in client.get(f"/intervention/papers/{draft.reference}/").content.decode()


def test_handing_over_is_offered_while_something_waits_for_it(cast, log_in):
    client, walked = log_in(cast.property_clerk), site.visit(cast)
    address = f"/intervention/visits/{walked.pk}/"
    hand = f"/intervention/records/visit/{walked.pk}/hand/"
    assert hand not in client.get(address).content.decode()
    site.found(cast, walked)
    assert hand in client.get(address).content.decode()
