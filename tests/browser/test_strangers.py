# SPDX-License-Identifier: EUPL-1.2
"""What the server of the telephone in the browser refuses, and what it does not know."""

import pytest

from ivr.browser import app as browser
from ivr.web import local
from tests.browser.visitor import NOW, Page, client
from tests.conftest import SETTINGS

CALL = {"version": 1, "at": "2026-11-25T14:00", "ahead": "", "done": {}}
"""A call as the server tells it."""


def test_only_this_page_is_answered() -> None:
    """Another name for this machine, another page's form and what is no JSON are refused, and nothing is cached."""
    somebody = client()
    for host in ("evil.example", "127.0.0.1.evil.example"):
        assert somebody.get("/", headers={"Host": host}).status_code == 403
    for origin in ("http://evil.example", "http://localhost:1", "null"):
        assert somebody.post("/begin", json={"at": "now"}, headers={"Origin": origin}).status_code == 403
    bare = browser.make(SETTINGS, lambda: NOW).test_client()
    assert bare.post("/begin", json={"at": "now"}).status_code == 403
    assert somebody.post("/begin", data={"at": "now"}).status_code == 415
    headers = somebody.get("/").headers
    assert "Access-Control-Allow-Origin" not in headers
    assert "default-src 'none'; script-src 'self'" in headers["Content-Security-Policy"]
    assert headers.getlist("Content-Security-Policy") == [local.HEADERS["Content-Security-Policy"]]


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("/begin", {"at": "kerst"}, 400),
        ("/begin", {"at": "9999-12-31T23:59"}, 400),
        ("/begin", [], 400),
        ("/call", {}, 400),
        ("/call", CALL | {"version": 2}, 400),
        ("/call", CALL | {"at": "kerst"}, 400),
        ("/call", CALL | {"ahead": "A"}, 400),
        ("/call", CALL | {"done": {"1": {"keys": "A"}}}, 400),
        ("/call", CALL | {"done": {"1": {}}}, 400),
        ("/call", CALL | {"done": 3}, 400),
        ("/copy", CALL | {"done": {"een": None}}, 400),
    ],
)
def test_what_the_page_never_sends_is_refused(path: str, asked: object, status: int) -> None:
    """A request that makes no sense is refused, without a page of the library."""
    answer = client().post(path, json=asked)
    assert (answer.status_code, answer.data) == (status, b"")


def test_what_is_not_there_is_not_found() -> None:
    """There is a sound in the languages of the line only; a call to a version that is forgotten cannot go on."""
    assert client().get("/sound/xx.wav?text=nul").status_code == 404
    assert client().get("/sound/nl.wav").status_code == 400


def test_a_version_that_is_long_gone_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many versions of the files are kept, since a call goes on with what it began with."""
    monkeypatch.setattr(browser, "MOST_VERSIONS", 1)
    somebody = client()
    page = Page(somebody)
    files = list(SETTINGS.prompts.rglob("*.yaml"))
    monkeypatch.setattr("pathlib.Path.rglob", lambda *_: files[1:])
    assert somebody.post("/begin", json={"at": "now"}).json == page.call | {"version": 2}
    page.call["at"] = "2026-11-25T15:00"
    assert somebody.post("/call", json=page.call).status_code == 400
