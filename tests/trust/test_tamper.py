"""Changes behind the ORM: refused by a guard; with the guards taken out, named by ``verify`` (table, key, column)."""

import re
from itertools import chain
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import override_settings

from documents import guards, verifying
from documents.models import Act, Attachment, Counter, Editor, Event, Policy, Revision, Seal, Step
from documents.verifying import files, forms, numbers, policy, seals
from organization import access, appointing, clock
from organization.models import Appointment, AppointmentEvent
from settlements.verifying import pack_differences
from tests.conftest import NOW
from tests.people import Cast
from tests.trust import world
from tests.trust.forging import forge
from tests.trust.tampering import CHANGES, DELETIONS, FORGED, TABLES

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    """One world for all tests, with its cast and the folder of its files; each test's changes are taken back after it."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(MEDIA_ROOT=media):
        cast = Cast()
        with clock.at(clock.shanghai(*NOW)):
            made = world.build(cast)
        yield cast, made, media
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _its_files(built, settings):
    settings.MEDIA_ROOT = built[2]


@pytest.fixture
def rows(built):
    """Keys of the rows that are tampered with, and of those that are put in their place."""
    cast, made, _media = built
    document, running = made.approved, made.running
    work = {line.subject: line.pk for line in document.work_lines.all()}
    return {
        "document": document.pk,
        "running": running.pk,
        "completion_document": made.completion.pk,
        "draft": made.draft.pk,
        "revision": Revision.objects.get(document=document, n=2).pk,
        "act": Act.objects.get(document=document, revision_n=2, person=cast.marketing_handler).pk,
        "returning": Act.objects.get(document=document, kind="return").pk,
        "step": Step.objects.get(document=document, revision_n=2, post="marketing_handler").pk,
        "open_step": Step.objects.get(document=running, status="open").pk,
        "carried": Step.objects.filter(document=running).exclude(carried_from=None).first().pk,
        "event": Event.objects.get(document=document, seq=5).pk,
        "submission": Event.objects.get(document=document, code="submitted").pk,
        "attachment": Attachment.objects.get(document=document).pk,
        "photo": Attachment.objects.get(document=running).pk,
        "rendered": made.rendered.pk,
        "pack": made.pack.pk,
        "counter": Counter.objects.get(kind="purchase_request", month=document.period).pk,
        "seal": Seal.objects.order_by("day")[0].pk,
        "last_seal": Seal.objects.order_by("day")[1].pk,
        "policy": made.policy.pk,
        "editor": Editor.objects.get(document=document).pk,
        "work_form": document.pk,
        "line": work["洗地机清洁剂"],
        "cut_line": work["鲜花绿植更换"],
        "slack": work["垃圾袋"],
        "completion": made.completion.pk,
        "completion_line": made.completion.completion_lines.first().pk,
        "application": made.application.pk,
        "application_line": made.application.application_lines.first().pk,
        "application_line_2": made.application.application_lines.last().pk,
        "reversing_line": made.reversal.application_lines.get().pk,
        "application_origin": made.application.application_origins.get().pk,
        "appointment": Appointment.objects.get(person=cast.property_clerk).pk,
        "appointment_event": AppointmentEvent.objects.order_by("seq")[5].pk,
        "person": cast.outsider.pk,
        "outsider": cast.outsider.pk,
        "signer": cast.marketing_handler.pk,
        "project": cast.projects["CH"].pk,
        "other_project": cast.projects["YJ"].pk,
        "instalment": cast.instalments["CH-2"].pk,
        "instalment_1": cast.instalments["CH-1"].pk,
        "other_instalment": cast.instalments["YJ-1"].pk,
        "department": next(iter(cast.departments.values())).pk,
        "other_company": cast.companies["foreign-city"].pk,
        "other_act": Act.objects.get(document=document, revision_n=2, person=cast.marketing_head).pk,
        "foreign_line": running.work_lines.first().pk,
    }


def update(change, rows):
    """The statement that somebody would type."""
    table = TABLES[change.row]
    key = "document_id" if table in ("budgets_workform", "budgets_completion", "settlements_application") else "id"
    return f"UPDATE {table} SET {change.column} = {change.value.format(**rows)} WHERE {key} = {rows[change.row]}"


def refusal(sql):
    """What the database says to a statement; nothing of it stays."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            transaction.set_rollback(True)
    except IntegrityError as error:
        return str(error)
    return ""


PARTS = (policy, forms, numbers, seals, files)


def reckoned(statements):
    """The parts of ``verify`` that read the tables of the statements: a hundred changes are tried one by one."""
    if all(" organization_" in sql for sql in statements):
        return [*access.differences(), *appointing.differences()]
    return [*chain.from_iterable(part.differences() for part in PARTS), *pack_differences()]


def found_after(*statements, reckon=reckoned):
    """``table column`` of what ``verify`` names after statements that are then taken back."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for sql in statements:
                cursor.execute(sql)
        lines = reckon(statements)
        # On PostgreSQL deferred foreign keys would be asked at the end; the rollback spares us that.
        transaction.set_rollback(True)
    return {f"{table} {column}" for table, column in (re.match(r"(\S+) \S+ (\w+)", line).groups() for line in lines)}


def test_the_world_as_the_verbs_made_it_has_no_differences():
    assert list(verifying.differences()) == []


def test_what_was_submitted_or_recorded_is_refused_any_change_by_a_guard(rows):
    let_through = [
        update(change, rows) for change in CHANGES if change.guard and "guard_" not in refusal(update(change, rows))
    ]
    kept_from_people = [
        f"DELETE {row}"
        for row, _named in DELETIONS
        if "guard_" not in refusal(f"DELETE FROM {TABLES[row]} WHERE id = {rows[row]}")
    ]
    assert let_through + kept_from_people == []


def test_new_rows_that_would_rewrite_history_are_refused(rows):
    """Inserts: a line, a signature, a document that is born approved."""
    refused = {
        "line": refusal(_copy("budgets_workline", rows["line"], key="'newkeynewkey'", position="9")),
        "act": refusal(_copy("documents_act", rows["act"], person_id=rows["outsider"], round_n="7")),
        "step": refusal(_copy("documents_step", rows["step"], position="9")),
        "document": refusal(
            _copy("documents_document", rows["document"], number="'X-1'", reference="'D-NEW'", period="'2020-01-01'")
        ),
        "attachment": refusal(_copy("documents_attachment", rows["attachment"], name="'neu'")),
    }
    assert [name for name, said in refused.items() if "guard_" not in said] == []


def _copy(table, row, /, **values):
    """INSERT a copy of a row with other values."""
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    columns.remove("id")
    picked = ", ".join(str(values.get(column, f'"{column}"')) for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {table} ({names}) SELECT {picked} FROM {table} WHERE id = {row}"  # noqa: S608


def test_without_guards_every_changed_column_is_named(rows):
    guards.uninstall()
    unnamed = []
    for change in CHANGES:
        named = f"{TABLES[change.row]} {change.column}" if change.named is None else change.named
        if not named:
            continue
        found = found_after(update(change, rows))
        if named not in found:
            unnamed.append((update(change, rows), named, sorted(found - {"guards name"})))
    guards.install()
    assert unnamed == []


def test_without_guards_every_deleted_row_is_named(rows):
    guards.uninstall()
    unnamed = []
    for row, named in DELETIONS:
        found = found_after(
            f"DELETE FROM {TABLES[row]} WHERE id = {rows[row]}",
            reckon=lambda _statements: list(verifying.differences()),
        )
        if named not in found:
            unnamed.append((row, named, sorted(found - {"guards name"})))
    guards.install()
    assert unnamed == []


def test_what_is_reckoned_anew_is_named_though_all_that_was_signed_says_the_same(rows, built):
    _cast, made, _media = built
    guards.uninstall()
    unnamed = []
    for change in FORGED:
        sql, named = update(change, rows), f"{TABLES[change.row]} {change.column}"
        owner = (made.completion if change.row == "completion_document" else made.application).pk
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(sql)
            forge(owner)
            lines = list(verifying.differences())
            transaction.set_rollback(True)
        if not any(re.match(rf"{TABLES[change.row]} \S+ {change.column}\b", line) for line in lines):
            unnamed.append((sql, named, lines))
    guards.install()
    assert unnamed == []


def test_two_events_that_changed_places_are_named(rows):
    guards.uninstall()
    first, second = Event.objects.filter(document=rows["document"], seq__in=(3, 4)).order_by("seq")
    found = found_after(
        f"UPDATE documents_event SET seq = 99 WHERE id = {first.pk}",
        f"UPDATE documents_event SET seq = 3 WHERE id = {second.pk}",
        f"UPDATE documents_event SET seq = 4 WHERE id = {first.pk}",
    )
    guards.install()

    assert {"documents_event previous_hash", "documents_event hash"} <= found


def test_a_trail_that_was_cut_off_after_a_seal_is_named_by_the_seal_alone(rows):
    """The last event is a comment: form, acts and chain of hashes are whole without it."""
    guards.uninstall()
    tail = Event.objects.filter(document=rows["document"]).order_by("-seq").first()
    assert tail.code == "commented"
    found = found_after(f"DELETE FROM documents_event WHERE id = {tail.pk}")
    guards.install()

    assert found == {"documents_seal heads_sha256"}


def test_a_policy_that_was_changed_under_running_forms_is_named_by_their_stations(rows):
    guards.uninstall()
    first = Policy.objects.get(version=1)
    found = found_after(
        f"UPDATE documents_policy SET rules = (SELECT rules FROM documents_policy WHERE id = {rows['policy']}) "
        f"WHERE id = {first.pk}"
    )
    guards.install()

    assert "documents_step id" in found


def test_a_missing_guard_is_a_difference():
    with connection.cursor() as cursor:
        place = " ON documents_event" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER guard_event_fixed{place}")

    assert list(verifying.differences()) == ["guards guard_event_fixed name"]


def test_a_changed_byte_of_a_file_is_named(built):
    attachment = built[1].approved.attachments.get()
    path = Path(attachment.file.path)
    whole = path.read_bytes()
    path.write_bytes(whole[:3] + b"x" + whole[4:])
    try:
        assert list(verifying.differences()) == [f"documents_attachment {attachment.pk} sha256"]
    finally:
        path.write_bytes(whole)
