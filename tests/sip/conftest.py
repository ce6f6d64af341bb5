# SPDX-License-Identifier: EUPL-1.2
"""All calls at once: each takes as long as somebody speaks."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from ivr.recording import RATE
from tests.cards.made import Plan, write
from tests.conftest import with_hours
from tests.serving import wait_for
from tests.sip.rig import EXCHANGE, SCENARIOS, SMALL, TRUNK, Rig, Telephone

OUTCOMES = ("busy", "failed", "leaves", "rings", "cancelled", "answers", "ended", "moved", "info", "inband")
"""How a connection ends. Three by the caller: while it rings, by hanging up, and with a star. Moved: the other side
sends us on, to this line itself. The last two are busy, for who sends keys as SIP INFO and as tones in the sound."""


@pytest.fixture(scope="session")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Asterisk and the lines."""
    root, namespace = os.environ.get("SIP_ROOT"), os.environ.get("SIP_NAMESPACE")
    if not root or not namespace:
        pytest.skip("it takes an Asterisk: make test-sip")
    folder = tmp_path_factory.mktemp("sip")
    (folder / "short").mkdir()
    (folder / "ours").mkdir()
    write(Plan((("24/7", True),), 0, 0, 0), folder / "short")
    (folder / "full").symlink_to(folder / "short")
    cards = {4573: with_hours(folder / "ours", "24/7").prompts, 4574: folder / "short", SMALL: folder / "full"}
    with Rig(Path(root), namespace, folder, cards, OUTCOMES) as started:
        yield started


def _published_on_a_full_disk(rig: Rig) -> Telephone:
    """A call after another card was published for which there is no room."""
    with (rig.folder / f"{SMALL}/filler").open("wb", buffering=0) as filler, suppress(OSError):
        while True:
            filler.write(bytes(4096))
    new = rig.folder / "new"
    shutil.copytree(rig.folder / "short", new)
    text = (new / "nl/line.yaml").read_text()
    (new / "nl/line.yaml").write_text(text.replace("danger: ", "danger: Nieuw. ", 1))
    (rig.folder / "link").symlink_to(new)
    (rig.folder / "link").replace(rig.cards[SMALL])
    wait_for(lambda: '"event": "card"' in (rig.folder / f"line-{SMALL}.log").read_text())
    return Telephone(rig, "050", lasts=12)


def tones(rig: Rig) -> None:
    """A call by a telephone that offers no events: 3 and 9 are tones in its sound, as mu-law."""
    sound = np.zeros(12 * RATE)
    for second, low in ((3, 697), (6, 852)):
        at = np.arange(RATE // 4) / RATE
        tone = np.sin(2 * np.pi * low * at) + np.sin(2 * np.pi * 1477 * at)
        sound[second * RATE :][: len(at)] = tone / 4
    steps = (127 * np.log1p(255 * abs(sound)) / np.log(256)).astype(np.uint8)
    (rig.folder / "tones").write_bytes((~(steps | np.where(sound < 0, 128, 0).astype(np.uint8))).tobytes())
    text = (SCENARIOS / "tones.xml").read_text().replace("TONES", f"{rig.folder}/tones")
    (rig.folder / "tones.xml").write_text(text)
    number = f"04{OUTCOMES.index('inband')}"
    command = f"sipp {EXCHANGE} -i {TRUNK} -p 5098 -mp 26000 -s {number} -sf {rig.folder}/tones.xml -m 1 -nostdin"
    rig.start(*command.split())


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
    made["full"] = _published_on_a_full_disk(rig)
    made["silence"] = Telephone(rig, "030", lasts=200)
    tones(rig)
    for outcome in OUTCOMES[:-1]:
        time.sleep(0.3)
        ends = {"cancelled": [(11.0, "*")], "ended": [(15.0, "*")]}.get(outcome, [])
        lasts = {"rings": 50, "answers": 15}.get(outcome, 12 if ends else 24)
        made[outcome] = Telephone(
            rig,
            f"04{OUTCOMES.index(outcome)}",
            (2, "3"),
            (2, "9"),
            *ends,
            lasts=lasts,
            sends="info" if outcome == "info" else "rtpevent",
        )
    return made
