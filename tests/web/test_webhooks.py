# SPDX-License-Identifier: EUPL-1.2
"""What reaches the webhooks that no caller pressed: odd, stale and forged requests."""

import io
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from ivr.answers import Answers
from ivr.app import create_app
from ivr.phone.rules import parse
from ivr.phone.transport import Answer, Request, signed
from ivr.position import Kind, Position
from tests.conftest import BY_DAY, LINE, PUBLIC_URL, SETTINGS, TOKEN, answers, says
from tests.in_process import wsgi

APP = create_app(SETTINGS, lambda: BY_DAY)
FETCH = signed(wsgi(APP, PUBLIC_URL), TOKEN)
MENU = answers(LINE).start(BY_DAY)
CONNECTED = answers(LINE).addresses.ways(Position(Kind.CONNECT, "essm")).outcome.removeprefix(PUBLIC_URL)


def post(target: str, **form: str) -> Answer:
    """A signed request to an address of the line."""
    return FETCH(Request("POST", PUBLIC_URL + target, form))


def said(answer: Answer) -> str:
    """What an answer says, after checking that it is one."""
    assert answer.status == 200
    assert answer.content_type == "text/xml; charset=utf-8"
    return " ".join("".join(parse(answer.body).itertext()).split())


def test_the_phone_is_answered() -> None:
    """POST /voice answers with the menu, no cookie, no redirect; so it does with a slash at the end."""
    assert post("/voice").body == MENU
    assert post("/voice/").body == MENU
    response = APP.test_client().post("/voice", headers=signature("/voice"), base_url=PUBLIC_URL)
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    "target",
    [
        "/voice/menu/gone/keys?offer=00000000",
        "/voice/number/essm/outcome",
        "/voice/number/nobody/keys",
        "/voice/menu/main",
        "/voice/menu/main/unheard-of",
        "/voice//menu//main//keys",
        "/voice/menu/main/keys/",
        "/voice/%6d%65nu/main/keys",
        "/voice/menu/main/keys?offer=1&offer=2&typed=x",
        "/voice/menu/main/keys?offer=%ff&%80=%",
        "/voice/x/%00/%ff/keys",
        "/voice/x%0Ay/keys",
        "/voice/" + "x" * 500,
    ],
)
def test_an_address_that_does_not_exist_gets_the_menu(target: str) -> None:
    """A stale, unknown or hand-made address gets the menu, whatever was pressed there."""
    assert said(post(target, Digits="3")).startswith(says("line.danger"))


@pytest.mark.parametrize("digits", ["7", "12", "0*#", "A", "", " ", "ü", "9" * 5000, "\x00", "3 3"])
def test_odd_digits_are_answered(digits: str) -> None:
    """An unknown key, several at once, none or garbage: the caller hears a number, or how to dial one."""
    offer = answers(LINE).start(BY_DAY).decode().split("offer=")[1][:8]
    heard = said(post(f"/voice/menu/main/keys?offer={offer}", Digits=digits))
    assert "één" in heard or heard.startswith(says("line.typed_other"))


def test_missing_digits_are_silence() -> None:
    """A key report without a key is a silence."""
    assert said(post("/voice/menu/main/keys")).startswith(says("line.noinput"))


@pytest.mark.parametrize(
    "form", [{}, *({"DialCallStatus": status} for status in ("", "brand-new", "failed", "ü" * 300))], ids=str
)
def test_an_unknown_outcome_still_speaks_the_number(form: dict[str, str]) -> None:
    """A DialCallStatus that nobody documented, or none, is a failure that reads the number."""
    assert "nul, één, nul" in said(post(CONNECTED, **form))


@given(
    st.lists(st.sampled_from(["voice", "menu", "main", "keys", "%2e%2e", "list", "essm", "", "é"]), max_size=6),
    st.dictionaries(st.sampled_from(["offer", "typed", "pressed", "x"]), st.text("0123abc", max_size=8)),
    st.dictionaries(st.sampled_from(["Digits", "DialCallStatus", "From"]), st.text(max_size=8)),
)
def test_whatever_is_signed_is_answered(path: list[str], query: dict[str, str], form: dict[str, str]) -> None:
    """Every signed request under /voice is answered with TwiML, and never with a redirect."""
    target = "/voice/" + "/".join(path) + "?" + "&".join(f"{name}={value}" for name, value in query.items())
    assert said(FETCH(Request("POST", PUBLIC_URL + target.replace("é", "%C3%A9"), form)))


def test_an_error_of_ours_still_reads_every_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a valid signature, and only then, an error is answered with TwiML that reads all numbers, 112 first."""
    monkeypatch.setattr(Answers, "answer", lambda *_: 1 / 0)
    heard = said(post("/voice/menu/main/keys", Digits="3"))
    places = [heard.index(number) for number in ("één, één, twee", "acht, acht", "nul, één, nul", "vijf, één", "zeven")]
    assert places == sorted(places)
    assert APP.test_client().post("/voice", base_url=PUBLIC_URL).status_code == 403


def signature(target: str, token: str = TOKEN, form: dict[str, str] | None = None) -> dict[str, str]:
    """The header that Twilio sends."""
    return {"X-Twilio-Signature": RequestValidator(token).compute_signature(PUBLIC_URL + target, form or {})}


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    """Sends requests that nobody signed."""
    with APP.test_client() as client:
        yield client


def test_without_a_signature_nothing_is_read(client: FlaskClient) -> None:
    """Who sends no signature is refused before a byte of the body is read, however long or broken that is."""
    body = io.BytesIO(b"Digits=1")
    answer = client.post("/voice", environ_overrides={"wsgi.input": body, "CONTENT_LENGTH": "8"})
    assert (answer.status_code, body.tell()) == (403, 0)


def test_a_body_that_breaks_off_is_refused(client: FlaskClient) -> None:
    """Whoever hangs up in the middle of a body gets no answer that was not signed."""

    class Body(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            raise ConnectionResetError

    answer = client.post("/voice", headers=signature("/voice"), environ_overrides={"wsgi.input": Body()})
    assert (answer.status_code, answer.data) == (400, b"")
