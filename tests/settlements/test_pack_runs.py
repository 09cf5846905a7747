"""Runs: a pack is asked for once, told how far it is, taken up again, and its failure is told and tried again."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.urls import reverse

from config.management.commands.worker import work
from documents import circulation
from documents.models import Document
from documents.rendering.kept import KeptFileDamaged
from documents.runs import Runs
from organization import clock
from settlements.models import Pack, PackRun
from settlements.packs import making, runs
from settlements.packs.standing import pack_state
from tests import forms
from tests.api.programs import Program

HTMX = {"HX-Request": "true"}


def approved_application(cast, fixed_clock):
    origin = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    forms.confirmed(cast, origin)
    document = forms.application(cast)
    circulation.submit(document_id=document.pk, actor=cast.property_finance)
    return forms.sign_through(document, cast)


@pytest.fixture
def application(cast, fixed_clock):
    return approved_application(cast, fixed_clock)


@pytest.fixture
def queue(monkeypatch):
    """What was queued for the worker, without being done."""
    asked = []
    stand_in = SimpleNamespace(enqueue=lambda *args: asked.append(args), func=runs.make_pack.func)
    monkeypatch.setattr(runs, "make_pack", stand_in)
    return asked


def later(fixed_clock, **time):
    fixed_clock.set_clock(clock.now() + timedelta(**time))


def states(document):
    return [file.state for file in pack_state(document).files]


def sentences(document):
    return [file.sentence for file in pack_state(document).files]


def url(document):
    return reverse("settlements:pack_state", args=[document.name])


# --- asking --------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_asked_for_twice_it_is_queued_once(application, queue):
    runs.start(application)
    runs.start(application)
    assert queue == [(application.pk, "pdf"), (application.pk, "xlsx")]
    assert states(application) == ["waiting", "waiting"]
    assert PackRun.objects.count() == 2


@pytest.mark.django_db
def test_what_is_made_is_not_asked_for_again(application, queue):
    making.pack(application, "xlsx")
    runs.start(application)
    assert queue == [(application.pk, "pdf")]
    assert states(application) == ["waiting", "done"]


@pytest.mark.django_db
def test_a_worker_that_comes_second_makes_nothing(application, queue, monkeypatch):
    runs.start(application)
    runs.make_pack.func(application.pk, "xlsx")
    monkeypatch.setattr(runs, "pack", lambda *_args: pytest.fail("made twice"))
    runs.make_pack.func(application.pk, "xlsx")
    assert Pack.objects.get().format == "xlsx"


@pytest.mark.django_db
def test_nothing_is_asked_for_before_the_application_is_approved(cast, fixed_clock, log_in, queue):
    origin = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    forms.confirmed(cast, origin)
    document = forms.application(cast)
    circulation.submit(document_id=document.pk, actor=cast.property_finance)
    document.refresh_from_db()
    for answer in (log_in(cast.finance).post(url(document)), log_in(cast.finance).get(url(document), headers=HTMX)):
        assert answer.status_code == 409
        assert "费用申请通过之后才能生成结算资料包" in answer.content.decode()
    assert Program(cast.finance).post(f"documents/{document.number}/pack/", {}).status_code == 409
    assert queue == []


# --- how far it is -------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_page_tells_stage_and_count_and_asks_again_until_it_is_made(cast, application, log_in, queue):
    """Three forms (application, form, confirmation), no attachment."""
    client = log_in(cast.finance)
    page = client.get(f"/documents/{application.number}/").content.decode()
    assert "生成资料包" in page
    assert "every 1s" not in page
    answer = client.post(url(application), headers=HTMX).content.decode()
    assert "排队等候生成" in answer
    assert f'hx-get="{url(application)}" hx-trigger="every 1s"' in answer
    seen = []
    tell = Runs.tell

    def look(*args):
        tell(*args)
        seen.append(client.get(url(application), headers=HTMX).content.decode())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Runs, "tell", look)
        patch.setattr("documents.runs.TELL_SECONDS", 0)
        runs.make_pack.func(application.pk, "pdf")
    bars = [(text in "".join(seen)) for text in ("正在排版表单 0 / 3", "正在排版表单 3 / 3", "正在编页装订")]
    assert bars == [True, True, True]
    assert all('<progress class="meter" max="100" value=' in fragment for fragment in seen)
    # 50 % for the forms, two of three of it are 33
    assert any('value="33"' in fragment for fragment in seen)
    runs.make_pack.func(application.pk, "xlsx")
    done = client.get(url(application), headers=HTMX).content.decode()
    assert "every 1s" not in done
    assert f'href="/settlements/applications/{application.number}/pack.pdf"' in done
    assert "progress" not in done


@pytest.mark.django_db
def test_the_panel_opened_while_the_worker_is_at_it_shows_the_bar(cast, application, log_in, queue):
    runs.start(application)
    runs.RUNS.claim(document_id=application.pk, format="pdf")
    PackRun.objects.filter(format="pdf").update(stage="attachments", done=3, total=12)
    page = log_in(cast.finance).get(f"/documents/{application.number}/").content.decode()
    assert "正在处理附件 3 / 12" in page
    # 50 and a quarter of 35
    assert '<progress class="meter" max="100" value="58"' in page


@pytest.mark.django_db
def test_without_script_the_button_leads_back_to_the_page(cast, application, log_in, queue):
    answer = log_in(cast.finance).post(url(application))
    assert (answer.status_code, answer.url) == (302, f"/documents/{application.number}/#packs")
    assert len(queue) == 2


@pytest.mark.django_db
def test_a_download_never_makes_the_pack(cast, application, log_in, queue):
    pack = f"/settlements/applications/{application.number}/pack.pdf"
    client = log_in(cast.finance)
    early = client.get(pack)
    assert (early.status_code, "资料包尚未生成" in early.content.decode()) == (409, True)
    runs.start(application)
    busy = client.get(pack)
    assert (busy.status_code, "资料包正在生成，请稍候再下载" in busy.content.decode()) == (409, True)
    program = Program(cast.finance)
    assert program.get(f"documents/{application.number}/pack/pdf/").json() == {
        "errors": ["资料包正在生成，请稍候再下载。"]
    }
    assert not Pack.objects.exists()
    assert application.events.filter(code="downloaded").count() == 0


@pytest.mark.django_db
def test_who_may_not_see_the_application_has_no_run_no_state_and_no_file(cast, application, log_in, queue):
    for username in ("foreign_clerk", "yj_property_clerk", "administrator", "outsider", "account_auditor"):
        client, program = log_in(cast[username], fresh=True), Program(cast[username])
        name = application.number
        answers = [
            client.get(url(application)),
            client.post(url(application)),
            client.get(f"/settlements/applications/{name}/pack.pdf"),
            program.get(f"documents/{name}/pack/"),
            program.post(f"documents/{name}/pack/", {}),
            program.get(f"documents/{name}/pack/pdf/"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 6, username
    assert queue == []
    assert not PackRun.objects.exists()


# --- when something goes wrong -------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (KeptFileDamaged("gone"), "生成失败：有表单的存档文件缺失或已损坏，请联系系统管理员。"),
        (OSError(28, "No space left on device"), "生成失败：服务器存储空间不足或无法写入，请联系系统管理员后重试。"),
        (MemoryError(), "生成失败，请重试；仍然失败请联系系统管理员。"),
    ],
    ids=["a damaged print", "a full disk", "anything else"],
)
def test_a_failure_is_told_in_a_sentence_and_can_be_tried_again(
    cast, application, log_in, monkeypatch, fault, sentence
):
    def fail(*_args):
        raise fault

    client = log_in(cast.finance)
    with monkeypatch.context() as patch:
        patch.setattr(runs, "pack", fail)
        page = client.post(url(application), headers=HTMX).content.decode()
    assert sentences(application) == [sentence] * 2
    assert sentence in page
    assert "重新生成" in page
    assert "every 1s" not in page
    assert client.get(f"/settlements/applications/{application.number}/pack.pdf").status_code == 409
    client.post(url(application), headers=HTMX)
    assert states(application) == ["done", "done"]
    assert PackRun.objects.filter(status="done", error="").count() == 2


@pytest.mark.django_db
def test_a_run_whose_worker_died_is_taken_up_by_tick(application, queue, fixed_clock):
    runs.start(application)
    runs.RUNS.claim(document_id=application.pk, format="pdf")
    queue.clear()
    later(fixed_clock, minutes=4)
    call_command("tick")
    assert queue == []
    later(fixed_clock, minutes=2)
    assert states(application) == ["failed", "failed"]
    assert "生成中断" in sentences(application)[0]
    call_command("tick")
    assert queue == [(application.pk, "pdf"), (application.pk, "xlsx")]
    assert states(application) == ["waiting", "waiting"]
    runs.make_pack.func(*queue[0])
    assert Pack.objects.filter(format="pdf").exists()


@pytest.mark.django_db
def test_asking_again_after_a_time_takes_up_a_run_whose_worker_died(application, queue, fixed_clock):
    runs.start(application)
    old = runs.RUNS.claim(document_id=application.pk, format="pdf")
    queue.clear()
    later(fixed_clock, minutes=6)
    runs.start(application)
    assert (application.pk, "pdf") in queue
    # The old worker was only slow: at its next word it stops, and what it says changes nothing.
    with pytest.raises(runs.Overtaken):
        runs.RUNS.teller(old)("forms", 1, 3)
    runs.RUNS.end(old, "failed", "unknown")
    assert PackRun.objects.get(format="pdf").status == "waiting"


@pytest.mark.django_db
def test_an_overtaken_worker_leaves_the_run_to_the_other(application, queue, monkeypatch):
    runs.start(application)

    def slow(document, file_format, progress):
        PackRun.objects.filter(format=file_format).update(claim="another")
        progress("forms", 1, 3)

    monkeypatch.setattr(runs, "pack", slow)
    runs.make_pack.func(application.pk, "pdf")
    assert PackRun.objects.get(format="pdf").status == "running"


@pytest.mark.django_db
def test_a_pack_that_nobody_was_asked_for_is_made(application, fixed_clock):
    """On commit the worker is asked; here nothing commits, as when the process dies just then."""
    call_command("tick")
    assert not Pack.objects.exists()
    later(fixed_clock, minutes=16)
    call_command("tick")
    assert Pack.objects.filter(document=application).count() == 2


@pytest.mark.django_db
def test_tick_leaves_a_failed_run_to_people(application, queue, fixed_clock):
    runs.start(application)
    PackRun.objects.update(status="failed", error="storage")
    queue.clear()
    later(fixed_clock, hours=2)
    call_command("tick")
    assert queue == []


@pytest.mark.django_db
def test_a_damaged_pack_is_told_and_not_handed_out(cast, application, log_in):
    runs.start(application)
    kept = Pack.objects.get(format="pdf")
    kept.file.storage.delete(kept.file.name)
    answer = log_in(cast.finance).get(f"/settlements/applications/{application.number}/pack.pdf")
    assert (answer.status_code, "存档的资料包缺失或已损坏" in answer.content.decode()) == (409, True)


# --- the real queue ------------------------------------------------------------------------------------------------------
def test_approval_queues_the_packs_and_the_worker_makes_them(real_transactions, fixed_clock, settings, client):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    cast = real_transactions
    application = approved_application(cast, fixed_clock)
    client.force_login(cast.finance, backend="django.contrib.auth.backends.ModelBackend")
    assert states(application) == ["waiting", "waiting"]
    client.post(url(application), headers=HTMX)
    assert not Pack.objects.exists()
    work("test")
    assert states(Document.objects.get(pk=application.pk)) == ["done", "done"]
    page = client.get(url(application), headers=HTMX).content.decode()
    assert "下载 PDF" in page
    assert PackRun.objects.filter(status="done").count() == 2
