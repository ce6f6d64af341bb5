# SPDX-License-Identifier: EUPL-1.2
"""What the server of the telephone in the browser refuses, and what it does not know."""

import pytest

from ivr.browser import app as browser
from tests.browser.visitor import NOW, Page, client
from tests.conftest import SETTINGS


def test_only_this_page_is_answered() -> None:
    """Another name for this machine, another page's form and what is no JSON are refused, and nothing is cached."""
    somebody = client()
    for host in ("evil.example", "127.0.0.1.evil.example"):
        assert somebody.get("/", headers={"Host": host}).status_code == 403
    for origin in ("http://evil.example", "http://localhost:1", "null"):
        assert somebody.post("/calls", json={"at": "now"}, headers={"Origin": origin}).status_code == 403
    bare = browser.make(SETTINGS, lambda: NOW).test_client()
    assert bare.post("/calls", json={"at": "now"}).status_code == 403
    assert somebody.post("/calls", data={"at": "now"}).status_code == 415
    headers = somebody.get("/").headers
    assert "Access-Control-Allow-Origin" not in headers
    assert "default-src 'none'; script-src 'self'" in headers["Content-Security-Policy"]
    assert headers.getlist("Content-Security-Policy") == [browser.HEADERS["Content-Security-Policy"]]


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("/calls", {"at": "kerst"}, 400),
        ("/calls", {"at": "9999-12-31T23:59"}, 400),
        ("/calls", [], 400),
        ("/calls/unknown", {"keys": "3"}, 404),
        ("/calls/unknown", {"keys": "A"}, 400),
        ("/calls/unknown", {}, 400),
        ("/calls/unknown", {"over": None}, 400),
    ],
)
def test_what_the_page_never_sends_is_refused(path: str, asked: object, status: int) -> None:
    """A request that makes no sense is refused, without a page of the library."""
    answer = client().post(path, json=asked)
    assert (answer.status_code, answer.data) == (status, b"")


def test_what_is_not_there_is_not_found() -> None:
    """A call or a sound that is unknown, or forgotten since there were too many, is not there."""
    somebody = client()
    assert somebody.get("/calls/unknown").status_code == 404
    assert somebody.get("/sound/unknown.wav").status_code == 404
    first = Page(somebody)
    for _ in range(browser.MOST_CALLS):
        Page(somebody)
    assert somebody.get(f"/calls/{first.id}").status_code == 404
