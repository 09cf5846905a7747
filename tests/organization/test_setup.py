"""A command on a fresh checkout brings the database up to date by itself."""

import json
import os
import subprocess
import sys

from django.conf import settings


def start(var_dir):
    """The command in a process of its own, on SQLite in an empty folder."""
    environment = {**os.environ, "VAR_DIR": str(var_dir)}
    environment.pop("DATABASE_URL", None)
    return subprocess.Popen(
        [sys.executable, "manage.py", "sign_off_chain", "annual_budget", "--json"],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_commands_started_at_once_on_nothing_both_answer(tmp_path):
    running = [start(tmp_path), start(tmp_path)]
    for process in running:
        out, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        # Standard output holds the answer and nothing of the migrations.
        assert [station["posts"] for station in json.loads(out)["stations"]] == [["finance"], ["general_manager"]]
