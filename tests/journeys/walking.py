"""People walking the site: one browser context each, password log-in, every page looked at in two sizes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.conftest import PASSWORD

SIZES = {"1440": (1440, 900), "390": (390, 844)}
SCREENS = Path(__file__).parents[2] / "docs" / "screens"


class Walk:
    """The site as several people see it. ``look`` photographs a page (with SCREENS=1) and asks axe, at both sizes."""

    def __init__(
        self, browser: Browser, base_url: str, folder: Path, first: int = 0, *, service_workers: bool = False
    ) -> None:
        self.browser = browser
        self.base_url = base_url
        self.service_workers = service_workers
        self.folder = SCREENS if os.environ.get("SCREENS") else folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.pages: dict[str, Page] = {}
        self.faults: list[str] = []
        # Pictures are numbered on from ``first``: each journey has its own range.
        self.seen = first

    def page(self, username: str) -> Page:
        """This person's page, logged in by password on first use."""
        if username not in self.pages:
            context = self.browser.new_context(
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
                viewport={"width": 1440, "height": 900},
                base_url=self.base_url,
                accept_downloads=True,
                # The requests of a service worker are no page's: journeys that need one ask for it.
                service_workers="allow" if self.service_workers else "block",
            )
            page = context.new_page()
            page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
            page.on("console", lambda line: self._console(page, line))
            page.on("request", self._request)
            page.goto("/login/")
            if not self.pages and not self.seen:
                self.look(page, "login")
            page.get_by_label("用户名").fill(username)
            page.get_by_label("密码").fill(PASSWORD)
            page.get_by_role("button", name="登录").click()
            page.wait_for_url("**/")
            self.pages[username] = page
        return self.pages[username]

    def _console(self, page: Page, line: Any) -> None:
        if line.type == "error":
            self.faults.append(f"{page.url}: {line.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.base_url, "data:", "blob:")):
            self.faults.append(f"foreign request {request.url}")

    def look(self, page: Page, name: str) -> None:
        """Both sizes: a picture, no horizontal scrolling of the page, no violation of axe."""
        self.seen += 1
        for label, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_load_state("networkidle")
            found = Axe().run(page)
            for violation in found.response["violations"]:
                nodes = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
                self.faults.append(f"axe {name} {label}: {violation['id']}: {nodes}")
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if overflow > 1:
                self.faults.append(f"{name} {label}: the page is {overflow} px too wide")
            page.screenshot(path=self.folder / f"{self.seen:02d}-{name}-{label}.png", full_page=True)
        page.set_viewport_size({"width": 1440, "height": 900})

    def open_from_inbox(self, username: str, number: str) -> Page:
        """Find a form among those that wait for this person and open it."""
        page = self.page(username)
        page.goto("/inbox/")
        page.locator(f'a[href*="/documents/{number}/"]:visible').first.click()
        page.wait_for_url(f"**/documents/{number}/**")
        return page

    def sign(self, username: str, number: str, opinion: str = "") -> Page:
        """Agree on the form's page."""
        page = self.open_from_inbox(username, number)
        if opinion:
            page.locator("#opn").fill(opinion)
        page.locator('.d-only [data-verb="sign"]').click()
        page.wait_for_load_state("networkidle")
        return page

    def download(self, page: Page, click: Callable[[], None], path: Path) -> Path:
        """Save what a click downloads."""
        with page.expect_download() as waiting:
            click()
        waiting.value.save_as(path)
        return path

    def finish(self) -> None:
        """Close all and tell every fault at once."""
        for page in self.pages.values():
            page.context.close()
        assert not self.faults, "\n".join(self.faults)
