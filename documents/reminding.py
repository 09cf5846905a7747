"""Reminders three working days and one working day before a form's date (guide 6); ``manage.py tick`` asks for them.

Once per person, date and reminder: the key of the notice says so. A tick that did not run on the very day makes up for it
with one notice, which names the working days that are left then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from documents import due, kinds
from documents.deadlines import Limit
from documents.models import Document, Notice, Step
from documents.noticing import tell
from documents.standing import effective
from documents.states import DocumentState, StepStatus
from documents.vocabulary import MONTHLY_KINDS
from organization import access, clock
from organization.posts import DEPARTMENT_POSTS
from organization.working_days import Calendar

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organization.models import Person

# Working days before the date; the last reminder first, so that a late tick sends only that one.
STAGES = (1, 3)
KEYS_AT_ONCE = 500


def stage(days_left: int) -> int | None:
    """Which reminder is due with so many working days left: the one of three days also on the day after it."""
    return next((days for days in STAGES if 0 <= days_left <= days), None)


def horizon(today: date, calendar: Calendar) -> date:
    """The last date of which one is reminded today."""
    return calendar.after(today, max(STAGES))


@dataclass(frozen=True, slots=True)
class Reminder:
    """One form's reminder: whom it goes to, and what it says. ``key`` is the notice's without the person."""

    people: tuple[Person, ...]
    key: str
    parameters: dict[str, Any]

    @property
    def keys(self) -> list[str]:
        """The notices' keys, as ``tell`` writes them."""
        return [f"{self.key}:{person.pk}" for person in self.people]


def parameters_of(limit: Limit, days: int) -> dict[str, Any]:
    """What every reminder says: the date, what is awaited by then, the working days left."""
    return {"on": limit.on.isoformat(), "purpose": str(limit.purpose), "days": days}


def place_key(kind: str, instalment: int | None, project: int, period: date, side: str | None) -> str:
    """Names what has no number yet: begun or not, it is one matter."""
    return f"{kind}:{project}.{instalment or ''}:{period:%Y-%m}:{side or ''}"


def remind_of_documents() -> int:
    """Remind of undecided forms whose date is near; answers how many forms were written about.

    Each form is locked and looked at again before its notices are written: never after it is decided, never to somebody
    who has signed meanwhile.
    """
    today = clock.today()
    calendar = Calendar(today)
    forms = _undecided().filter(due.due_between(today, horizon(today, calendar), calendar))
    reminders = _reminders(list(forms), today, calendar)
    untold = not_told(reminders.values())
    told = 0
    for pk, reminder in sorted(reminders.items()):
        if not untold.isdisjoint(reminder.keys):
            told += _remind(pk, today, calendar)
    return told


def _undecided() -> QuerySet[Document]:
    """With what a reminder needs. Monthly forms that were never submitted are told of with those nobody has begun."""
    return (
        Document.objects.select_related("project", "creator", "submitted_by")
        .exclude(kind__in=MONTHLY_KINDS, state=DocumentState.DRAFT)
        .order_by("pk")
    )


@transaction.atomic
def _remind(pk: int, today: date, calendar: Calendar) -> int:
    # Who is at work on the form just now may change whom to tell: the next tick sees to it.
    form = _undecided().select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    reminder = _reminders([form], today, calendar).get(pk) if form else None
    if form is None or reminder is None:
        return 0
    tell(reminder.people, form, "due", reminder.key, **reminder.parameters)
    return 1


def not_told(reminders: Iterable[Reminder]) -> set[str]:
    """Keys of notices that were not written yet."""
    wanted = [key for reminder in reminders for key in reminder.keys]
    there: set[str] = set()
    for start in range(0, len(wanted), KEYS_AT_ONCE):
        part = wanted[start : start + KEYS_AT_ONCE]
        there |= set(Notice.objects.filter(dedup_key__in=part).values_list("dedup_key", flat=True))
    return set(wanted) - there


def _reminders(forms: list[Document], today: date, calendar: Calendar) -> dict[int, Reminder]:
    """What there is to say of these forms today, by key; four queries whatever their number."""
    steps = _open_steps(forms)
    posts = {pk: frozenset(step.post for step in rows) for pk, rows in steps.items()}
    limits = due.limits(forms, posts, calendar)
    asked = {post for found in posts.values() for post in found}
    asked |= {post for limit in limits.values() for post in limit.remind}
    asked |= {post for form in forms for post in kinds.get(form.kind).may_draft()}
    holders = access.holders_across([form.project for form in forms], asked)
    answer = {}
    for form in forms:
        limit = limits.get(form.pk)
        days = calendar.working_days_until(today, limit.on) if limit and limit.on >= today else -1
        which = stage(days)
        if limit is None or which is None:
            continue
        subject = (
            place_key(form.kind, form.instalment_id, form.project_id, form.period, form.side)
            if form.state == DocumentState.DRAFT and form.period
            else str(form.pk)
        )
        people = _people(form, steps.get(form.pk, []), limit, holders)
        key = f"due:{which}:{limit.on}:{subject}"
        answer[form.pk] = Reminder(people, key, parameters_of(limit, days))
    return answer


def _open_steps(forms: list[Document]) -> dict[int, list[Step]]:
    moving = {form.pk: form.revision_n for form in forms if form.state == DocumentState.CIRCULATING}
    found: dict[int, list[Step]] = {}
    for step in Step.objects.filter(document__in=moving).order_by("position", "pk"):
        if step.revision_n == moving[step.document_id]:
            found.setdefault(step.document_id, []).append(step)
    return {pk: [step for step in effective(rows) if step.status == StepStatus.OPEN] for pk, rows in found.items()}


def _people(
    form: Document, steps: list[Step], limit: Limit, holders: dict[tuple[int, str, int | None], list[Person]]
) -> tuple[Person, ...]:
    """Before whom the form lies: the holders of its open stations, or who writes it; and those whom the limit names."""
    found: dict[int, Person] = {}

    def add(people: Iterable[Person]) -> None:
        found.update((person.pk, person) for person in people)

    if form.state == DocumentState.CIRCULATING:
        for step in steps:
            department = step.department_id if step.post in DEPARTMENT_POSTS else None
            people = holders.get((form.project_id, step.post, department), [])
            add(person for person in people if person.pk != form.submitted_by_id)
    else:
        # Who has written it, as long as they hold a post for it; else whoever may.
        drafting = [
            person
            for post in kinds.get(form.kind).may_draft()
            for person in holders.get((form.project_id, post, None), [])
        ]
        own = [person for person in drafting if person.pk in (form.submitted_by_id, form.creator_id)]
        add(own or drafting)
    for post in limit.remind:
        add(holders.get((form.project_id, post, None), []))
    return tuple(found[pk] for pk in sorted(found))
