# SPDX-License-Identifier: EUPL-1.2
"""All calls at once: each takes as long as somebody speaks."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from ivr.recording import RATE
from tests.cards.made import Plan, write
from tests.conftest import with_hours
from tests.deploy.conftest import DEPLOY
from tests.deploy.test_flood import inside
from tests.serving import COMMAND, environment, wait_for
from tests.sip.rig import EXCHANGE, HUNG, KILLED, OURS, SCENARIOS, SMALL, TRUNK, Rig, Telephone

OUTCOMES = ("busy", "failed", "leaves", "rings", "cancelled", "answers", "ended", "moved", "info", "inband")
"""How a connection ends. Three by the caller: while it rings, by hanging up, and with a star. Moved: the other side
sends us on, to this line itself. The last two are busy, for who sends keys as SIP INFO and as tones in the sound."""

Tried = tuple[subprocess.Popen[bytes], Path, dict[str, str]]


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
    for port in (HUNG, KILLED):
        cards[port] = folder / "short"
        (folder / str(port)).symlink_to("4574")
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


def _speaks(call: Telephone) -> None:
    """Wait until the caller has heard a second."""
    wait_for(lambda: [file for file in call.folder.glob("*dec.wav") if file.stat().st_size > 2 * RATE])


def _hung(rig: Rig) -> dict[str, Telephone]:
    """A call in which the line hangs, and one that begins while it does."""
    before = Telephone(rig, "060", lasts=75)
    _speaks(before)
    rig.lines[HUNG].send_signal(signal.SIGSTOP)
    return {"hung before": before, "hung": Telephone(rig, "060", lasts=30)}


def _killed(rig: Rig) -> dict[str, Telephone]:
    """A call in which the line is killed and comes back, and one without it."""
    cut = Telephone(rig, "070", lasts=25)
    _speaks(cut)
    rig.lines[KILLED].kill()
    killed = time.monotonic()
    rig.answer(KILLED)
    # On a busy machine it starts later than it is asked.
    name = "killed" if time.monotonic() - killed < 4 else "killed for long"
    cut.join()
    rig.lines[KILLED].kill()
    return {name: cut, "dead": Telephone(rig, "070", lasts=20)}


@pytest.fixture(scope="session")
def test_call(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> Tried:
    """The test call of another machine, the folder that it works in, and its environment."""
    folder = tmp_path_factory.mktemp("call")
    (folder / "telephone").write_text(f"<sip:test@{EXCHANGE}>;regint=0\nsip:010@{EXCHANGE}\n")
    (folder / "ivr").write_text(f'#!/bin/sh\nexec {sys.executable} -c "{COMMAND}" "$@"\n')
    (folder / "ivr").chmod(0o755)
    shutil.copytree(rig.folder / "4573/sounds", folder / "sounds")
    told = {"IVR_PROMPTS": str(rig.cards[4573]), "IVR_CALLER_ID": OURS, "TMPDIR": str(folder)}
    told |= {"CALL_EXPECT": "nul één nul, twee drie zes, vijf twee, vijf zes"}
    told = environment(told | {"STATE_DIRECTORY": str(folder), "PATH": f"{folder}:{os.environ['PATH']}"})
    command = ["nice", "-n-15", f"{DEPLOY}/asterisk/test-call", f"{folder}/telephone"]
    with inside(rig.namespace), (folder / "log").open("wb") as log:
        call = subprocess.Popen(command, env=told, stdout=log, stderr=log)
    return call, folder, told


@pytest.fixture(scope="session")
def calls(rig: Rig, test_call: object) -> dict[str, Telephone]:  # noqa: ARG001 - it goes on beside the others
    """Every call, by what it shows."""
    for outcome in OUTCOMES:
        rig.callee(outcome)
    made = {"full": _published_on_a_full_disk(rig), "silence": Telephone(rig, "030", lasts=200)}
    for key in "12345":
        made[key] = Telephone(rig, "010", (2, key), lasts=22)
        time.sleep(0.3)
    made["1-1-2"] = Telephone(rig, "010", (3, "112"), lasts=12)
    made["en"] = Telephone(rig, "020", (2, "5"), lasts=18)
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
    made |= _hung(rig)
    made["full"].join()
    (rig.folder / f"{SMALL}/filler").unlink()
    return made | _killed(rig)
