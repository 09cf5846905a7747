"""Findings by the hundred thousand: pages and programs ask the same number of queries as for ten, and answer quickly."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents import guards
from intervention import reminding
from intervention.models import Finding, Visit
from intervention.site.vocabulary import Severity, Trade
from organization import clock
from tests.intervention import planned
from tests.scale.test_scale import LIMIT_MS, ROWS, milliseconds

pytestmark = pytest.mark.django_db

STATES = ("closed", "closed", "closed", "closed", "open", "handed", "fixed", "dropped")
FIRST = date(2026, 1, 5)


def seed(cast, rows: int) -> None:
    """Findings over two projects, a hundred to a visit, most of them closed; written round the verbs to measure reading."""
    guards.uninstall()
    now = clock.now()
    for project, place, clerk in (("CH", "CH-2", "property_clerk"), ("YJ", "YJ-1", "yj_property_clerk")):
        said = {
            "project": cast.projects[project],
            "instalment": cast.instalments[place],
            "created_by": cast[clerk],
            "created_at": now,
        }
        visits = Visit.objects.bulk_create(
            Visit(**said, day=FIRST + timedelta(days=n % 300), kind="patrol", trades=["civil"], participants="安平")
            for n in range(max(rows // 200, 1))
        )
        start = Finding.objects.filter(project=said["project"]).count()
        made = (
            Finding(
                **said,
                visit=visits[n // 100 % len(visits)],
                number=f"{project}-F-2026-{start + n:06d}",
                area="unit" if n % 3 else "public",
                building=f"{n % 12 + 1}栋",
                floor=f"{n % 30 + 1}层",
                unit=f"{n % 30 + 1}0{n % 4 + 1}" if n % 3 else "",
                part="主卧飘窗",
                trade=Trade.values[n % len(Trade.values)],
                severity=Severity.values[n % len(Severity.values)],
                description=f"窗角渗水 {n}",
                state=(state := STATES[n % len(STATES)]),
                due_on=None if state in ("open", "dropped") else FIRST + timedelta(days=n % 330),
                handed_at=now if state in ("handed", "fixed", "closed") else None,
                fixed_at=now if state in ("fixed", "closed") else None,
                settled_at=now if state in ("closed", "dropped") else None,
            )
            for n in range(rows // 2)
        )
        Finding.objects.bulk_create(made, batch_size=5_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def pages(cast, log_in):
    """What is asked for, by name."""
    browser = log_in(cast.property_project_manager)
    findings, newest = (
        reverse("intervention:findings"),
        Visit.objects.filter(project__code="CH").order_by("-pk").first(),
    )
    asked = {
        "register": findings,
        "overdue": f"{findings}?state=overdue&project=CH",
        "trade and building": f"{findings}?trade=openings&building=3栋",
        "words": f"{findings}?text=渗水 1",
        "a page behind": f"{findings}?before={Finding.objects.order_by('pk')[len(STATES)].pk}",
        "visits": reverse("intervention:visits"),
        "visit": reverse("intervention:visit", args=[newest.pk]),
        "reports": reverse("intervention:site_reports"),
        "plan": reverse("intervention:timeline"),
        "program": "/api/v1/records/finding/?state=unsettled",
    }
    return {name: (lambda url=url: browser.get(url)) for name, url in asked.items()} | {"reminders": reminding.remind}


def queries(ask):
    """How many queries a second call takes: the first one fills what a process keeps."""
    ask()
    with CaptureQueriesContext(connection) as seen:
        answer = ask()
    assert getattr(answer, "status_code", 200) == 200
    return len(seen)


def test_many_findings_take_as_many_queries_as_ten_and_no_longer_than_people_wait(cast, log_in, record_property):
    laid = planned.plan(cast, "CH-2")
    planned.started(laid, "engineering", cast)
    seed(cast, 120)
    few = {name: queries(ask) for name, ask in pages(cast, log_in).items()}
    seed(cast, ROWS)
    # The reminders of a day write each notice once: what was written for few is not what is measured.
    many = {name: queries(ask) for name, ask in pages(cast, log_in).items()}
    del few["reminders"], many["reminders"]
    assert many == few
    measured = {name: milliseconds(ask, times=3) for name, ask in pages(cast, log_in).items()}
    print(
        f"\n{Finding.objects.count()} findings on {connection.vendor}: "
        + ", ".join(f"{name} {value:.0f} ms" for name, value in measured.items())
        + f"; queries {many}"
    )
    slow = {name: round(value) for name, value in measured.items() if value > LIMIT_MS}
    assert not slow, slow
