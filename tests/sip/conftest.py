# SPDX-License-Identifier: EUPL-1.2
"""All calls at once: each takes as long as somebody speaks."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cards.made import Plan, write
from tests.conftest import with_hours
from tests.sip.rig import Rig, Telephone, available

OUTCOMES = ("busy", "failed", "leaves", "rings", "cancelled", "answers", "ended")
"""How a connection ends. The last three by the caller: while it rings, by hanging up, and with a star."""


@pytest.fixture(scope="session")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Asterisk and the lines."""
    if not (found := available()):
        pytest.skip("it takes an Asterisk: make test-sip")
    folder = tmp_path_factory.mktemp("sip")
    (folder / "short").mkdir()
    (folder / "ours").mkdir()
    write(Plan((("24/7", True),), 0, 0, 0), folder / "short")
    cards = {4573: with_hours(folder / "ours", "24/7").prompts, 4574: folder / "short"}
    with Rig(*found, folder, cards, OUTCOMES) as started:
        yield started


@pytest.fixture(scope="session")
def calls(rig: Rig) -> dict[str, Telephone]:
    """Every call, by what it shows."""
    for outcome in OUTCOMES:
        rig.callee(outcome)
    made = {}
    for key in "12345":
        made[key] = Telephone(rig, "010", (2, key), lasts=22)
        time.sleep(0.3)
    made["1-1-2"] = Telephone(rig, "010", (3, "112"), lasts=12)
    made["en"] = Telephone(rig, "020", (2, "5"), lasts=18)
    made["silence"] = Telephone(rig, "030", lasts=200)
    for outcome in OUTCOMES:
        time.sleep(0.3)
        ends = {"cancelled": [(11.0, "*")], "ended": [(15.0, "*")]}.get(outcome, [])
        lasts = {"rings": 50, "answers": 15}.get(outcome, 12 if ends else 24)
        made[outcome] = Telephone(rig, f"04{OUTCOMES.index(outcome)}", (2, "3"), (2, "9"), *ends, lasts=lasts)
    return made


@pytest.fixture(scope="session")
def short(rig: Rig) -> Path:
    """The folder of the short card."""
    return rig.cards[4574]
