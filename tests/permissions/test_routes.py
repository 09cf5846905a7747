"""The census: every person × every route × method has its status code, typed by hand in ``routes.txt``.

A route without a row fails, a row without a route fails, and where the answer is no, no row of any table has changed.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import URLResolver, get_resolver, reverse

from organization import clock
from tests.people import Cast
from tests.permissions.world import World

PERSONS = {
    "an": None,
    "de": "deactivated",
    "ou": "outsider",
    "fc": "foreign_clerk",
    "fg": "foreign_general_manager",
    "ad": "administrator",
    "au": "account_auditor",
    "yc": "yj_property_clerk",
    "ym": "yj_marketing_handler",
    "cl": "property_clerk",
    "pm": "property_project_manager",
    "le": "property_leader",
    "pf": "property_finance",
    "mh": "marketing_handler",
    "md": "marketing_head",
    "sh": "service_handler",
    "sd": "service_head",
    "fi": "finance",
    "gm": "general_manager",
}
OURS = ("organization_", "documents_", "intervention_", "budgets_", "settlements_")
# What a read may write: that it was read or downloaded.
NOTED = ("documents_event", "documents_notice")
WRITES = re.compile(r'^\s*(?:INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM)\s+"(\w+)"')


def table() -> tuple[list[str], list[tuple[str, list[str], list[str]]]]:
    """The columns, and rows of (method, [route, words…], codes)."""
    lines = (Path(__file__).parent / "routes.txt").read_text(encoding="utf-8").splitlines()
    cells = [line.split() for line in lines if line and not line.startswith("#")]
    columns = cells[0][1:]
    rows = [(row[0], row[1 : -len(columns)], row[-len(columns) :]) for row in cells[1:]]
    return columns, rows


COLUMNS, ROWS = table()


def routes(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[str]:
    """Every named route of the site."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern, inner)
        else:
            yield f"{namespace}{pattern.name}"


def test_every_route_has_its_rows_and_every_row_its_route():
    there, told = sorted(routes()), {words[0] for _method, words, _codes in ROWS}
    assert len(there) == len(set(there)), "two routes of one name"
    assert sorted(set(there) - told) == [], "routes without a row"
    assert sorted(told - set(there)) == [], "rows without a route"
    asked = {(method, words[0]) for method, words, _codes in ROWS}
    assert [(method, name) for name in there for method in ("GET", "POST") if (method, name) not in asked] == []


def test_the_table_has_a_column_for_every_person():
    assert list(PERSONS) == COLUMNS
    assert len(ROWS) * len(COLUMNS) >= 4500
    known = {"200", "201", "202", "204", "302", "400", "401", "403", "404", "405", "409", "login"}
    assert {code for _method, _words, codes in ROWS for code in codes} == known


class Watch:
    """Sees what is written to tables of ours; what was written and taken back within the request is no change."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if (match := WRITES.match(sql)) and match[1].startswith(OURS) and match[1] not in NOTED:
            self.tables.add(match[1])
        return execute(sql, params, many, context)


def rows_of(tables: set[str]) -> list[list[Any]]:
    """Every row of these tables."""
    with connection.cursor() as cursor:
        found = []
        for name in sorted(tables):
            cursor.execute(f'SELECT * FROM "{name}"')  # noqa: S608
            found.append(sorted(map(repr, cursor.fetchall())))
    return found


# The month whose application S is.
QUERIES = {"settlements:month_packs": "?month=2026-10", "settlements:month_zip": "?month=2026-10"}


def ask(browser: Client, world: World, method: str, words: list[str]) -> Any:
    """One request; JSON to the API but for files."""
    address = reverse(words[0], args=[world.named(word) for word in words[1:]]) + QUERIES.get(words[0], "")
    if method == "GET":
        return browser.get(address)
    data = world.body(words[0], words[1:])
    if address.startswith("/api/") and "file" not in data:
        return getattr(browser, method.lower())(address, data, content_type="application/json")
    return browser.post(address, data)


def code_of(answer: Any) -> str:
    """The status; ``login`` for the way to the log-in."""
    if answer.status_code == 302 and answer["Location"].startswith("/login/?next="):
        return "login"
    return str(answer.status_code)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for all persons; each request happens in a savepoint that is taken back."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(MEDIA_ROOT=media):
        with clock.at(clock.shanghai(2026, 11, 22)):
            made = World(Cast())
        made.media = media
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def _unwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are not written out: the census asks for codes and rows, and each page has tests of its own."""
    monkeypatch.setattr("django.template.backends.django.Template.render", lambda *_args, **_more: "")


@pytest.mark.django_db
@pytest.mark.usefixtures("_unwritten")
@pytest.mark.parametrize("column", PERSONS)
def test_each_person_gets_exactly_what_the_table_says(world, settings, caplog, column):
    caplog.set_level("CRITICAL", "django")
    settings.MEDIA_ROOT = world.media
    browser = Client()
    if PERSONS[column]:
        browser.force_login(world.cast[PERSONS[column]], backend="django.contrib.auth.backends.ModelBackend")
    session = {name: morsel.value for name, morsel in browser.cookies.items()}
    wrong = []
    for method, words, codes in ROWS:
        expected = codes[COLUMNS.index(column)]
        browser.cookies.load(session)
        got, after, tables = in_a_savepoint(lambda method=method, words=words: ask(browser, world, method, words))
        if got != expected:
            wrong.append(f"{method} {' '.join(words)}: {got}, not {expected}")
        elif (got == "login" or int(got) >= 400) and after != rows_of(tables):
            wrong.append(f"{method} {' '.join(words)}: {got}, and yet something has changed")
    assert not wrong, "\n".join([PERSONS[column] or "anonymous", *wrong])


def in_a_savepoint(request: Callable[[], Any]) -> tuple[str, list[list[Any]], set[str]]:
    """The answer's code, and the rows of the tables that it wrote to; then everything is as before."""
    watch = Watch()
    with transaction.atomic():
        with connection.execute_wrapper(watch):
            got = code_of(request())
        after = rows_of(watch.tables)
        transaction.set_rollback(True)
    return got, after, watch.tables
