"""``/healthz`` and the worker: what they tell, and when they refuse."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone

from config import health
from documents import guards


def test_a_sound_installation_is_ok_without_log_in(client, db):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "checks": {"database": True, "migrations": True, "guards": True, "worker": True},
    }
    assert "no-store" in answer["Cache-Control"]


def test_a_missing_guard_is_told(client, real_transactions):
    guards.uninstall()
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "failing"
    assert answer.json()["checks"]["guards"] is False


def test_a_database_that_fails_is_told(client, db, monkeypatch):
    def broken():
        raise DatabaseError

    monkeypatch.setitem(health.CHECKS, "database", broken)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, False)


def test_a_task_left_lying_tells_of_a_sleeping_worker_but_the_site_serves(client, db):
    from django_tasks_db.models import DBTaskResult

    task = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path="documents.tasks.none",
        backend_name="default",
        run_after=timezone.now() - timedelta(hours=1),
    )
    DBTaskResult.objects.filter(pk=task.pk).update(enqueued_at=timezone.now() - timedelta(minutes=11))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["checks"]["worker"]) == (200, False)


def test_health_changes_nothing_and_takes_no_post(client, db):
    assert client.post("/healthz").status_code == 405


def test_the_worker_refuses_without_guards(real_transactions):
    guards.uninstall()
    with pytest.raises(ImproperlyConfigured, match="guards are missing"):
        call_command("worker", "--once")


def test_the_worker_does_what_waits_and_ends(db):
    call_command("worker", "--once")


def test_the_web_refuses_without_guards(real_transactions):
    import importlib

    from config import wsgi

    guards.uninstall()
    with pytest.raises(ImproperlyConfigured, match="guards are missing"):
        importlib.reload(wsgi)
