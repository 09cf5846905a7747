"""All packs of a month as one zip: whose they are, what they are called, and the same bytes each time."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from documents import circulation, downloads
from documents.rendering import kept
from settlements.models import Pack
from settlements.packs import months, runs
from tests import forms
from tests.api.programs import Program

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
DECEMBER = "?month=2026-12"
ZIP = f"/settlements/packs/month.zip{DECEMBER}"
STATE = f"/settlements/packs/{DECEMBER}"


def approved(cast, clerk, finance, *, project, instalment, side):
    origin = forms.sign_through(
        circulation.submit(
            document_id=forms.purchase_request(cast, by=clerk, instalment=instalment, month=date(2026, 11, 1)).pk,
            actor=cast[clerk],
            late_reason="上月漏报",
        ),
        cast,
        prefix="" if project == "CH" else "yj_",
    )
    completion = forms.completion(origin=origin, actor=cast[clerk])
    circulation.submit(document_id=completion.pk, actor=cast[clerk])
    forms.sign_through(completion, cast, prefix="" if project == "CH" else "yj_")
    from settlements.applying import open_application

    document = open_application(actor=cast[finance], project=cast.projects[project], month=date(2026, 12, 1), side=side)
    circulation.submit(document_id=document.pk, actor=cast[finance])
    return forms.sign_through(document, cast, prefix="" if project == "CH" else "yj_")


@pytest.fixture
def both_sides(cast, fixed_clock):
    """December of CH: one application before and one after move-in, both approved."""
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    how = {"clerk": "property_clerk", "finance": "property_finance", "project": "CH"}
    return [approved(cast, instalment=code, side=side, **how) for code, side in (("CH-2", "pre"), ("CH-1", "post"))]


def entries(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return archive.infolist()


def test_the_zip_holds_pdf_and_workbook_of_each_application(cast, both_sides, log_in):
    for document in both_sides:
        runs.start(document)
    client = log_in(cast.finance)
    answer = client.get(ZIP)
    data = answer.getvalue()
    assert answer["Content-Type"] == "application/zip"
    assert int(answer["Content-Length"]) == len(data)
    assert "2026-12_%E8%B5%84%E6%96%99%E5%8C%85.zip" in answer["Content-Disposition"]
    infos = entries(data)
    assert [info.filename for info in infos] == [
        "2026-12_CH_入伙前_CH-EA-202612-001.pdf",
        "2026-12_CH_入伙前_CH-EA-202612-001.xlsx",
        "2026-12_CH_入伙后_CH-EA-202612-002.pdf",
        "2026-12_CH_入伙后_CH-EA-202612-002.xlsx",
    ]
    # UTF-8 names are marked as such (bit 11), nothing is packed a second time, the time is that of the approval.
    assert all(info.flag_bits & 0x800 for info in infos)
    assert {info.compress_type for info in infos} == {zipfile.ZIP_STORED}
    assert {info.date_time for info in infos} == {(2026, 12, 20, 9, 0, 0)}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        single = client.get(f"/settlements/applications/{both_sides[0].number}/pack.pdf").getvalue()
        assert archive.read(infos[0]) == single


def test_the_same_packs_give_the_same_bytes_on_every_day_in_every_language(cast, both_sides, log_in, fixed_clock):
    for document in both_sides:
        runs.start(document)
    first = log_in(cast.finance).get(ZIP).getvalue()
    fixed_clock.set_clock(fixed_clock.shanghai(2027, 3, 1))
    client = log_in(cast.general_manager, fresh=True)
    client.post("/language/", {"language": "en"})
    assert client.get(ZIP).getvalue() == first


def test_each_application_has_the_download_on_its_trail(cast, both_sides, log_in):
    for document in both_sides:
        runs.start(document)
    log_in(cast.finance).get(ZIP)
    for document in both_sides:
        event = document.events.get(code="downloaded")
        assert (event.actor, event.parameters) == (cast.finance, {"what": "packs.zip"})


def test_what_is_missing_is_made_first_with_a_bar(cast, both_sides, log_in, monkeypatch):
    client = log_in(cast.finance)
    page = client.get(f"/settlements/applications/{DECEMBER}").content.decode()
    assert "生成本月全部资料包" in page
    assert "2 份费用申请，已生成 0 / 4 个文件" in page
    early = client.get(ZIP)
    assert (early.status_code, "本月资料包尚未全部生成（0 / 4），请生成后再下载。" in early.content.decode()) == (
        409,
        True,
    )
    asked = []
    with monkeypatch.context() as patch:
        patch.setattr(runs, "make_pack", type("Task", (), {"enqueue": staticmethod(lambda *args: asked.append(args))}))
        busy = client.post(STATE, headers=HTMX).content.decode()
        client.post(STATE, headers=HTMX)
    assert len(asked) == 4
    assert "正在生成，已完成 0 / 4 个文件" in busy
    assert '<progress class="meter" max="100" value="0"' in busy
    assert 'hx-get="/settlements/packs/?month=2026-12&amp;project=" hx-trigger="every 1s"' in busy
    for args in asked[:2]:
        runs.make_pack.func(*args)
    half = client.get(STATE, headers=HTMX).content.decode()
    assert "已完成 2 / 4 个文件" in half
    assert 'value="50"' in half
    for args in asked[2:]:
        runs.make_pack.func(*args)
    done = client.get(STATE, headers=HTMX).content.decode()
    assert "下载本月全部资料包" in done
    assert "2 份费用申请，4 个文件" in done
    assert "every 1s" not in done


def test_a_zip_holds_only_what_its_reader_may_see(cast, both_sides, log_in):
    """The finance people of YJ see none of CH; who sees both asks for one project by the filter."""
    for document in both_sides:
        runs.start(document)
    for username in ("foreign_clerk", "yj_property_clerk", "outsider", "administrator", "account_auditor"):
        client, program = log_in(cast[username], fresh=True), Program(cast[username])
        answer = client.get(ZIP)
        assert answer.status_code == 409, username
        text = answer.content.decode()
        assert "本月没有您可以查看的已通过费用申请，没有资料包可下载。" in text
        assert "CH-EA" not in text
        assert client.post(STATE, headers=HTMX).status_code == 409
        assert program.get("packs/?month=2026-12").json()["packs"] == []
        assert program.post("packs/?month=2026-12", {}).status_code == 409
        assert program.get("packs/zip/?month=2026-12").status_code == 409
    client = log_in(cast.finance, fresh=True)
    assert client.get(f"{ZIP}&project=CH").status_code == 200
    assert client.get(f"{ZIP}&project=YJ").status_code == 409
    assert client.get("/settlements/packs/month.zip?month=2026-11").status_code == 409


def test_an_application_on_its_way_is_not_among_them(cast, both_sides, log_in, fixed_clock):
    for document in both_sides:
        runs.start(document)
    circulation.submit(document_id=forms.reversal(cast, both_sides[0]).pk, actor=cast.property_finance)
    assert len(entries(log_in(cast.finance).get(ZIP).getvalue())) == 4


def test_too_much_for_one_zip_is_told(cast, both_sides, log_in, monkeypatch):
    for document in both_sides:
        runs.start(document)
    client = log_in(cast.finance)
    with monkeypatch.context() as patch:
        patch.setattr(months, "MAX_BYTES", sum(Pack.objects.values_list("size", flat=True)) - 1)
        answer = client.get(ZIP)
        assert (answer.status_code, "请先按项目筛选" in answer.content.decode()) == (409, True)
    monkeypatch.setattr(months, "MAX_APPLICATIONS", 1)
    answer = client.get(ZIP)
    assert (answer.status_code, "本月有 2 份费用申请，一次最多打包 1 份" in answer.content.decode()) == (409, True)
    assert "一次最多打包" in client.get(f"/settlements/applications/{DECEMBER}").content.decode()


def test_one_damaged_pack_is_named_and_no_zip_is_handed_out(cast, both_sides, log_in):
    for document in both_sides:
        runs.start(document)
    kept = Pack.objects.get(document=both_sides[1], format="xlsx")
    kept.file.storage.delete(kept.file.name)
    answer = log_in(cast.finance).get(ZIP)
    assert answer.status_code == 409
    assert "CH-EA-202612-002 的存档资料包缺失或已损坏，请联系系统管理员。" in answer.content.decode()
    assert not both_sides[0].events.filter(code="downloaded").exists()


def test_the_zip_is_sent_as_it_is_read_and_the_worker_writes_the_trails(cast, both_sides, log_in, monkeypatch):
    """A month of packs may have a gigabyte and two hundred applications: neither copied nor locked while somebody waits."""
    for document in both_sides:
        runs.start(document)
    asked = []
    enqueue = staticmethod(lambda *args: asked.append(args))
    real = downloads.record_all
    monkeypatch.setattr(months.downloads, "record_all", type("Task", (), {"enqueue": enqueue}))
    monkeypatch.setattr(months, "_BLOCK", 1000)
    client = log_in(cast.finance)
    with monkeypatch.context() as patch:
        patch.setattr(kept, "opened", None)
        answer = client.get(ZIP)
    blocks = list(answer.streaming_content)
    assert max(len(block) for block in blocks) < 2000
    assert len(b"".join(blocks)) == int(answer["Content-Length"])
    assert len(entries(b"".join(blocks))) == 4
    assert asked == [([document.pk for document in both_sides], cast.finance.pk, "packs.zip")]
    real.func(*asked[0])
    assert [document.events.filter(code="downloaded").count() for document in both_sides] == [1, 1]


def test_a_pack_whose_bytes_have_changed_never_ends_as_a_zip(cast, both_sides, log_in):
    for document in both_sides:
        runs.start(document)
    row = Pack.objects.get(document=both_sides[1], format="xlsx")
    path = Path(row.file.path)
    path.write_bytes(b"x" + path.read_bytes()[1:])
    with pytest.raises(kept.KeptFileDamaged):
        log_in(cast.finance).get(ZIP).getvalue()


def test_a_failed_file_is_named_and_can_be_tried_again(cast, both_sides, log_in, monkeypatch):
    client = log_in(cast.finance)

    def full_disk(*_args):
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(runs, "pack", full_disk)
        page = client.post(STATE, headers=HTMX).content.decode()
    assert "CH-EA-202612-002 Excel" in page
    assert "服务器存储空间不足" in page
    assert "重新生成" in page
    assert "下载本月全部资料包" in client.post(STATE, headers=HTMX).content.decode()


def test_programs_start_watch_and_fetch(cast, both_sides):
    program = Program(cast.finance)
    before = program.get("packs/?month=2026-12&project=CH").json()
    assert (before["month"], before["files"], before["made"], before["obstacle"]) == ("2026-12", 4, 0, "")
    assert program.get("packs/zip/?month=2026-12").json() == {
        "errors": ["本月资料包尚未全部生成（0 / 4），请生成后再下载。"]
    }
    started = program.post("packs/?month=2026-12", {})
    assert (started.status_code, started.json()["made"], started.json()["percent"]) == (202, 4, 100)
    assert len(entries(program.get("packs/zip/?month=2026-12").getvalue())) == 4
    for path in ("packs/", "packs/?month=x", "packs/zip/", "packs/zip/?month=2026-13"):
        answer = program.get(path)
        assert (answer.status_code, len(answer.json()["errors"])) == (400, 1), path


@pytest.mark.parametrize("query", ["month=x", "month=2026-13", "month=0000-00", "project=%3Cb%3E", "month=9999-12"])
def test_any_address_answers_with_a_sentence(cast, log_in, query):
    client = log_in(cast.finance)
    assert client.get(f"/settlements/packs/month.zip?{query}").status_code == 409
    assert client.get(f"/settlements/packs/?{query}", headers=HTMX).status_code == 200
    assert client.get(f"/settlements/packs/?{query}").status_code == 302


def test_the_month_costs_five_queries_for_two_applications_and_fewer_for_none(
    cast, both_sides, django_assert_num_queries
):
    for month, queries, files in ((12, 5, 4), (11, 3, 0)):
        with django_assert_num_queries(queries):
            assert months.month_packs(cast.finance, date(2026, month, 1)).files == files
