# SPDX-License-Identifier: EUPL-1.2
"""The state behind the API: two regions, each with its own logins and its own record of a number.

Every account, number and secret in it is made up.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

ACCOUNT, PARENT = "AC" + "1" * 32, "AC" + "2" * 32
KEY, HOME_KEY, PARENT_KEY = "SK" + "3" * 32, "SK" + "4" * 32, "SK" + "5" * 32
SECRET = "made-up-secret-of-a-key"
NUMBER, NUMBER_SID, BUNDLE, ADDRESS = "+3197010200001", "PN" + "6" * 32, "BU" + "7" * 32, "AD" + "8" * 32
NOW = datetime.now(UTC).replace(microsecond=0)

Json = dict[str, Any]

ANSWERS: dict[str, Json] = json.loads(Path(__file__).with_name("answers.json").read_text(encoding="utf-8"))
"""What the API answers with, as new."""


def record(**fields: Any) -> Json:  # noqa: ANN401 - JSON
    """A number's record that is as new."""
    return ANSWERS["record"] | fields


def call(name: int, status: str = "completed", ago: timedelta = timedelta(hours=2), **fields: Any) -> Json:  # noqa: ANN401
    """A call to the line that ended so long ago; one that failed has no end."""
    ended = format_datetime(datetime.now(UTC) - ago)  # not since the tests were collected: that may be long ago
    own = {"sid": f"CA{name:032x}", "date_updated": ended, "end_time": ended if status == "completed" else None}
    return ANSWERS["call"] | own | {"status": status} | fields


def event(digit: str) -> Json:
    """What Twilio keeps of one request of a call: the key too."""
    request = ANSWERS["event"]["request"] | {"parameters": {"digits": digit}}
    return ANSWERS["event"] | {"request": request}


def country(iso: str, code: str, *may: str) -> Json:
    """What may be called in a country: "low_risk_numbers" and others."""
    enabled = {f"{kind}_enabled": True for kind in may}
    return ANSWERS["country"] | {"iso_code": iso, "country_codes": [code]} | enabled


def alert(name: int, code: str, text: str = "", level: str = "error", ago: timedelta = timedelta(hours=1)) -> Json:
    """An error that Twilio wrote down."""
    moment = (NOW - ago).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "sid": f"NO{name:032x}",
        "account_sid": ACCOUNT,
        "alert_text": text,
        "date_created": moment,
        "date_generated": moment,
        "error_code": code,
        "log_level": level,
    }


@dataclass
class Service:
    """The state behind the API; a test changes what it is about.

    `busy`: for so many requests to come, the seconds of Retry-After (None: no such header) of a 429. `failing`: the
    answers, (status, body), to requests whose "METHOD host/path" a pattern finds. `slow`: seconds that an answer waits.
    `ignored`: parameters that a number's record does not take over.
    """

    logins: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    records: dict[str, list[Json]] = field(default_factory=dict)
    routes: dict[str, str] = field(default_factory=dict)
    account: Json = field(default_factory=dict)
    balance: str | None = "45.10"
    insights: Json = field(default_factory=dict)
    countries: list[Json] = field(default_factory=list)
    bundle: Json = field(default_factory=dict)
    address: Json = field(default_factory=dict)
    calls: dict[str, list[Json]] = field(default_factory=dict)
    events: dict[str, list[Json]] = field(default_factory=dict)
    events_stay: bool = False
    recordings: list[Json] = field(default_factory=list)
    transcriptions: list[Json] = field(default_factory=list)
    caller_ids: list[Json] = field(default_factory=list)
    alerts: dict[str, list[Json]] = field(default_factory=dict)
    page: int = 1000
    busy: list[int | None] = field(default_factory=list)
    failing: dict[str, tuple[int, str]] = field(default_factory=dict)
    slow: float = 0
    ignored: set[str] = field(default_factory=set)
    before: Callable[[str], None] = lambda _: None
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    @property
    def written(self) -> list[tuple[str, str, dict[str, str]]]:
        """What was asked that changes something."""
        return [one for one in self.seen if one[0] != "GET"]


def fresh() -> Service:
    """A subaccount that was just made, with a number whose calls still go to US1."""
    return Service(
        logins={
            (KEY, SECRET): ("ie1", ACCOUNT),
            (HOME_KEY, SECRET): ("us1", ACCOUNT),
            (PARENT_KEY, SECRET): ("us1", PARENT),
        },
        records={"us1": [record()], "ie1": [record()]},
        account=dict(ANSWERS["account"]),
        insights=dict(ANSWERS["insights"]),
        countries=[
            country("NL", "+31", "low_risk_numbers"),
            country("US", "+1"),
            country("CA", "+1"),
            country("AG", "+1268"),
        ],
        bundle=dict(ANSWERS["bundle"]),
        address=dict(ANSWERS["address"]),
        calls={"ie1": [], "us1": []},
        alerts={"ie1": [], "us1": []},
    )
