# SPDX-License-Identifier: EUPL-1.2
"""Signed requests as Twilio sends them, made before the clock starts: many calls, each somewhere else on the card."""

from __future__ import annotations

import random
from pathlib import Path
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from ivr import dialogue
from ivr.answers import Answers
from ivr.card import KEYPAD
from ivr.process import server
from ivr.web.webhooks import MOST_BYTES, MOST_FIELDS, TYPE
from tests.bench import apps


def requests(count: int, prompts: Path | None = None) -> list[bytes]:
    """So many different requests, ready to be sent: a fifth begins a call, a fifth is silence, the rest a key."""
    chance = random.Random(5)  # noqa: S311 - the same traffic for everybody, every time
    line = apps.line(prompts)
    answers = Answers(line, apps.PUBLIC_URL)
    positions = list(dialogue.positions(line.card))
    validator = RequestValidator(apps.TOKEN)
    made = []
    for _ in range(count):
        form = _form(chance)
        what = chance.randrange(5)
        ways = answers.addresses.ways(chance.choice(positions))
        target = ways.silence.removeprefix(apps.PUBLIC_URL)
        if what == 0:
            target = "/voice"
        elif what > 1:
            target = ways.keys.removeprefix(apps.PUBLIC_URL)
            form["Digits"] = chance.choice(KEYPAD)
        made.append(_raw(target, form, validator.compute_signature(apps.PUBLIC_URL + target, form)))
    return made


def dearest() -> dict[str, bytes]:
    """What a stranger can send that costs a worker most: the largest head, and the largest form to read and check."""
    most, size = server.LIMITS["limit_request_fields"], server.LIMITS["limit_request_field_size"]
    head = "".join(f"X-{count}: {'a' * (size - 10)}\r\n" for count in range(most - 5))
    field = f"{'%41' * (MOST_BYTES // 3 // (MOST_FIELDS + 1))}="
    form = "&".join([field] * MOST_FIELDS)
    start = "POST /voice HTTP/1.1\r\nHost: lijn.example\r\nX-Twilio-Signature: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n"
    kind = f"Content-Type: {TYPE}\r\nContent-Length: "
    return {
        "head": f"{start}{head}Content-Length: 0\r\n\r\n".encode(),
        "form": f"{start}{kind}{len(form)}\r\n\r\n{form}".encode(),
    }


def _form(chance: random.Random) -> dict[str, str]:
    """The fields that Twilio sends with every voice webhook, and the usual others."""
    caller = f"+120255501{chance.randrange(100):02}"
    return {
        "AccountSid": "AC" + "0" * 32,
        "ApiVersion": "2010-04-01",
        "CallSid": f"CA{chance.getrandbits(128):032x}",
        "CallStatus": "in-progress",
        "Called": "+12025550100",
        "CalledCity": "",
        "CalledCountry": "NL",
        "CalledState": "",
        "CalledZip": "",
        "Caller": caller,
        "CallerCity": "",
        "CallerCountry": "NL",
        "CallerState": "",
        "CallerZip": "",
        "Direction": "inbound",
        "From": caller,
        "FromCity": "",
        "FromCountry": "NL",
        "To": "+12025550100",
        "ToCity": "",
        "ToCountry": "NL",
    }


def _raw(target: str, form: dict[str, str], signature: str) -> bytes:
    body = urlencode(form)
    return (
        f"POST {target} HTTP/1.1\r\nHost: lijn.example\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
        f"Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nContent-Length: {len(body)}\r\n"
        f"X-Twilio-Signature: {signature}\r\nI-Twilio-Idempotency-Token: 00000000-0000-0000-0000-000000000000\r\n\r\n"
        f"{body}"
    ).encode()
