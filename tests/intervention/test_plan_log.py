"""The plan's log is one hashed chain a plan: told from row to row, recomputed by verify, made for rows older than it."""

import importlib

import pytest
from django.apps import apps
from django.db import connection, transaction

from documents import guards, verifying
from intervention import planning
from intervention.log import event_hash
from intervention.models import PlanEvent
from tests.intervention import planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast):
    """A plan with events of a phase, of a row and of the whole; another one beside it."""
    laid = planned.plan(cast)
    planned.plan(cast, "CH-1")
    planned.started(laid, "planning", cast)
    row = planned.item(laid, "planning.survey")
    planning.move(item_id=row.pk, actor=cast.service_head, day=row.due_on.replace(day=28), reason="顺延")
    return laid


def chain(plan):
    return list(PlanEvent.objects.filter(plan=plan).order_by("seq"))


def test_each_event_holds_the_hash_of_the_one_before(plan):
    events = chain(plan)
    assert [event.code for event in events] == ["laid_out", "started", "moved"]
    assert [event.previous_hash for event in events] == ["", events[0].hash, events[1].hash]
    assert [event.hash for event in events] == [event_hash(event) for event in events]
    assert list(verifying.differences()) == []


def test_verify_finds_what_was_changed_in_the_log(cast, plan):
    first, middle, last = chain(plan)
    zeros = "0" * 64
    tampered = {
        f"UPDATE intervention_planevent SET reason = '别的原因' WHERE id = {last.pk}": {f"intervention_planevent {last.pk} hash"},
        f"UPDATE intervention_planevent SET actor_id = {cast.marketing_head.pk} WHERE id = {middle.pk}":
            {f"intervention_planevent {middle.pk} hash"},
        f"UPDATE intervention_planevent SET at = '2026-01-01 00:00:00' WHERE id = {last.pk}":
            {f"intervention_planevent {last.pk} hash"},
        f"UPDATE intervention_planevent SET item_id = NULL WHERE id = {last.pk}": {f"intervention_planevent {last.pk} hash"},
        f"UPDATE intervention_planevent SET hash = '{zeros}' WHERE id = {first.pk}":
            {f"intervention_planevent {first.pk} hash", f"intervention_planevent {middle.pk} previous_hash"},
        f"UPDATE intervention_planevent SET previous_hash = '' WHERE id = {middle.pk}":
            {f"intervention_planevent {middle.pk} previous_hash", f"intervention_planevent {middle.pk} hash"},
        f"DELETE FROM intervention_planevent WHERE id = {middle.pk}":
            {f"intervention_planevent {last.pk} seq", f"intervention_planevent {last.pk} previous_hash"},
        f"DELETE FROM intervention_planevent WHERE plan_id = {plan.pk}":
            {f"intervention_planevent {plan.pk} seq: the plan has no log"},
    }  # fmt: skip
    for text, lines in tampered.items():
        with transaction.atomic():
            guards.uninstall()
            with connection.cursor() as cursor:
                cursor.execute(text)
            guards.install()
            found = set(verifying.differences())
            transaction.set_rollback(True)
        assert lines <= found, (text, found)
    assert list(verifying.differences()) == []


def test_a_log_older_than_the_chain_gets_the_same_hashes(plan):
    """What the migration writes is what the verbs would have written, though the guard forbids changes before it."""
    before = list(PlanEvent.objects.order_by("pk").values_list("pk", "previous_hash", "hash"))
    migration = importlib.import_module("intervention.migrations.0005_assess_hash_plan_log")

    class Editor:
        def __init__(self):
            self.connection = connection

        def execute(self, text):
            with connection.cursor() as cursor:
                cursor.execute(text)

    with transaction.atomic():
        guards.uninstall()
        PlanEvent.objects.update(previous_hash="", hash="")
        guards.install()
        migration.hash_plan_log(apps, Editor())
        assert list(PlanEvent.objects.order_by("pk").values_list("pk", "previous_hash", "hash")) == before
        assert guards.missing() == ["guard_planevent_fixed"]
        transaction.set_rollback(True)
    assert guards.missing() == []
