"""``manage.py worker``: what happens outside requests. Tasks (prints), mail of notices, timed work."""

import signal
import threading
import time
from types import FrameType
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils.crypto import get_random_string
from django_tasks import task_backends
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from documents import mailing
from documents.checks import refuse_without_guards

TICK_SECONDS = 600


class Command(BaseCommand):
    """Runs until it is told to stop; the task in hand is finished first."""

    help = "Run waiting tasks, send notices by mail, do timed work."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--once`` empties the queue and ends."""
        parser.add_argument("--once", action="store_true", help="do what is waiting, then end")
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between looks at the queue")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse without guards; then tasks, mail, timed work in turn."""
        refuse_without_guards()
        stopping = threading.Event()

        def stop(_signal: int, _frame: FrameType | None) -> None:
            stopping.set()

        signal.signal(signal.SIGINT, stop)
        signal.signal(signal.SIGTERM, stop)
        name, next_tick = get_random_string(32), 0.0
        while not stopping.is_set():
            try:
                work(name)
                if time.monotonic() >= next_tick:
                    call_command("tick", verbosity=0)
                    next_tick = time.monotonic() + TICK_SECONDS
            except DatabaseError as error:
                # The database restarts, or another process holds it: try again, nothing is lost.
                self.stderr.write(f"worker: {error}")
                close_old_connections()
            if options["once"]:
                return
            stopping.wait(options["interval"])


def work(name: str) -> None:
    """Do every task that is ready, then mail the notices that are due."""
    # Looking first spares SQLite a write lock a second.
    if isinstance(task_backends["default"], DatabaseBackend) and DBTaskResult.objects.ready().exists():
        Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=name,
            excluded_queue_names=[],
        ).run()
    mailing.send_due()
    close_old_connections()
