"""The journal of records: what it tells of photographs and of promises found in use, and what ``verify`` finds by it."""

import importlib
from datetime import date
from weakref import WeakSet

import pytest
from django.apps import apps
from django.db import connection
from django.db.models.signals import post_init

from documents import trail, verifying
from intervention import comparing, journal, photos, planning, records
from intervention.daily import confirming, writing
from intervention.models import FoundPromise, Photo, PlanEvent, RecordEvent, Visit
from intervention.models.photo import BEARERS
from intervention.papers.finding import withdraw_found
from tests.intervention import logged, papered, planned, site, tampered

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(cast):
    """A confirmed day log with two photographs."""
    log = logged.begun(cast)
    uploads = [site.jpeg(colour="red"), site.jpeg(colour="blue")]
    photos.add(subject="day_log", pk=log.pk, actor=cast.property_clerk, uploads=uploads)
    writing.file_log(log_id=log.pk, actor=cast.property_clerk)
    return confirming.confirm(log_id=log.pk, actor=cast.marketing_handler)


def chain(subject, pk):
    return list(RecordEvent.objects.filter(subject=subject, key=pk).order_by("seq"))


def hide(pk, person):
    return (
        f"UPDATE intervention_photo SET hidden_at = '2026-11-24 00:00:00', hidden_by_id = {person.pk}, hidden_reason = 'x' "
        f"WHERE id = {pk}"
    )


def insert(pk):
    return tampered.copied("intervention_photo", pk, sha256=f"'{'0' * 64}'", sent_key="NULL")


def test_whatever_bears_photographs_tells_them():
    bearing = {kind.subject for kind in records.registered() if kind.may_photograph is not None}
    assert bearing == set(BEARERS)
    for kind in records.registered():
        assert ("photos" in journal.parts_of(kind.model)) is (kind.subject in BEARERS), kind.subject


def test_a_photograph_of_a_confirmed_log_that_was_hidden_or_added_by_hand_is_found(cast, log):
    first = Photo.objects.order_by("pk").first()
    assert list(verifying.differences()) == []
    for statement in (hide(first.pk, cast.property_clerk), insert(first.pk)):
        assert f"intervention_daylog {log.pk} photos" in tampered.found_after(statement)


def test_a_journal_older_than_the_telling_of_photographs_still_knows_which_there_were(cast, log):
    """Its events name the photographs that were added and hidden, and that is what is compared."""
    first, second = Photo.objects.order_by("pk")
    with tampered.unguarded():
        Photo.objects.filter(pk=second.pk).update(
            hidden_at=first.uploaded_at, hidden_by=cast.property_clerk, hidden_reason="拍糊了"
        )
        journal.record(log, "photo_hidden", cast.property_clerk, reason="拍糊了", photo=second.pk)
        events = chain("day_log", log.pk)
        for event in events:
            del event.told["photos"]
        tampered.rehash(events)
        assert tampered.lines() == []
        for statement in (
            hide(first.pk, cast.property_clerk),
            insert(first.pk),
            f"UPDATE intervention_photo SET hidden_at = NULL, hidden_by_id = NULL, hidden_reason = '' WHERE id = {second.pk}",
        ):
            assert f"intervention_daylog {log.pk} photos" in tampered.found_after(statement)


def test_what_an_event_older_than_a_column_could_not_tell_counts_as_its_default(cast):
    finding = site.found(cast, site.visit(cast))
    site.photograph(cast, finding)
    with tampered.unguarded():
        events = chain("finding", finding.pk)
        for event in events:
            del event.told["outcome"]
            for photo in event.told["photos"]:
                del photo["has_position"]
        tampered.rehash(events)
        assert tampered.lines() == []
        assert tampered.found_after("UPDATE intervention_finding SET outcome = 'x'") == [
            f"intervention_finding {finding.pk} outcome"
        ]
        assert tampered.found_after("UPDATE intervention_photo SET has_position = TRUE") == [
            f"intervention_finding {finding.pk} photos"
        ]


def test_the_event_names_the_photographs_that_came_with_it(cast):
    finding = site.found(cast, site.visit(cast))
    [old] = site.photograph(cast, finding, site.jpeg(colour="red"))
    _old, new = site.photograph(cast, finding, site.jpeg(colour="red"), site.jpeg(colour="blue"))
    told = [event.parameters["photos"] for event in chain("finding", finding.pk) if event.code == "photographed"]
    assert told == [[old.pk], [new.pk]]


def test_rows_without_a_journal_and_journals_without_a_row_are_found_wherever_they_stand(cast):
    first, middle, last = (site.visit(cast, day=date(2026, 11, n)) for n in (18, 19, 20))
    for visit in (first, middle, last):
        assert tampered.found_after(f"DELETE FROM intervention_visit WHERE id = {visit.pk}") == [
            f"intervention_visit {visit.pk} id: the journal knows it, the table doesn't"
        ]
        assert tampered.found_after(
            f"DELETE FROM intervention_recordevent WHERE subject = 'visit' AND key = {visit.pk}"
        ) == [f"intervention_visit {visit.pk} id: the journal doesn't know it"]


def test_verify_holds_few_events_at_a_time_however_many_records_there_are(cast, monkeypatch):
    """Walked side by side in lots of ten: of eighty records never more than two lots of events are held at once."""
    for n in range(1, 21):
        for kind in ("patrol", "inspection"):
            for place in ("CH-1", "CH-2"):
                site.visit(cast, place, kind=kind, day=date(2026, 10, n))
    monkeypatch.setattr(comparing, "EVENTS", 10)
    monkeypatch.setattr(comparing, "ROWS", 10)
    held, most = WeakSet(), 0

    def count(sender, instance, **_kwargs):
        nonlocal most
        held.add(instance)
        most = max(most, len(held))

    post_init.connect(count, sender=RecordEvent)
    try:
        assert list(comparing.differences({"visit": Visit})) == []
    finally:
        post_init.disconnect(count, sender=RecordEvent)
    assert RecordEvent.objects.filter(subject="visit").count() == 80
    assert 1 <= most <= 21


def test_the_newest_events_of_journal_and_plan_log_cut_off_with_their_rows_are_named_by_the_seal(cast):
    """The chains are whole without them, and the rows say what the events before said."""
    plan = planned.plan(cast)
    kept = site.visit(cast)
    trail.seal_day(date(2026, 11, 21))
    planning.move(
        item_id=planned.item(plan, "engineering.patrols").pk,
        actor=cast.service_head,
        day=date(2027, 1, 8),
        reason="顺延",
    )
    last = site.visit(cast, kind="inspection")
    seal = trail.seal_day(date(2026, 11, 22))
    moved = PlanEvent.objects.get(code="moved")
    was = moved.parameters["before"]
    assert list(verifying.differences()) == []
    assert tampered.found_after(
        f"DELETE FROM intervention_recordevent WHERE subject = 'visit' AND key = {last.pk}",
        f"DELETE FROM intervention_visit WHERE id = {last.pk}",
    ) == [f"documents_seal {seal.pk} trails: journal had 2 events, 1 are there"]
    assert tampered.found_after(
        f"DELETE FROM intervention_planevent WHERE id = {moved.pk}",
        f"UPDATE intervention_planitem SET due_on = '{was}', by_hand = FALSE WHERE id = {moved.item_id}",
    ) == [f"documents_seal {seal.pk} trails: plan_log had 2 events, 1 are there"]
    assert kept.pk < last.pk


def test_a_promise_found_in_use_that_was_settled_or_entered_by_hand_is_found(cast):
    found = papered.found(cast)
    assert list(verifying.differences()) == []
    withdrawn = (
        "UPDATE intervention_foundpromise SET state = 'withdrawn', reason = 'x', settled_at = '2026-11-24 00:00:00', "
        f"settled_by_id = {cast.marketing_head.pk}"
    )
    assert f"intervention_foundpromise {found.pk} state" in tampered.found_after(withdrawn)
    [line] = tampered.found_after(tampered.copied("intervention_foundpromise", found.pk, place="'别处'"))
    assert line.endswith("id: the journal doesn't know it")


def test_what_became_of_a_promise_is_told_with_who_and_why(cast):
    found = papered.found(cast)
    withdraw_found(found_id=found.pk, actor=cast.marketing_head, reason="展板已撤下")
    covered = papered.found(cast, place="楼书")
    draft = papered.publicity(cast, found=covered)
    papered.approved(draft, cast, late_reason="已在使用")
    told = [
        (event.code, event.actor.username, event.reason)
        for event in RecordEvent.objects.filter(subject="found_promise").order_by("key", "seq")
    ]
    assert told[:3] == [
        ("found", "property_project_manager", ""),
        ("withdrawn", "marketing_head", "展板已撤下"),
        ("found", "property_project_manager", ""),
    ]
    assert [(code, reason) for code, _who, reason in told[3:]] == [("confirmed", "")]
    assert list(verifying.differences()) == []


def test_promises_found_before_they_had_a_journal_get_the_one_that_their_rows_tell(cast):
    withdrawn = papered.found(cast)
    withdraw_found(found_id=withdrawn.pk, actor=cast.marketing_head, reason="展板已撤下")
    covered = papered.found(cast, place="楼书")
    papered.approved(papered.publicity(cast, found=covered), cast, late_reason="已在使用")
    in_use = papered.found(cast, place="围挡")
    written = said(FoundPromise.journal_name())
    migration = importlib.import_module("intervention.migrations.0012_journal_of_found_promises")
    with tampered.unguarded():
        tampered.run("DELETE FROM intervention_recordevent WHERE subject = 'found_promise'")
        migration.begin_journal(apps, connection.schema_editor)
        migration.begin_journal(apps, connection.schema_editor)
        assert said(FoundPromise.journal_name()) == written
        assert tampered.lines() == []
        by_hand = f"UPDATE intervention_foundpromise SET wording = 'x' WHERE id = {in_use.pk}"
        assert tampered.found_after(by_hand) == [f"intervention_foundpromise {in_use.pk} wording"]


def said(subject):
    """Who did what to which row, and what it said then."""
    events = RecordEvent.objects.filter(subject=subject).order_by("key", "seq")
    return [(event.key, event.seq, event.code, event.actor_id, event.reason, event.told) for event in events]
