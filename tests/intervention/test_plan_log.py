"""The plan's log is one hashed chain a plan: told from row to row, recomputed by verify, made for rows older than it."""

import importlib
from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from documents import guards, verifying
from intervention import phasing, planning, ticking
from intervention.log import event_hash
from intervention.models import PlanEvent, TemplateItem
from intervention.previewing import seal_of, shifts_of
from intervention.wording import event_text
from organization import places
from organization.models import Instalment, Project
from tests.api.programs import Program
from tests.intervention import planned, tampered

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast):
    """A plan with events of a phase, of a row and of the whole; another one beside it."""
    laid = planned.plan(cast)
    planned.plan(cast, "CH-1")
    planned.started(laid, "planning", cast)
    row = planned.item(laid, "planning.survey")
    planning.move(item_id=row.pk, actor=cast.service_head, day=date(2026, 12, 28), reason="顺延")
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


def moved_in(cast, day):
    """The announced move-in of CH-2 changed, and the plans after it."""
    places.set_dates(actor=None, place=Instalment.objects.get(code="CH-2"), announced_move_in_on=day)
    project = Project.objects.get(code="CH")
    planning.adopt(project=project, actor=cast.service_head, seen=seal_of(shifts_of(project)))


def test_the_log_tells_the_rows_and_verify_finds_one_changed_added_or_taken_away(plan):
    row = planned.item(plan, "engineering.patrols")
    by_hand = {
        "holds = FALSE": "holds",
        "post = 'finance'": "post",
        "title = '别的事'": "title",
        "kind = 'warning'": "kind",
        "clause = '9.9'": "clause",
        "note = 'x'": "note",
        "position = 99": "position",
        "key = 'x'": "key",
        "months = months + 1": "months",
        "days = days + 1": "days",
        "due_on = '2027-01-01'": "due_on",
        "anchored_on = '2027-01-01'": "anchored_on",
        "anchor = 'move_in', anchored_on = '2027-06-30'": "anchor",
        f"phase_id = {planned.phase(plan, 'move_in').pk}": "phase",
    }
    for change, column in by_hand.items():
        found = tampered.found_after(f"UPDATE intervention_planitem SET {change} WHERE id = {row.pk}")
        assert any(line.startswith(f"intervention_planitem {row.pk} {column}: ") for line in found), (change, found)
    deleted = tampered.found_after(f"DELETE FROM intervention_planitem WHERE id = {row.pk}")
    assert deleted == [f"intervention_planitem {row.pk} id: missing, the log knows it"]
    [line] = tampered.found_after(tampered.copied("intervention_planitem", row.pk, key="'x'"))
    assert line.endswith("id: the log doesn't know it")


def test_the_date_of_a_row_that_is_over_is_refused_a_change_and_found_where_it_was_changed(cast, plan):
    """Ticked off; begun; of a closed phase; a received result: no guard lets it move, and the log remembers it."""
    done = planned.item(plan, "planning.survey")
    ticking.tick(item_id=done.pk, actor=cast.property_project_manager)
    planned.received(cast, plan, "planning.positioning_survey")
    begun, received = (planned.item(plan, key) for key in ("planning.start", "planning.positioning_survey"))
    other = PlanEvent.objects.exclude(plan=plan).first().plan
    planned.closed(other, "planning", cast)
    closed = planned.item(other, "planning.detail_proposals")
    for row in (done, begun, received, closed):
        for change in ("due_on = '2027-01-01'", "anchored_on = '2020-01-01'"):
            text = f"UPDATE intervention_planitem SET {change} WHERE id = {row.pk}"
            with pytest.raises(IntegrityError, match="guard_planitem_over"), transaction.atomic():
                tampered.run(text)
            found = tampered.found_after(text)
            assert any(f"intervention_planitem {row.pk} {change.split()[0]}: " in line for line in found), (row, change)
    assert list(verifying.differences()) == []


def test_what_a_restored_row_moves_to_is_told(cast, plan):
    planned.started(plan, "move_in", cast)
    row = planned.item(plan, "move_in.training")
    ticking.tick(item_id=row.pk, actor=cast.property_project_manager)
    moved_in(cast, date(2027, 7, 31))
    assert planned.item(plan, row.key).due_on == row.due_on
    ticking.restore(item_id=row.pk, actor=cast.property_project_manager, reason="误登")
    now, event = planned.item(plan, row.key), chain(plan)[-1]
    assert event.parameters == {"moved": [[row.pk, row.due_on.isoformat(), now.due_on.isoformat()]], "kept": []}
    assert event_text(event) == (f"「集中入住」{row.title}：已恢复为未完成，日期按现有节点 {row.due_on} → {now.due_on}")
    assert list(verifying.differences()) == []
    found = tampered.found_after(f"UPDATE intervention_planitem SET due_on = '{row.due_on}' WHERE id = {row.pk}")
    assert f"intervention_planitem {row.pk} due_on: {row.due_on}, the log says {now.due_on}" in found


def test_what_moves_when_a_phase_is_opened_again_is_told_row_by_row(cast):
    """A legal date that the template lets end with its phase; work that is settled and received results stay."""
    TemplateItem.objects.filter(key="handover.law").update(holds=True)
    plan = planned.plan(cast)
    planned.closed(plan, "handover", cast)
    law = planned.item(plan, "handover.law")
    moved_in(cast, date(2027, 7, 31))
    assert planned.item(plan, "handover.law").due_on == law.due_on
    phasing.reopen(phase_id=law.phase_id, actor=cast.service_head, reason="补查")
    event = next(event for event in chain(plan) if event.code == "reopened")
    after = planned.item(plan, "handover.law").due_on
    assert after != law.due_on
    assert event.parameters["moved"] == [[law.pk, law.due_on.isoformat(), after.isoformat()]]
    assert event_text(event) == f"已重新打开「承接查验」，按现有节点调整 1 个日期（{law.title} {law.due_on} → {after}）"
    assert list(verifying.differences()) == []


def test_a_plan_older_than_the_telling_of_rows_is_told_as_it_stands(cast, plan):
    """What the upgrade writes is what the verbs would have said; older events stay as they are."""
    row = planned.item(plan, "engineering.patrols")
    migration = importlib.import_module("intervention.migrations.0011_tell_rows_of_plans")
    with tampered.unguarded():
        for laid in {event.plan for event in PlanEvent.objects.all()}:
            events = chain(laid)
            del events[0].parameters["rows"]
            tampered.rehash(events, event_hash)
        before = list(PlanEvent.objects.order_by("pk").values_list("pk", "hash"))
        migration.tell_rows(apps, connection.schema_editor)
        migration.tell_rows(apps, connection.schema_editor)
        assert list(PlanEvent.objects.order_by("pk").values_list("pk", "hash"))[: len(before)] == before
        told = chain(plan)[-1]
        assert (told.code, told.actor, told.previous_hash) == ("rows_told", None, chain(plan)[-2].hash)
        assert event_text(told) == "系统升级：登记计划事项现状，供核对"
        assert PlanEvent.objects.count() == len(before) + 2
        assert tampered.lines() == []
        planning.move(item_id=row.pk, actor=cast.service_head, day=date(2027, 1, 8), reason="顺延")
        assert tampered.lines() == []
        assert tampered.found_after(f"UPDATE intervention_planitem SET holds = FALSE WHERE id = {row.pk}")
        answer = Program(cast.service_head).get(f"plans/{plan.pk}/log/")
        assert [line["actor"] for line in answer.json()["results"]][:2] == [cast.service_head.name, None]
