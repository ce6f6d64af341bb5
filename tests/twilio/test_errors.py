# SPDX-License-Identifier: EUPL-1.2
"""Whatever keeps us from Twilio is one sentence with the cure, in the operator's language."""

import re
from pathlib import Path

import pytest

from ivr.messages.catalogue import Catalogue
from ivr.twilio import client
from ivr.twilio.account import INSIGHTS, Wanted, record
from tests.twilio import server
from tests.twilio import service as twilio
from tests.twilio.conftest import Run
from tests.twilio.service import Service

IVR = Path(client.__file__).parent.parent
MESSAGES = {id_ for id_ in Catalogue("nl").texts if id_.startswith("twilio-")}


def test_every_message_is_used_and_said_in_both_languages() -> None:
    """Each message stands in the code, and the code names no other."""
    code = "".join(file.read_text(encoding="utf-8") for file in IVR.rglob("*.py"))
    named = set(re.findall(r'"(twilio-[a-z0-9-]+[a-z0-9])"', code))
    fields = {"voice_region", *INSIGHTS, *record(Wanted("", "", " ", None, ()))}
    made = {f"twilio-change-{field}" for field in fields} | {"twilio-recordings", "twilio-transcriptions"}
    assert (named - {"twilio-approved"}) | made == MESSAGES  # the word for a good bundle is Twilio's own


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"TWILIO_ACCOUNT_SID": None}, "TWILIO_ACCOUNT_SID is missing"),
        ({"TWILIO_ACCOUNT_SID": twilio.KEY}, "Does it begin with SK?"),
        ({"TWILIO_REGION": None}, "Set TWILIO_REGION and TWILIO_EDGE both"),
        ({"TWILIO_EDGE": None}, "Set TWILIO_REGION and TWILIO_EDGE both"),
        ({"TWILIO_API_KEY": twilio.ACCOUNT}, "TWILIO_API_KEY and TWILIO_API_KEY_SECRET go together"),
        ({"TWILIO_API_KEY_SECRET": None}, "TWILIO_API_KEY and TWILIO_API_KEY_SECRET go together"),
        ({"TWILIO_US1_API_KEY": None}, "TWILIO_US1_API_KEY and TWILIO_US1_API_KEY_SECRET go together"),
        ({"IVR_CALLER_ID": None}, "Which number is it about?"),
        ({"IVR_PUBLIC_URL": None}, "IVR_PUBLIC_URL is not set"),
        ({"IVR_PROMPTS": "/nowhere"}, "card.yaml"),
        ({"TWILIO_API_KEY_SECRET": "wrong"}, "does not accept the login (api.dublin.ie1.twilio.com, error 20003)"),
        ({"TWILIO_API_KEY": twilio.HOME_KEY}, "Each region has its own keys and its own token"),
        ({"TWILIO_REGION": "us1", "TWILIO_EDGE": "ashburn"}, "whether it is of this region and this account"),
        ({"TWILIO_ACCOUNT_SID": "AC" + "0" * 32}, "does not accept the login"),
        ({"IVR_CALLER_ID": "+3197010299999"}, f"The number +3197010299999 is not of account {twilio.ACCOUNT}"),
    ],
)
def test_mistakes(run: Run, service: Service, settings: dict[str, str | None], said: str) -> None:
    """A setting that is missing, mixed up or of elsewhere is told with the cure, and nothing is written."""
    result = run("apply", "--yes", **settings)
    assert result.exit_code == 1
    assert said in result.output
    assert not service.written


def test_the_token_of_the_region(run: Run, service: Service) -> None:
    """Without a key the line's own token is the login, of the account itself."""
    service.logins[twilio.ACCOUNT, "0123456789abcdef0123456789abcdef"] = ("ie1", twilio.ACCOUNT)
    assert run("plan", TWILIO_API_KEY=None, TWILIO_API_KEY_SECRET=None).exit_code == 2


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (403, '{"code": 20003}', "The key may not do this"),
        (404, '{"code": 20404}', "Twilio does not find this (api.dublin.ie1.twilio.com, error 20404)"),
        (400, '{"code": 20001}', "answer 400, error 20001"),
        (302, "", "answer 302, error 0"),
        (500, "<html>", "Twilio itself fails"),
        (503, '{"code": null}', "answer 503"),
        (400, "[]", "error 0"),
        (200, "<html>Log in</html>", "What answers at api.dublin.ie1.twilio.com is not Twilio's API"),
        (200, "[]", "is not Twilio's API"),
    ],
)
def test_refusals(run: Run, service: Service, status: int, body: str, said: str) -> None:
    """Each refusal is told by its kind, whatever stands in it."""
    service.failing = {"IncomingPhoneNumbers": (status, body)}
    result = run("plan")
    assert result.exit_code == 1
    assert said in result.output


@pytest.mark.parametrize(
    ("words", "asked", "said"),
    [
        ("plan", "IncomingPhoneNumbers", "{}"),
        ("plan", "IncomingPhoneNumbers", '{"meta": 3}'),
        ("plan", "Countries", '{"meta": {"key": "content"}, "content": [{}]}'),  # the other checks go on
        ("verify", "Alerts", "{}"),
        ("forget", "Calls", "{}"),
        ("forget --yes", "Events", '{"events": 3}'),
    ],
)
def test_odd_answers(run: Run, service: Service, words: str, asked: str, said: str) -> None:
    """An answer that says that all is well, and in which a field is missing or odd, is told in words."""
    service.calls["ie1"] = [twilio.call(1)]
    service.failing = {asked: (200, said)}
    result = run(*words.split())
    assert result.exit_code in {1, 2}
    assert "is not Twilio's API" in result.output


def test_dutch(run: Run, service: Service) -> None:
    """An operator who reads Dutch reads Dutch."""
    service.failing = {"IncomingPhoneNumbers": (404, '{"code": 20404}')}
    assert "Twilio vindt dit niet" in run("plan", IVR_EDITOR_LANGUAGE="nl").output


def test_twilio_is_busy(run: Run, service: Service) -> None:
    """One that has no time now is asked again, and nobody notices."""
    service.busy = [1, None, 2]
    assert run("plan").exit_code == 2


def test_twilio_is_slow(run: Run, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that does not answer in time is given up on."""
    monkeypatch.setattr(client, "PATIENCE", 0.05)
    service.slow = 1
    assert "api.dublin.ie1.twilio.com does not answer within 0.05 s" in run("plan").output


def test_no_network(run: Run, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing answers, the ways out are told."""
    del service
    monkeypatch.setattr(client, "Courier", server.redirected(1))  # a port of this machine where nobody may listen
    result = run("plan")
    assert result.exit_code == 1
    assert "api.dublin.ie1.twilio.com cannot be reached" in result.output


def test_secrets_are_not_shown() -> None:
    """A login does not come out where somebody prints what holds it."""
    environ = {"TWILIO_ACCOUNT_SID": twilio.ACCOUNT, "TWILIO_REGION": "us1", "TWILIO_EDGE": "ashburn"}
    assert "hunter2" not in str(client.account_of(environ, "hunter2"))
    with pytest.raises(client.TwilioError, match="There is neither a key nor a token"):
        client.account_of(environ, None)
