# SPDX-License-Identifier: EUPL-1.2
"""An operator at a terminal, with an account that was just made."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.commands import main as cli
from ivr.twilio import client
from tests.conftest import PUBLIC_URL, TOKEN
from tests.twilio import server
from tests.twilio import service as twilio
from tests.twilio.service import Service

FALLBACK = "https://elders.example/fallback.xml"
ENVIRON = {
    "TWILIO_ACCOUNT_SID": twilio.ACCOUNT,
    "TWILIO_API_KEY": twilio.KEY,
    "TWILIO_API_KEY_SECRET": twilio.SECRET,
    "TWILIO_US1_API_KEY": twilio.HOME_KEY,
    "TWILIO_US1_API_KEY_SECRET": twilio.SECRET,
    "TWILIO_REGION": "ie1",
    "TWILIO_EDGE": "dublin",
    "TWILIO_AUTH_TOKEN": TOKEN,
    "IVR_PUBLIC_URL": PUBLIC_URL,
    "IVR_FALLBACK_URL": FALLBACK,
    "IVR_CALLER_ID": twilio.NUMBER,
    "IVR_EDITOR_LANGUAGE": "en",
}

Run = Callable[..., Result]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Twilio, to which the real client is pointed; where it asks to wait, nobody does."""
    made = twilio.fresh()
    monkeypatch.setattr(client, "sleep", lambda _: None)
    with server.running(made) as port:
        monkeypatch.setattr(client, "Courier", server.redirected(port))
        yield made


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Gives `ivr twilio` with these words; keywords are settings, None leaves one out."""
    monkeypatch.chdir(tmp_path)

    def given(*words: str, typed: str = "", **settings: str | None) -> Result:
        for name, value in (ENVIRON | settings).items():
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)
        result = CliRunner().invoke(cli.main, ["twilio", *words], input=typed)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert twilio.SECRET not in result.output
        assert TOKEN not in result.output
        return result

    return given
