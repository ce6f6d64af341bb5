# SPDX-License-Identifier: EUPL-1.2
"""A small web site that answers the requests of a line."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeAlias

import pytest

from ivr.phone.transport import Answer, Fetch, Request

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
