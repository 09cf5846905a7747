"""What every test stands on: one cast, one clock, no network, real transactions where asked for, no skips in CI."""

import os
import socket
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

# A browser test's thread runs an event loop; the ORM is still used from that thread alone.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

NOW = (2026, 11, 23, 9, 0)
PASSWORD = "demo-pass-2026"


# --- no skips in CI ----------------------------------------------------------------------------------------------------
def _fail_skip(report: Any) -> None:
    if os.environ.get("CI") and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"In CI a skip is a failure: {report.longrepr}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Generator[None, Any, Any]:
    """A skipped test fails in CI: what isn't tested there is tested nowhere."""
    report = yield
    _fail_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, Any]:
    """A skipped module fails in CI as well."""
    report = yield
    _fail_skip(report)
    return report


# Files that take longest; begun last, one of them would run alone at the end.
LONGEST_FIRST = (
    "documents/test_queries",
    "permissions/test_legality",
    "permissions/test_routes",
    "config/test_demo",
    "permissions/test_canary",
    "trust/test_tamper",
    "scale/test_scale",
    "documents/test_pages",
)


# What these find is the same on every database: .ci/run asks them on SQLite alone, ``make gate`` and ``make test`` on both.
ENGINE_FREE = (
    "architecture/",
    "permissions/",
    "documents/test_queries",
    "documents/test_rendering_",
    "documents/test_routing",
    "documents/test_sign_off_chain",
    "budgets/test_numbers",
    "budgets/test_columns",
    "budgets/test_workbooks",
    "budgets/test_giving_back",
    "budgets/test_refusals",
    "intervention/test_legality",
    "intervention/test_assessing_legality",
    "intervention/test_picture_memory",
    "organization/test_pages",
    "organization/test_setup",
    "settlements/test_month_packs",
    "settlements/test_pack_books",
)


def _place(item: pytest.Item) -> str:
    return item.path.relative_to(Path(__file__).parent).with_suffix("").as_posix()


def _rank(item: pytest.Item) -> int:
    place = _place(item)
    return LONGEST_FIRST.index(place) if place in LONGEST_FIRST else len(LONGEST_FIRST)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long files first. Races need several writers at once: they belong to PostgreSQL and are no part of the suite on SQLite."""
    from django.db import connection

    items.sort(key=_rank)
    for item in items:
        if _place(item).startswith(ENGINE_FREE):
            item.add_marker(pytest.mark.engine_free)
    if connection.vendor == "postgresql":
        return
    races = [item for item in items if item.get_closest_marker("race")]
    if races:
        config.hook.pytest_deselected(items=races)
        items[:] = [item for item in items if item not in races]


# --- no network --------------------------------------------------------------------------------------------------------
_connect = socket.socket.connect


def _loopback_only(self: socket.socket, address: Any) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6) and str(address[0]) not in {"127.0.0.1", "::1", "localhost"}:
        raise ConnectionRefusedError(f"Tests reach this machine only, not {address[0]}.")
    return _connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    socket.socket.connect = _loopback_only  # type: ignore[method-assign]
    yield
    socket.socket.connect = _connect  # type: ignore[method-assign]


# --- the cast, always there --------------------------------------------------------------------------------------------
def _restore(sender: Any, **_: Any) -> None:
    """After ``migrate`` and after each flush: policy 1, the calendar and the cast, when the last app with tables is done."""
    from django.apps import apps

    if sender.name != [app.name for app in apps.get_app_configs() if app.models_module][-1]:
        return
    from documents.models import Policy
    from intervention.models import GradeBand, TemplateItem
    from organization import clock
    from organization.models import CalendarYear, Person
    from tests import people

    if not Policy.objects.exists():
        people.insert_policy_1()
    if not CalendarYear.objects.exists():
        people.insert_calendar()
    if not TemplateItem.objects.exists():
        people.insert_phase_template()
    if not GradeBand.objects.exists():
        people.insert_checklist()
    if not Person.objects.exists():
        with clock.at(clock.shanghai(2026, 11, 1)):
            people.build(PASSWORD)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Hang the cast on ``post_migrate`` before the test database is made."""
    from django.db.models.signals import post_migrate

    post_migrate.connect(_restore, dispatch_uid="tests.cast")


@pytest.fixture
def cast(db: None) -> Any:
    """The people, projects and instalments by their codes: ``cast.property_clerk``, ``cast.projects["CH"]``."""
    from tests.people import Cast

    return Cast()


@pytest.fixture
def log_in(client: Any) -> Callable[..., Any]:
    """``log_in(person)``: the test client, logged in as this person."""
    from django.test import Client

    def as_person(person: Any, fresh: bool = False) -> Any:
        browser = Client() if fresh else client
        browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return browser

    return as_person


# --- clock, files, language --------------------------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def fixed_clock() -> Iterator[Any]:
    """The domain's clock stands at 2026-11-23 09:00 in Shanghai; the module is handed out to set it."""
    from organization import clock

    clock.set_clock(clock.shanghai(*NOW))
    yield clock
    clock.set_clock(None)


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    """Uploads and kept prints of a test go to a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    """Each test begins in Chinese, whatever the one before has switched to."""
    from django.utils import translation

    with translation.override("zh-hans"):
        yield


# --- real transactions -------------------------------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def _flushable(request: pytest.FixtureRequest) -> Iterator[None]:
    """A flush deletes what the guards protect: take them out before it; ``post_migrate`` puts them back with the cast."""
    marker = request.node.get_closest_marker("django_db")
    transactional = {"transactional_db", "live_server"} & set(request.fixturenames) or (
        marker is not None and marker.kwargs.get("transaction")
    )
    if not transactional:
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    from documents import guards

    guards.uninstall()


@pytest.fixture
def real_transactions(transactional_db: None, cast: Any) -> Any:
    """Commits are real, as for races and threads; afterwards the tables are emptied, guards, policy 1, calendar and cast renewed."""
    return cast
