# SPDX-License-Identifier: EUPL-1.2
"""Who has the page of the telephone open, as its server sees them."""

import os
import shlex
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from flask.testing import FlaskClient

from ivr.browser import app as browser
from ivr.commands import main as cli
from tests.conftest import SETTINGS

NOW = datetime(2026, 11, 25, 13, 0, 30, tzinfo=UTC)  # 14:00 in Rotterdam
ORIGIN = {"Origin": "http://localhost"}
Told = dict[str, Any]


def client(prompts: Path = SETTINGS.prompts, now: datetime = NOW) -> FlaskClient:
    """Who has the page open."""
    made = browser.make(replace(SETTINGS, prompts=prompts), lambda: now).test_client()
    made.environ_base["HTTP_ORIGIN"] = ORIGIN["Origin"]
    return made


def replay(command: str) -> str:
    """What is printed by a command that was copied, when somebody pastes it into a terminal that knows no settings."""
    *given, make, target, arguments = shlex.split(command)
    assert (make, target) == ("make", "call")
    environ = dict.fromkeys((name for name in os.environ if name.startswith(("IVR_", "TWILIO_"))), None)
    environ |= dict(one.split("=", 1) for one in given)
    asked = shlex.split(arguments.removeprefix("ARGS="))
    return CliRunner(env=environ).invoke(cli.main, ["call", *asked], prog_name="ivr").stdout


class Page:
    """A page in which somebody calls; nothing that is said takes time."""

    def __init__(self, somebody: FlaskClient, **asked: object) -> None:
        self.client = somebody
        self.told: list[Told] = []
        self.call: Told = self._post("/begin", {"at": "now"} | asked)
        self._coming: list[Told] = self._post("/call", self.call)

    def next(self) -> Told:
        """What happens next."""
        self.told.append(self._coming.pop(0))
        return self.told[-1]

    def until(self, kind: str, text: str = "") -> Told:
        """Listen, and stay silent, until something happens."""
        while not ((told := self.next())["kind"] == kind and text in told["status"] + told.get("text", "")):
            assert told["kind"] != "ended", self.text
            if told["kind"] == "waiting":
                self.silent()
        return told

    def does(self, **action: object) -> None:
        """Tell what the person does."""
        self._did(action)

    def silent(self) -> None:
        """Tell that a silence is over."""
        self._did(None)

    def copy(self) -> dict[str, str]:
        """The call as a command and as a transcript."""
        copied: dict[str, str] = self._post("/copy", self.call)
        return copied

    @property
    def text(self) -> str:
        """The transcript, so far."""
        return "".join(told["transcript"] for told in self.told)

    def _did(self, action: object) -> None:
        self.call["done"][str(self.told[-1]["n"])] = action
        self._coming = self._post("/call", self.call)

    def _post(self, url: str, asked: object) -> Any:  # noqa: ANN401 - as JSON is
        answer = self.client.post(url, json=asked)
        assert answer.status_code == 200
        return answer.json
