"""A real browser: Debian's Chromium, kept from every address but this machine's."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings


@pytest.fixture(scope="session")
def chinese_fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place of data with the shipped fonts, as phones and desktops have Chinese ones of their own: the pages then don't fetch
    20 MB of them anew for every person of a journey."""
    home = tmp_path_factory.mktemp("data")
    (home / "fonts").symlink_to(settings.BASE_DIR / "static" / "fonts")
    return home


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], chinese_fonts: Path) -> dict[str, Any]:
    """Chromium from the system; nothing is downloaded, and it looks nothing up outside."""
    return {
        **browser_type_launch_args,
        "env": {**os.environ, "XDG_DATA_HOME": str(chinese_fonts)},
        "executable_path": os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium",
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Chinese, Shanghai, a desktop window."""
    return {
        **browser_context_args,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": 1440, "height": 900},
        "service_workers": "block",
    }
