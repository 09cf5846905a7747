"""``verify`` for the organization: the chain of events recomputed, and the rows compared with what the events say."""

from collections.abc import Iterator
from typing import Any

from organization.calendars import FIRST_SOURCE, digest, first_filling
from organization.models import Appointment, AppointmentEvent, CalendarYear, Instalment, Person, Project
from organization.places import ANCHORS, INSTALMENT_DATES
from organization.trail import broken_links

APPOINTMENT_FIELDS = ("person_id", "post", "project_id", "department_id", "starts_on", "ends_on")


def differences(events: list[AppointmentEvent]) -> Iterator[str]:
    """Lines "table key column", first for the chain, then for appointments, people, projects, instalments and the calendar."""
    yield from broken_links(events)
    yield from _appointments(events)
    yield from _people(events)
    yield from _projects(events)
    yield from _instalments(events)
    yield from _calendar(events)


def _last_said(events: list[AppointmentEvent], key: str, codes: tuple[str, ...]) -> dict[int, dict[str, Any]]:
    """What the newest event of these codes says about each row."""
    return {
        event.parameters[key]: event.parameters
        for event in events
        if event.code in codes and isinstance(event.parameters, dict) and key in event.parameters
    }


def _compare(table: str, pk: int, row: Any, said: dict[str, Any], fields: dict[str, str]) -> Iterator[str]:
    for column, name in fields.items():
        value = getattr(row, column)
        if hasattr(value, "isoformat"):
            value = value.isoformat()
        if value != said.get(name):
            yield f"{table} {pk} {column}"


def _appointments(events: list[AppointmentEvent]) -> Iterator[str]:
    """Every appointment has its event, and every event its appointment."""
    said = _last_said(events, "appointment", ("appointed", "ended"))
    rows = {row.pk: row for row in Appointment.objects.order_by("pk")}
    for pk in sorted(rows.keys() | said.keys()):
        if pk not in rows or pk not in said:
            yield f"organization_appointment {pk} id"
            continue
        fields = {column: column.removesuffix("_id") for column in APPOINTMENT_FIELDS}
        yield from _compare("organization_appointment", pk, rows[pk], said[pk], fields)


def _people(events: list[AppointmentEvent]) -> Iterator[str]:
    said = _last_said(events, "person", ("person_created", "deactivated", "reactivated"))
    fields = {"company_id": "company", "is_administrator": "is_administrator", "is_active": "is_active"}
    yield from _rows("organization_person", Person, said, fields)
    unknown = Person.objects.filter(is_administrator=True).exclude(pk__in=said).order_by("pk")
    for pk in unknown.values_list("pk", flat=True):
        yield f"organization_person {pk} is_administrator"


def _projects(events: list[AppointmentEvent]) -> Iterator[str]:
    said = _last_said(events, "project", ("project_created",))
    fields = {"code": "project_code", "developer_id": "developer", "property_company_id": "property_company"}
    yield from _rows("organization_project", Project, said, fields)
    yield from _rows("organization_project", Project, _anchors(events), {name: name for name in ANCHORS})


def _anchors(events: list[AppointmentEvent]) -> dict[int, dict[str, Any]]:
    """The dates of each project as its events leave them; before ``dates_set`` they were changed by ``project_edited``."""
    said: dict[int, dict[str, Any]] = {}
    for event in events:
        told = event.parameters
        if event.code in ("project_created", "dates_set") and "project" in told:
            said[told["project"]] = {name: told.get(name) for name in ANCHORS}
        elif event.code == "project_edited":
            dates = {name: day for name, day in told["changes"].items() if name in ANCHORS}
            said.setdefault(told["project"], {}).update(dates)
    return said


def _instalments(events: list[AppointmentEvent]) -> Iterator[str]:
    said = _last_said(events, "instalment", ("instalment_created", "move_in_set", "dates_set"))
    fields = {name: name for name in INSTALMENT_DATES}
    yield from _rows("organization_instalment", Instalment, said, fields)


def _calendar(events: list[AppointmentEvent]) -> Iterator[str]:
    """Years have the days and the source that their newest import brought, or else those of the first filling, which has no
    event; and no year came by any other way."""
    said = {
        **{year: {"sha256": digest(days), "source": FIRST_SOURCE} for year, days in first_filling().items()},
        **_last_said(events, "year", ("calendar_imported",)),
    }
    rows = {row.year: row for row in CalendarYear.objects.prefetch_related("days")}
    for year in sorted(rows.keys() | said.keys()):
        if year not in rows or year not in said:
            yield f"organization_calendaryear {year} year"
            continue
        if digest((day.day, day.is_working, day.name) for day in rows[year].days.all()) != said[year]["sha256"]:
            yield f"organization_calendarday {year} day"
        if rows[year].source != said[year]["source"]:
            yield f"organization_calendaryear {year} source"


def _rows(table: str, model: type[Any], said: dict[int, dict[str, Any]], fields: dict[str, str]) -> Iterator[str]:
    """Rows that the trail speaks of; one that it never heard of was made by set-up outside the verbs."""
    rows = {row.pk: row for row in model.objects.order_by("pk")}
    for pk in sorted(said):
        if pk not in rows:
            yield f"{table} {pk} id"
        else:
            yield from _compare(table, pk, rows[pk], said[pk], fields)
