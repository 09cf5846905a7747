"""``/healthz``: is this installation fit to serve? For load balancers and monitoring; tells nothing about data."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from documents import guards

# A task that waits longer than this means that no worker is running.
WORKER_PATIENCE = timedelta(minutes=10)


def database() -> bool:
    """The database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def migrations() -> bool:
    """No migration is waiting."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def guards_installed() -> bool:
    """Every guard stands in the database."""
    return not guards.missing()


def worker() -> bool:
    """Tasks are taken up within ten minutes."""
    # The machine's clock: tasks are stamped by it, and no rule of the domain depends on this.
    return not DBTaskResult.objects.ready().filter(enqueued_at__lt=timezone.now() - WORKER_PATIENCE).exists()


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database,
    "migrations": migrations,
    "guards": guards_installed,
    "worker": worker,
}
# A sleeping worker delays mail and prints; the site itself serves on.
ADVISORY = ("worker",)


@require_safe
@never_cache
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """200 with every check true, else 503; each check by name."""
    results: dict[str, bool] = {}
    for name, check in CHECKS.items():
        try:
            results[name] = check()
        except DatabaseError:
            results[name] = False
    healthy = all(passed for name, passed in results.items() if name not in ADVISORY)
    return JsonResponse({"status": "ok" if healthy else "failing", "checks": results}, status=200 if healthy else 503)
