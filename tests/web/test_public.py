# SPDX-License-Identifier: EUPL-1.2
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import got_request_exception
from flask.testing import FlaskClient
from sectxt import Parser

from ivr.app import create_app
from ivr.settings import Settings
from ivr.web.public import READY
from tests.conftest import PUBLIC_URL, TOKEN


def client(settings: Settings | None = None, *, ready: bool = True) -> FlaskClient:
    """A browser."""
    app = create_app(settings or Settings((TOKEN,), PUBLIC_URL))
    app.config[READY] = lambda: ready
    return app.test_client()


def test_the_service_tells_whether_it_is_alive_and_ready() -> None:
    """Alive as long as it answers, ready unless it is stopping."""
    assert client().get("/health/live").status_code == 200
    assert create_app(Settings((TOKEN,), PUBLIC_URL)).test_client().get("/health/ready").status_code == 200
    assert client(ready=False).get("/health/live").status_code == 200
    assert client(ready=False).get("/health/ready").status_code == 503


def test_security_txt_tells_whom_to_tell() -> None:
    """With a contact and a date there is a security.txt as RFC 9116 wants it; without them there is none."""
    settings = Settings((TOKEN,), PUBLIC_URL, security_contact="mailto:a@b.example", security_expires=date(2027, 11, 1))
    answer = client(settings).get("/.well-known/security.txt")
    assert answer.text == "Contact: mailto:a@b.example\nExpires: 2027-11-01T00:00:00Z\nPreferred-Languages: nl, en\n"
    assert answer.content_type == "text/plain; charset=utf-8"
    for half in (settings, replace(settings, security_contact=None), replace(settings, security_expires=None)):
        assert client(half).get("/.well-known/security.txt").status_code == (200 if half is settings else 404)


@pytest.mark.parametrize("contact", ["mailto:a@b.example", "https://b.example/meld", "tel:+12025550100"])
def test_others_find_nothing_wrong_with_security_txt(contact: str) -> None:
    """The tool of internet.nl, which judges Dutch governments' security.txt, finds no mistake in ours."""
    expires = datetime.now(UTC).date() + timedelta(days=200)
    settings = Settings((TOKEN,), PUBLIC_URL, security_contact=contact, security_expires=expires)
    address = "/.well-known/security.txt"
    judged = Parser(client(settings).get(address).data, urls=PUBLIC_URL + address)
    assert (judged.errors, judged.is_valid()) == ([], True)


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/.well-known/security.txt", "/voice"])
def test_a_browser_may_do_nothing_with_what_it_opens(path: str) -> None:
    """Every answer but the page forbids scripts, frames, guessing of types and keeping; none sets a cookie."""
    headers = client().get(path).headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Type"].startswith("text/plain")
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize(
    ("method", "path", "status"), [("POST", "/x", 404), ("GET", "/voice", 405), ("POST", "/voice", 403)]
)
def test_a_refusal_has_no_body(method: str, path: str, status: int) -> None:
    """A refusal is a status without a page, but for who reads the card; a wrong method is told the right one."""
    answer = client().open(path, method=method)
    assert (answer.status_code, answer.data) == (status, b"")
    assert answer.headers.get("Allow") == ("POST" if status == 405 else None)


def test_an_error_is_a_status_too() -> None:
    """An error of ours that nothing else answers is a 500 without a page, and the log is told what it was."""
    app, noted = create_app(Settings((TOKEN,), PUBLIC_URL)), list[type[Exception]]()
    app.config[READY] = lambda: 1 / 0
    with got_request_exception.connected_to(lambda _, exception: noted.append(type(exception)), app):
        answer = app.test_client().get("/health/ready")
    assert (answer.status_code, answer.data, noted) == (500, b"", [ZeroDivisionError])
