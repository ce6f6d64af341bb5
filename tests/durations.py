# SPDX-License-Identifier: EUPL-1.2
"""How long a caller waits: `make durations` prints the table, and the tests hold it.

Measured with espeak-ng, a yardstick that anyone can repeat and not Twilio's voice.
"""

import sys
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import NamedTuple

from ivr.phone import espeak
from ivr.phone.events import Lasts, elapsed
from ivr.phone.handsets import OUTCOME_KEYS, SILENCE
from ivr.proof.durations import BOUNDS, OFFER
from tests.caller import Caller
from tests.conftest import BY_DAY, BY_NIGHT, SETTINGS, fetch_at

NUMBERS = {
    "1": "één, één, twee",
    "2": "vier, vier",
    "3": "vijf, zes",
    "4": "vijf, één vijf, één",
    "5": "zeven, nul nul, nul",
}
"""By key: how the number ends."""

ANNOUNCED = 9
"""Seconds that the announcement of a connection may take."""

QUIET_AFTER = ["", *"012345", "6", "66", "666", "6666", "66666", "777", "3*", "0_1", "39b", "39c", "3_", "4__"]
"""Keys after which somebody presses nothing more."""


class Wait(NamedTuple):
    """Something a caller waits for: how long it takes, and how long it may, in seconds."""

    what: str
    seconds: float
    most: float


def waits(speak: Lasts) -> Iterator[Wait]:
    """Every wait that is bound, on our own card; `speak` gives the seconds of an utterance."""
    said = partial(elapsed, speech=speak)
    (danger, danger_english), (menu, menu_english), *others = BOUNDS.values()
    number, later, all_numbers, end = (bound for bound, _ in others)
    yield Wait("answer, until 'bel één, één, twee'", said(after("").heard, until="één, één, twee"), danger)
    yield Wait("one pass of the main menu, with the offer of English", said(after("").heard), menu + OFFER)
    yield Wait("in English, until 'call one, one, two'", said(after("8").heard, until="one, one, two"), danger_english)
    yield Wait("one pass of the main menu in English", said(after("8").heard), menu_english + OFFER)
    for key, last in NUMBERS.items():
        yield Wait(f"key {key}, until the number was read", said(after(key).heard, until=last), number)
    closed = after("3", BY_NIGHT).heard
    yield Wait("key 3 when closed, until the number was read", said(closed, until=NUMBERS["3"]), later)
    yield Wait("key 9, until the telephone of the other side rings", said(after("39").heard), ANNOUNCED)
    for outcome in "bnfc":
        heard = after(f"39{outcome}").heard
        yield Wait(
            f"connection {OUTCOME_KEYS[outcome]}, until the number was read",
            said(heard, until=NUMBERS["3"]),
            later,
        )
    for at, when in ((BY_DAY, "day"), (BY_NIGHT, "night")):
        heard = quiet(after("", at)).transcript
        yield Wait(
            f"no key at all, until all numbers were read, by {when}",
            said(heard, until=NUMBERS["5"]),
            all_numbers + OFFER,
        )
    for keys in QUIET_AFTER:
        call = after(keys)
        before = len(call.transcript)
        rest = [*call.heard, *quiet(call).transcript[before:]]
        yield Wait(f"{keys or 'no key'}, then silence, until the call is over", said(rest), end)


def after(keys: str, at: datetime = BY_DAY) -> Caller:
    """Somebody who pressed these keys, written as for `ivr call --keys`."""
    call = Caller(fetch_at(at), f"{SETTINGS.public_url}/voice")
    for key in keys:
        if key in OUTCOME_KEYS:
            call.transfer(OUTCOME_KEYS[key])
        elif key == SILENCE:
            call.silence()
        else:
            call.press(key)
    return call


def quiet(call: Caller) -> Caller:
    """The same call, when nothing more is pressed."""
    while not call.over:
        call.silence()
    return call


def main() -> None:
    """Print the table."""
    if not espeak.available():
        sys.exit("espeak-ng is not installed. On Debian: apt-get install espeak-ng")
    print(f"{'':60}{'s':>7}{'at most':>9}")
    for wait in waits(espeak.measured):
        print(f"{wait.what:60}{wait.seconds:7.1f}{wait.most:9.0f}")


if __name__ == "__main__":
    main()
