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

from ivr.browser import conversation
from ivr.browser.app import make
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
    """Where the telephone is; it rings for a moment only."""
    with pytest.MonkeyPatch.context() as patch, socket.create_server(("127.0.0.1", 0)) as listening:
        patch.setattr(conversation, "RINGS", 0.2)
        serving, url = local.server(make(replace(SETTINGS, prompts=prompts), lambda: BY_DAY), listening)
        with in_a_thread(serving):
            yield url


@pytest.fixture
def open_page(browser: sync_api.Browser, url: str) -> Iterator[OpenPage]:
    """Opens the telephone in a new tab; at the end nothing went wrong there, and nothing was asked elsewhere."""
    from playwright.sync_api import expect  # noqa: PLC0415 - most tests need no browser

    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    wrong: list[str] = []
    context.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("request", lambda request: None if request.url.startswith((url, "data:")) else wrong.append(request.url))

    def opened(asked: str = "") -> sync_api.Page:
        page = context.new_page()
        page.goto(f"{url}{asked}")
        expect(page.locator("#position option")).not_to_have_count(1)
        return page

    yield opened
    context.close()
    assert wrong == []
