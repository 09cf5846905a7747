"""Pages and REST of visits and findings: the same number of queries however many, filters, the same sentences."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intervention.models import Visit
from organization import clock
from tests.api.programs import ABSENT, Program
from tests.intervention import site

pytestmark = pytest.mark.django_db


def asked(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_pages_ask_the_same_for_one_finding_and_many(cast, log_in):
    walked = site.visit(cast)
    row = site.found(cast, walked)
    site.photograph(cast, row)
    client, program = log_in(cast.property_clerk), Program(cast.property_clerk)
    addresses = ("/intervention/visits/", f"/intervention/visits/{walked.pk}/", "/intervention/findings/?project=CH",
                 f"/intervention/findings/{row.pk}/", "/intervention/findings/?state=overdue&trade=fire&text=a")  # fmt: skip
    lists = ("/api/v1/records/finding/", "/api/v1/records/visit/")
    before = {address: asked(client, address) for address in addresses}
    before |= {address: asked(program.client, address) for address in lists}
    for n in range(4):
        other = site.brought(cast, "fixed", walked)
        site.photograph(cast, other, site.jpeg(colour="red"), role="after")
        site.found(cast, site.visit(cast, day=date(2026, 11, 10 + n)))
    site.photograph(cast, row, site.jpeg(colour="red"), site.jpeg(colour="blue"))
    after = {address: asked(client, address) for address in addresses}
    after |= {address: asked(program.client, address) for address in lists}
    assert after == before


def test_the_register_is_narrowed_and_paged_by_key(cast, log_in, monkeypatch):
    monkeypatch.setattr("intervention.site.views.SIZE", 2)
    walked = site.visit(cast)
    fire = site.found(cast, walked, trade="fire", building="5栋", description="喷淋头缺失")
    late = site.brought(cast, "handed", walked)
    other = site.brought(cast, "dropped", walked)
    client = log_in(cast.marketing_head)

    def shown(query):
        page = client.get(f"/intervention/findings/{query}")
        return [row.number for row in page.context["rows"]], page.context["page"]

    assert shown("")[0] == [other.number, late.number]
    assert shown("?" + shown("")[1]["older"])[0] == [fire.number]
    assert shown("?trade=fire")[0] == [fire.number]
    assert shown("?building=5栋")[0] == [fire.number]
    assert shown("?text=喷淋")[0] == [fire.number]
    assert shown(f"?text={late.number}")[0] == [late.number]
    assert shown("?state=dropped")[0] == [other.number]
    assert shown("?state=unsettled")[0] == [late.number, fire.number]
    assert shown("?instalment=CH-1")[0] == []
    with clock.at(clock.shanghai(2026, 12, 11)):
        assert shown("?state=overdue")[0] == [late.number]
        assert "整改逾期 1 个" in client.get("/intervention/findings/").content.decode()
    for nonsense in ("?before=x", "?trade=%27", "?state=1", "?visit=x", "?before=99999999999999999999"):
        assert client.get(f"/intervention/findings/{nonsense}").status_code == 200
    program = Program(cast.marketing_head)
    assert [row["number"] for row in program.get("records/finding/", trade="fire").json()["results"]] == [fire.number]
    assert program.get("records/finding/", trade="roof").json()["errors"] == ["trade 没有「roof」这个取值。"]


def test_a_visit_and_its_findings_are_entered_on_pages(cast, log_in):
    client = log_in(cast.property_clerk)
    form = client.get("/intervention/records/visit/new/").content.decode()
    assert "翠湖花园二期" in form
    assert "云锦府" not in form
    said = {"place": "CH-2", "day": "2026-11-23", "kind": "patrol", "trades": ["civil", "fire"], "participants": "安平"}
    missing = client.post("/intervention/records/visit/new/", said | {"trades": [], "participants": "我写的人"})
    assert missing.status_code == 400
    assert "我写的人" in missing.content.decode()
    elsewhere = client.post("/intervention/records/visit/new/", said | {"place": "YJ-1"})
    assert "请选择项目或分期。" in elsewhere.content.decode()
    made = client.post("/intervention/records/visit/new/", said)
    row = Visit.objects.get()
    assert made.url == f"/intervention/visits/{row.pk}/"
    assert row.trades == ["civil", "fire"]
    page = client.get(made.url).content.decode()
    assert "data-outbox" in page
    assert " style=" not in page
    assert "data-outbox" not in log_in(cast.marketing_head).get(made.url).content.decode()
    denied = log_in(cast.marketing_head).get("/intervention/records/visit/new/")
    assert denied.status_code == 403


def test_page_and_program_read_the_same_sentences(cast, log_in):
    row = site.brought(cast, "handed")
    page = log_in(cast.project_engineer).post(f"/intervention/records/finding/{row.pk}/fix/", {"note": ""})
    answer = Program(cast.project_engineer).post(f"records/finding/{row.pk}/fix/", {"note": ""})
    assert (page.status_code, answer.status_code) == (409, 409)
    assert answer.json()["errors"][0] in page.content.decode()
    done = Program(cast.project_engineer).post(f"records/finding/{row.pk}/fix/", {"note": "已重做"})
    assert (done.json()["state"], done.json()["repair"]) == ("fixed", "已重做")
    assert [
        offer["verb"] for offer in Program(cast.property_clerk).get(f"records/finding/{row.pk}/").json()["offers"]
    ] == [
        "close",
        "send_back",
    ]


def test_others_meet_neither_visit_nor_finding(cast, log_in):
    row = site.brought(cast, "handed")
    for username in ("yj_property_clerk", "outsider", "foreign_clerk"):
        client, program = log_in(cast[username]), Program(cast[username])
        for address in (f"/intervention/visits/{row.visit_id}/", f"/intervention/findings/{row.pk}/",
                        f"/intervention/records/finding/{row.pk}/log/", f"/intervention/records/finding/{row.pk}/fix/"):  # fmt: skip
            assert client.get(address).status_code == 404, address
        for path in (f"records/finding/{row.pk}/", f"records/visit/{row.visit_id}/"):
            assert program.get(path).json() == ABSENT
        for path in ("records/finding/", "records/visit/", "records/finding/?text=渗水"):
            assert program.get(path).json()["results"] == []
        body = {"project": "CH", "instalment": "CH-2", "visit": row.visit_id, **site.SAID}
        assert program.post("records/finding/", body).status_code in (400, 403)
        assert row.number not in client.get(f"/intervention/findings/?text={row.number[:-1]}").content.decode()
