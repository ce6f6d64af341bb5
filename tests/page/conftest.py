# SPDX-License-Identifier: EUPL-1.2
"""The page in a real browser, which asks nothing of the internet: every answer comes from the app, and is noted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, ViewportSize

from ivr.app import create_app
from ivr.card import EXIT
from ivr.settings import Settings
from tests.conftest import BY_DAY, PUBLIC_URL, SETTINGS

NOTICE = "\nnotice:\n  from: 2026-11-01 00:00\n  until: 2026-12-01 00:00\n"
TOLD = "\nnotice: Door een storing is het adviespunt nu moeilijk te bereiken.\n"

NEEDS_CHROMIUM = pytest.mark.starts("chromium-headless-shell")
TELEPHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1280, height=900)
ZOOMED = ViewportSize(width=320, height=256)
"""A screen of 1280 by 1024 at 400 % (https://www.w3.org/TR/WCAG22/#reflow)."""


def site(at: datetime = BY_DAY, settings: Settings = SETTINGS) -> FlaskClient:
    """A browser without a screen, at a moment."""
    return create_app(settings, lambda: at).test_client()


def changed(folder: Path, **more: str) -> Settings:
    """Our card with more at the end of some of its files, by their names."""
    for source in SETTINGS.prompts.rglob("*.yaml"):
        target = folder / source.relative_to(SETTINGS.prompts)
        target.parent.mkdir(exist_ok=True)
        target.write_text(source.read_text(encoding="utf-8") + more.get(source.stem, ""), encoding="utf-8")
    return replace(SETTINGS, prompts=folder)


class Visit:
    """Opens the page: `visit()` by day on a desktop. Notes which addresses are asked for, and what the browser says."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._opened: list[BrowserContext] = []
        self.asked: list[str] = []
        self.complaints: list[str] = []

    def __call__(  # noqa: PLR0913 - there are as many ways to see it
        self,
        at: datetime = BY_DAY,
        settings: Settings = SETTINGS,
        html: str | None = None,
        weather: int = 200,
        *,
        still: bool = False,
        path: str = "/",
        now: datetime = BY_DAY,
        **options: Any,  # noqa: ANN401 - those of Playwright
    ) -> Page:
        """Open it at a moment, or some HTML in its place; `weather` is the status of where the exit leads.

        A clock that stands `still`, at `now`, goes on when it is told to.
        """
        answer = site(at, settings).get(path)
        body, headers = (html, {"Content-Type": "text/html"}) if html else (answer.text, dict(answer.headers))
        context = self._browser.new_context(**{"viewport": DESKTOP, **options})
        self._opened.append(context)
        page = context.new_page()
        page.on("console", self.said)

        def answered(route: Route) -> None:
            self.asked.append(route.request.url)
            if route.request.url == EXIT:
                route.fulfill(status=weather, content_type="text/html", body="<title>Het weer</title>")
            else:
                route.fulfill(status=200, headers=headers, body=body)

        if still:
            page.clock.install(time=now - timedelta(seconds=1))
            page.clock.pause_at(now)
        page.route("**/*", answered)
        page.goto(f"{PUBLIC_URL}{path}")
        return page

    def said(self, message: ConsoleMessage) -> None:
        """Note what the browser says, such as that the policy forbids something."""
        self.complaints.append(message.text)

    def close(self) -> None:
        """Close every page."""
        for context in self._opened:
            context.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens the page."""
    visit = Visit(browser)
    yield visit
    visit.close()
