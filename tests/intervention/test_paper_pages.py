"""Pages and REST of the three papers and of the register."""

import pytest
from django.test import Client

from documents.models import Document
from intervention.models import FoundPromise
from tests.intervention import papered, planned

pytestmark = pytest.mark.django_db

KINDS = [
    ("publicity_confirmation", "marketing_handler"),
    ("service_plan_review", "property_project_manager"),
    ("service_agreement", "service_handler"),
]


def typed(document, **more):
    """What the entry page of a confirmation sends."""
    lines = {
        "lines-total": "3",
        "line-0-id": "",
        "line-0-subject": "fee",
        "line-0-wording": "不高于 2.80 元",
        "line-1-subject": "",
        "line-1-wording": "  ",
    }
    return {**papered.PUBLICITY, **lines, "draft_version": str(document.draft_version), **more}


@pytest.mark.parametrize(("kind", "username"), KINDS)
def test_a_paper_is_begun_for_a_project(cast, log_in, kind, username):
    browser = log_in(cast[username])
    assert f"/intervention/papers/new/{kind}/" in browser.get("/documents/new/").content.decode()
    address = f"/intervention/papers/new/{kind}/"
    assert "建立草稿" in browser.get(f"{address}?project=CH").content.decode()
    assert (
        browser.post(address, {"project": "YJ" if username != "property_project_manager" else "WB"}).status_code == 400
    )
    answer = browser.post(address, {"project": "CH"})
    document = Document.objects.get()
    assert answer.url == f"/intervention/papers/{document.name}/"
    page = browser.get(answer.url).content.decode()
    assert "预计签批环节" in page
    assert 'name="draft_version" value="1"' in page


def test_others_are_told_who_drafts(cast, log_in):
    answer = log_in(cast.property_clerk).get("/intervention/papers/new/publicity_confirmation/")
    assert answer.status_code == 403
    assert "营销小组经办人" in answer.content.decode()
    assert log_in(cast.marketing_handler).get("/intervention/papers/new/phase_result/").status_code == 404


def test_a_confirmation_is_saved_and_submitted(cast, log_in):
    draft = papered.publicity(cast, lines=[])
    browser = log_in(cast.marketing_handler)
    answer = browser.post(f"/intervention/papers/{draft.name}/", typed(draft, then="submit"))
    document = Document.objects.get(pk=draft.pk)
    assert (answer.status_code, document.state) == (302, "circulating")
    assert list(document.promise_lines.values_list("subject", "wording")) == [("fee", "不高于 2.80 元")]
    # The draft's page, left open, says what became of it.
    again = browser.post(f"/intervention/papers/{draft.reference}/", typed(draft))
    assert again.status_code == 409
    assert document.number in again.content.decode()


def test_what_is_refused_stays_typed(cast, log_in):
    draft = papered.publicity(cast)
    browser = log_in(cast.marketing_handler)
    answer = browser.post(f"/intervention/papers/{draft.name}/", typed(draft, from_on="明天", text="新的文字"))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "开始使用日期：「明天」不是日期" in page
    assert "新的文字" in page
    assert "不高于 2.80 元" in page


def test_what_a_submission_lacks_is_linked_to_its_field_and_said_beside_it(cast, log_in):
    draft = papered.publicity(cast, lines=[])
    sent = typed(draft, then="submit", from_on="", **{"line-0-subject": ""})
    page = log_in(cast.marketing_handler).post(f"/intervention/papers/{draft.name}/", sent).content.decode()

    for name in ("from_on", "line-0-subject"):
        assert f'<a href="#id_{name}">' in page
        field = page[page.index(f' id="id_{name}"') :]
        assert f'aria-invalid="true" aria-describedby="err_{name}' in field[: field.index(">")]
        assert f'<div class="cell-err" id="err_{name}">' in page


def test_autosaving_answers_the_time_the_version_and_the_keys_of_lines(cast, log_in):
    draft = papered.publicity(cast, lines=[])
    browser = log_in(cast.marketing_handler)
    address = f"/intervention/papers/{draft.name}/save/"
    answer = browser.post(address, typed(draft) | {"line-2-id": "", "line-2-subject": "club", "line-2-wording": "会所"})
    told = answer.json()
    assert (answer.status_code, told["ids"], told["draft_version"]) == (200, ["p1", "", "p2"], draft.draft_version + 1)
    late = browser.post(address, typed(draft, text="另一窗口"))
    there = late.json()["conflict"]["values"]
    assert (late.status_code, there["text"], there["line-1-wording"]) == (409, papered.PUBLICITY["text"], "会所")
    faulty = browser.post(address, typed(draft, from_on="明天"))
    assert (faulty.status_code, "「明天」不是日期" in faulty.json()["detail"]) == (400, True)


def test_two_windows_lose_nothing(cast, log_in):
    draft = papered.publicity(cast)
    browser = log_in(cast.marketing_handler)
    address = f"/intervention/papers/{draft.name}/"
    sent = typed(draft, text="甲的文字")
    assert browser.post(address, sent).status_code == 302
    # The same again is a second click.
    assert browser.post(address, sent).status_code == 302
    other = browser.post(address, typed(draft, text="乙的文字", **{"line-0-wording": "不高于 3.00 元"}))
    page = other.content.decode()
    assert other.status_code == 409
    for text in ("甲的文字", "乙的文字", "收费标准 不高于 2.80 元", "收费标准 不高于 3.00 元", "用我填写的内容保存"):
        assert text in page
    now = Document.objects.get(pk=draft.pk)
    assert now.publicity.text == "甲的文字"
    assert f'name="draft_version" value="{now.draft_version}"' in page


def test_boxes_of_found_promises_are_ticked_and_unticked(cast, log_in):
    found = papered.found(cast)
    draft = papered.publicity(cast)
    browser = log_in(cast.marketing_handler)
    address = f"/intervention/papers/{draft.name}/"
    assert f'name="cover" value="{found.pk}"' in browser.get(address).content.decode()
    browser.post(address, typed(draft, **{"covers-asked": "1", "cover": str(found.pk)}))
    assert list(draft.covers.values_list("found", flat=True)) == [found.pk]
    # A page that did not ask leaves them.
    browser.post(address, typed(Document.objects.get(pk=draft.pk)))
    assert draft.covers.count() == 1
    browser.post(address, typed(Document.objects.get(pk=draft.pk), **{"covers-asked": "1"}))
    assert draft.covers.count() == 0


def test_an_agreement_is_superseded_by_a_ticked_box(cast, log_in):
    papered.approved(papered.agreement(cast), cast)
    draft = papered.agreement(cast)
    browser = log_in(cast.service_handler)
    address = f"/intervention/papers/{draft.name}/"
    assert "取代上一版" in browser.get(address).content.decode()
    sent = {
        **papered.AGREEMENT,
        "valid_from": "2027-01-01",
        "draft_version": str(draft.draft_version),
        "supersedes": "1",
    }
    assert browser.post(address, sent).status_code == 302
    assert Document.objects.get(pk=draft.pk).agreement.supersedes is True
    page = browser.get(f"/documents/{draft.name}/").content.decode()
    assert "与上一版 CH-SA-202611-001 相比" in page


SURFACES = (
    "/documents/{}/",
    "/documents/{}/pdf/",
    "/documents/{}/xlsx/",
    "/api/v1/documents/{}/",
    "/intervention/papers/{}/",
)


@pytest.mark.parametrize(
    "username", ["outsider", "foreign_clerk", "foreign_general_manager", "account_auditor", "yj_marketing_handler"]
)
def test_what_one_may_not_see_is_not_there(cast, log_in, username):
    browser = log_in(cast[username])
    for document in (papered.submitted(papered.publicity(cast)), papered.submitted(papered.agreement(cast))):
        for address in SURFACES:
            assert browser.get(address.format(document.name)).status_code == 404, address
    found = papered.found(cast)
    assert browser.get(f"/intervention/promises/found/{found.pk}/withdraw/").status_code == 404
    assert browser.post(f"/api/v1/found-promises/{found.pk}/withdraw/", {"reason": "x"}).status_code == 404
    for address in (
        "/intervention/promises/",
        "/intervention/promises/?show=found",
        "/api/v1/promises/",
        "/api/v1/found-promises/",
    ):
        page = browser.get(address).content.decode()
        assert "会所终身免费使用" not in page
        assert "30 分钟内响应" not in page


def test_a_working_copy_is_its_own_sides_alone(cast, log_in):
    draft = papered.publicity(cast, {"text": "尚未公开"})
    assert log_in(cast.property_leader).get(f"/documents/{draft.name}/").status_code == 404
    papered.submitted(papered.publicity(cast))
    assert "尚未公开" not in log_in(cast.property_leader).get("/intervention/promises/").content.decode()


def test_the_register_warns_in_red(cast, log_in):
    papered.submitted(papered.publicity(cast, {"from_on": "2026-11-20"}), "活动提前")
    papered.found(cast)
    page = log_in(cast.property_leader).get("/intervention/promises/").content.decode()
    assert "1 条已在使用" in page
    assert "2 条承诺已到使用日期" in page
    assert "未确认已到使用日期" in page
    laid = planned.plan(cast)
    browser = log_in(cast.property_leader)
    assert "1 条已在使用" in browser.get(f"/intervention/plans/{laid.pk}/marketing/").content.decode()
    assert "1 条已在使用" not in browser.get(f"/intervention/plans/{laid.pk}/planning/").content.decode()
    page = browser.get(f"/intervention/plans/{laid.pk}/").content.decode()
    assert "1 条已在使用" in page
    assert "目前没有生效的物业服务前期介入协议。" in page
    page = log_in(cast.account_auditor).get(f"/intervention/plans/{laid.pk}/").content.decode()
    assert "目前没有生效" not in page
    assert "已在使用" not in page


def test_a_find_is_recorded_confirmed_or_taken_out_of_use(cast, log_in):
    browser = log_in(cast.property_project_manager)
    sent = {
        "project": "CH",
        "channel": "spoken",
        "place": "售楼处",
        "subject": "fee",
        "wording": "一元物业费",
        "since_on": "2026-11-02",
    }
    assert browser.post("/intervention/promises/found/new/", sent | {"since_on": ""}).status_code == 400
    assert browser.post("/intervention/promises/found/new/", sent).status_code == 302
    found = FoundPromise.objects.get()
    page = browser.get("/intervention/promises/?show=found").content.decode()
    assert "一元物业费" in page
    assert "?found=" not in page
    assert (
        "营销小组经办人"
        in browser.post(f"/intervention/promises/found/{found.pk}/withdraw/", {"reason": "x"}).content.decode()
    )
    browser = log_in(cast.marketing_handler)
    assert (
        f"/intervention/papers/new/publicity_confirmation/?found={found.pk}"
        in browser.get("/intervention/promises/?show=found").content.decode()
    )
    begun = browser.post("/intervention/papers/new/publicity_confirmation/", {"project": "CH", "found": found.pk})
    assert begun.status_code == 302
    assert browser.post(f"/intervention/promises/found/{found.pk}/withdraw/", {"reason": ""}).status_code == 400
    assert (
        browser.post(f"/intervention/promises/found/{found.pk}/withdraw/", {"reason": "停止该说辞"}).status_code == 302
    )
    assert "停止该说辞" in browser.get("/intervention/promises/?show=found").content.decode()
    assert log_in(cast.property_clerk).get("/intervention/promises/found/new/").status_code == 403


PAGES = (
    "/intervention/promises/",
    "/intervention/promises/?show=found",
    "/intervention/agreements/",
    "/api/v1/promises/",
    "/api/v1/found-promises/",
    "/api/v1/agreements/",
)


@pytest.mark.parametrize("address", PAGES)
def test_pages_ask_a_constant_number_of_queries(cast, log_in, address):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def more(n):
        papered.submitted(papered.publicity(cast, lines=papered.PROMISES * n))
        for number in range(n):
            papered.found(cast, place=f"{n} 号点第 {number} 块展板")

    more(1)
    papered.approved(papered.agreement(cast), cast)
    browser = log_in(cast.marketing_head)
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as before:
        assert browser.get(address).status_code == 200
    more(3)
    papered.approved(papered.agreement(cast, {"valid_from": "2027-12-01", "valid_to": "2028-11-30"}), cast)
    papered.approved(papered.agreement(cast, {"valid_from": "2027-01-01"}, by="yj_service_handler", project="YJ"), cast)
    with CaptureQueriesContext(connection) as after:
        assert browser.get(address).status_code == 200
    assert len(after) == len(before)


def test_the_register_is_paged_by_key(cast, log_in):
    papered.submitted(papered.publicity(cast, lines=papered.PROMISES * 30))
    browser = log_in(cast.marketing_head)
    page = browser.get("/intervention/promises/?q=CH").content.decode()
    assert page.count('data-l="确认单"') == 50
    after = page.split("after=")[1].split('"')[0]
    assert browser.get(f"/intervention/promises/?q=CH&after={after}").content.decode().count('data-l="确认单"') == 10
    first = browser.get("/api/v1/promises/").json()
    assert len(first["results"]) == 50
    rest = browser.get(f"/api/v1/promises/?after={first['next']}").json()
    assert (len(rest["results"]), rest["next"]) == (10, None)


# --- REST ---------------------------------------------------------------------------------------------------------------
def rest(cast, username):
    client = Client(headers={"accept": "application/json"})
    client.force_login(cast[username], backend="django.contrib.auth.backends.ModelBackend")

    def call(method, path, data=None):
        answer = getattr(client, method)(f"/api/v1/{path}", data, content_type="application/json")
        return answer.status_code, answer.json()

    return call


def test_a_paper_is_begun_written_and_submitted_over_rest(cast):
    call = rest(cast, "property_project_manager")
    status, draft = call("post", "papers/", {"kind": "service_plan_review", "project": "CH"})
    assert status == 201
    address = f"documents/{draft['document']['reference']}/paper/"
    status, now = call("put", address, {"draft_version": 1, "head": papered.REVIEW, "lines": papered.FEES})
    assert (status, now["head"]["valid_from"], now["lines"][0]["price"]) == (200, "2027-06-30", "2.80")
    # Lines that are not sent stay; a number is as good as its text.
    line = now["lines"][1] | {"price": 95.5}
    status, now = call("put", address, {"draft_version": 2, "lines": [line]})
    assert (status, [line["price"] for line in now["lines"]]) == (200, ["95.50"])
    status, refused = call("put", address, {"draft_version": 2, "head": {"note": "x"}})
    assert status == 409
    status, refused = call(
        "put", address, {"head": {"valid_from": "soon"}, "lines": [{"subject": "车位", "price": "0"}]}
    )
    assert (status, refused["errors"]) == (400, [
        "执行起始日期：「soon」不是日期，请填写 2000 年至 2099 年之间的日期，例如 2026-12-01。",
        "第 1 行 单价（元）：「0」不是单价，请填写大于零、最多两位小数的数字，例如 2.80。",
    ])  # fmt: skip
    status, refused = call("post", f"documents/{draft['document']['reference']}/submit/", {})
    assert (status, refused["errors"]) == (409, ["请至少上传一个服务方案文件后再提交。"])
    status, refused = call("post", "papers/", {"kind": "service_agreement", "project": "CH"})
    assert (status, refused["errors"]) == (
        403,
        ["「物业服务前期介入协议」由客服小组经办人填报，您在项目「翠湖花园」不担任该岗位。"],
    )
    assert call("post", "papers/", {"kind": "phase_result", "project": "CH"})[0] == 400
    assert call("post", "papers/", {"kind": "service_plan_review", "project": "WB"})[0] == 400


def test_finds_are_recorded_and_withdrawn_over_rest(cast):
    call = rest(cast, "marketing_handler")
    sent = {
        "project": "CH",
        "channel": "online",
        "place": "公众号",
        "subject": "fee",
        "wording": "一元物业费",
        "since_on": "2026-11-02",
    }
    status, found = call("post", "found-promises/", sent)
    assert (status, found["found_state"], found["settled_at"]) == (201, "in_use", None)
    status, refused = call("post", "found-promises/", sent | {"since_on": "2026-12-02"})
    assert (status, refused["errors"][0][:17]) == (400, "开始使用日期 2026-12-02")
    status, draft = call("post", "papers/", {"kind": "publicity_confirmation", "project": "CH", "found": found["id"]})
    assert (status, draft["lines"][1]["id"]) == (201, f"found:{found['id']}")
    assert call("post", f"found-promises/{found['id']}/withdraw/", {})[0] == 400
    assert rest(cast, "property_leader")("post", f"found-promises/{found['id']}/withdraw/", {"reason": "x"})[0] == 403
    status, now = call("post", f"found-promises/{found['id']}/withdraw/", {"reason": "已删文"})
    assert (status, now["found_state"], now["reason"]) == (200, "withdrawn", "已删文")
    assert call("post", f"found-promises/{found['id']}/withdraw/", {"reason": "再删"}) == (
        403,
        {"errors": ["此项已停用，不能再登记停用。"]},
    )
    status, rows = call("get", "found-promises/?status=withdrawn&q=物业费")
    assert [row["id"] for row in rows["results"]] == [found["id"]]
    assert call("get", "promises/?status=soon")[0] == 400


def test_agreements_in_force_over_rest(cast):
    document = papered.approved(papered.agreement(cast), cast)
    call = rest(cast, "finance")
    status, rows = call("get", "agreements/?project=CH&on=2027-10-15")
    assert (status, rows[0]["agreement"]["number"], rows[0]["until"], rows[0]["ends_soon"]) == (
        200,
        document.number,
        "2027-11-30",
        True,
    )
    assert call("get", "agreements/?project=CH")[1][0]["agreement"] is None
    assert rest(cast, "outsider")("get", "agreements/?project=CH")[0] == 404
    assert call("get", "agreements/?on=x")[0] == 400


def test_the_hint_of_the_confirmation_says_that_one_approval_confirms_every_promise(cast, log_in):
    draft = papered.publicity(cast)
    page = log_in(cast.marketing_handler).get(f"/intervention/papers/{draft.reference}/").content.decode()
    assert "同意即确认所列各条，有异议则整单退回" in page
    assert "逐条确认" not in page
