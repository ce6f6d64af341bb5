# SPDX-License-Identifier: EUPL-1.2
"""A small web site that answers the requests of a line, and the telephone in a real browser."""

import shutil
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import pytest
from playwright import sync_api

from ivr.phone import conversation
from ivr.phone.browser import server
from ivr.phone.transport import Answer, Fetch, Request
from tests.conftest import SETTINGS
from tests.phone.tab import OpenPage
from tests.serving import in_a_thread

Page: TypeAlias = str | Answer | Exception
Pages: TypeAlias = Mapping[str, Page | list[Page]]
Site: TypeAlias = Callable[[Pages], Fetch]

BY_DAY = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)  # 14:00 in Rotterdam


def serve(pages: Pages) -> Fetch:
    """Return a fetch for https://line.example; a list of pages is answered in turn, an exception is raised.

    A text is what stands in the Response of a document.
    """

    def fetch(request: Request) -> Answer:
        path = request.url.removeprefix("https://line.example").partition("?")[0]
        page = pages[path]
        if isinstance(page, list):
            page = page.pop(0)
        if isinstance(page, Exception):
            raise page
        if isinstance(page, Answer):
            return page
        return Answer(200, "text/xml; charset=utf-8", f"<Response>{page}</Response>".encode())

    return fetch


@pytest.fixture(scope="session")
def site() -> Site:
    """Makes a small web site."""
    return serve


@pytest.fixture(scope="module")
def prompts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our card, to change."""
    return Path(shutil.copytree(SETTINGS.prompts, tmp_path_factory.mktemp("page") / "prompts"))


@pytest.fixture(scope="module")
def url(prompts: Path) -> Iterator[str]:
    """Where the telephone is; it rings for a moment only."""
    with pytest.MonkeyPatch.context() as patch, socket.create_server(("127.0.0.1", 0)) as listening:
        patch.setattr(conversation, "RINGS", 0.2)
        serving = server(replace(SETTINGS, prompts=prompts), listening, lambda: BY_DAY)
        with in_a_thread(serving):
            yield f"http://127.0.0.1:{serving.port}/"


@pytest.fixture
def open_page(browser: sync_api.Browser, url: str) -> Iterator[OpenPage]:
    """Opens the telephone in a new tab; at the end nothing went wrong there, and nothing was asked elsewhere."""
    from playwright.sync_api import expect  # noqa: PLC0415 - most tests need no browser

    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    wrong: list[str] = []
    context.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("request", lambda request: None if request.url.startswith((url, "data:")) else wrong.append(request.url))

    def opened() -> sync_api.Page:
        page = context.new_page()
        page.goto(url)
        expect(page.locator("#position option")).not_to_have_count(1)
        return page

    yield opened
    context.close()
    assert wrong == []
