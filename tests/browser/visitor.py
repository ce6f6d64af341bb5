# SPDX-License-Identifier: EUPL-1.2
"""Who has the page of the telephone open, as its server sees them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from ivr.browser import app as browser
from tests.conftest import SETTINGS

NOW = datetime(2026, 11, 25, 13, 0, 30, tzinfo=UTC)  # 14:00 in Rotterdam
ORIGIN = {"Origin": "http://localhost"}
Told = dict[str, Any]


def client(prompts: Path = SETTINGS.prompts, now: datetime = NOW) -> FlaskClient:
    """Who has the page open."""
    made = browser.make(replace(SETTINGS, prompts=prompts), lambda: now).test_client()
    made.environ_base["HTTP_ORIGIN"] = ORIGIN["Origin"]
    return made


class Page:
    """A page in which somebody calls; nothing that is said takes time."""

    def __init__(self, somebody: FlaskClient, **asked: object) -> None:
        self.client = somebody
        self.told: list[Told] = []
        response = somebody.post("/calls", json={"at": "now", "sound": "espeak"} | asked, buffered=False)
        assert response.status_code == 200
        self.lines: Iterator[bytes] = response.iter_encoded()
        self.id = json.loads(next(self.lines))["id"]

    def next(self) -> Told:
        """What happens next."""
        self.told.append(json.loads(next(self.lines)))
        return self.told[-1]

    def until(self, kind: str, text: str = "") -> Told:
        """Listen until something happens; whatever comes before is over at once."""
        while not ((told := self.next())["kind"] == kind and text in told["status"] + told.get("text", "")):
            assert told["kind"] != "ended", self.text
            self.does(over=told["n"])
            self.does(over=told["n"])  # the silence after what is said too
        return told

    def does(self, **action: object) -> None:
        """Tell what the person does."""
        assert self.client.post(f"/calls/{self.id}", json=action).status_code == 200

    @property
    def text(self) -> str:
        """The transcript, so far."""
        return "".join(told["transcript"] for told in self.told)
