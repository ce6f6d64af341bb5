# SPDX-License-Identifier: EUPL-1.2
"""The telephone in a real browser."""

import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright import sync_api

from ivr.browser.app import make
from ivr.browser.file import page
from ivr.web import local
from tests.browser.tab import OpenPage
from tests.conftest import SETTINGS
from tests.serving import in_a_thread

BY_DAY = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)  # 14:00 in Rotterdam


@pytest.fixture(scope="module")
def prompts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our card, to change."""
    return Path(shutil.copytree(SETTINGS.prompts, tmp_path_factory.mktemp("page") / "prompts"))


@pytest.fixture(scope="module")
def url(prompts: Path) -> Iterator[str]:
    """Where the telephone is."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving, url = local.server(make(replace(SETTINGS, prompts=prompts), lambda: BY_DAY), listening)
        with in_a_thread(serving):
            yield url


@pytest.fixture
def open_page(browser: sync_api.Browser, url: str) -> Iterator[OpenPage]:
    """Opens the telephone in a new tab; at the end nothing went wrong there, and nothing was asked elsewhere."""
    from playwright.sync_api import expect  # noqa: PLC0415 - most tests need no browser

    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    context.clock.set_fixed_time(BY_DAY)
    wrong: list[str] = []
    context.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("request", lambda request: None if request.url.startswith((url, "data:")) else wrong.append(request.url))

    def opened(asked: str = "") -> sync_api.Page:
        tab = context.new_page()
        tab.goto(f"{url}{asked}")
        expect(tab.locator("#position option")).not_to_have_count(1)
        return tab

    yield opened
    context.close()
    assert wrong == []


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The line as one file, as it is mailed."""
    file = tmp_path_factory.mktemp("mailed") / "lijn.html"
    file.write_text(page(SETTINGS, BY_DAY), encoding="utf-8")
    return file


@pytest.fixture
def mailed(browser: sync_api.Browser, written: Path) -> Iterator[sync_api.Page]:
    """That file, opened from a disk where there is no network; at the end nothing went wrong, and nothing was asked."""
    context = browser.new_context(offline=True, accept_downloads=True)
    context.clock.set_fixed_time(BY_DAY)
    wrong: list[str] = []
    context.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    allowed = (written.as_uri(), "data:", "blob:")
    context.on("request", lambda request: None if request.url.startswith(allowed) else wrong.append(request.url))
    opened = context.new_page()
    opened.goto(written.as_uri())
    yield opened
    context.close()
    assert wrong == []
