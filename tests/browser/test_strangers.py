# SPDX-License-Identifier: EUPL-1.2
"""What the server of the telephone in the browser refuses, and what it does not know."""

import pytest

from tests.browser.visitor import OURS

CALL = {"version": "1", "at": "2026-11-25T14:00", "keys": "3", "language": "nl"}
"""What a page asks of a call."""


def test_only_this_page_is_answered() -> None:
    """Another name for this machine is refused, the page loads nothing of others, and nothing is cached."""
    for host in ("evil.example", "127.0.0.1.evil.example"):
        assert OURS.get("/", headers={"Host": host}).status_code == 403
    answer = OURS.get("/")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'content="default-src &#39;none&#39;; style-src &#39;sha256-' in answer.text
    assert OURS.get("/told", query_string=CALL).status_code == 200


@pytest.mark.parametrize("other", [{"at": "kerst"}, {"keys": "A"}, {"language": "fr"}, {"language": ""}])
def test_what_the_page_never_sends_is_refused(other: dict[str, str]) -> None:
    """A request that makes no sense is refused, without a page of the library."""
    OURS.get("/state")
    answer = OURS.get("/told", query_string=CALL | other)
    assert (answer.status_code, answer.data) == (400, b"")


def test_what_is_not_there_is_not_found() -> None:
    """There is a sound in the languages of the line only."""
    assert OURS.get("/sound/xx.wav?text=nul").status_code == 404
    assert OURS.get("/sound/nl.wav").status_code == 400
