# SPDX-License-Identifier: EUPL-1.2
"""Real calls: what a telephone hears is compared with the files, and what the other side is told is read."""

import re
import socket
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ivr.dialogue import start
from ivr.editor.load import make_line
from ivr.line import Line
from ivr.position import Kind, Position, Turn
from ivr.recording import RATE
from ivr.world import World
from tests.conftest import SETTINGS
from tests.deploy.test_flood import inside
from tests.serving import wait_for
from tests.sip.conftest import Tried
from tests.sip.rig import EXCHANGE, KILLED, SMALL, STRANGER, TRUNK, Rig, Telephone, samples

pytestmark = pytest.mark.starts

CALLED = zip("12345", ("danger", "police", "essm", "nla", "m"), strict=True)
NUMBERS = {key: Position(Kind.NUMBER, name) for key, name in CALLED}
NUMBERS |= {"1-1-2": Position(Kind.NUMBER, "danger", Turn.FIRST), "en": Position(Kind.NUMBER, "m", language="en")}
AFTER = {
    "busy": Turn.BUSY,
    "failed": Turn.FAILED,
    "leaves": Turn.COMPLETED,
    "rings": Turn.NO_ANSWER,
    "cancelled": Turn.FAILED,
    "moved": Turn.FAILED,
    "info": Turn.BUSY,
    "ended": Turn.COMPLETED,
}
CONNECT = Position(Kind.CONNECT, "essm")


@pytest.fixture(scope="session")
def after(rig: Rig, calls: dict[str, Telephone]) -> Rig:
    """All of it, once every call has ended."""
    for call in calls.values():
        call.join()
    return rig


@pytest.fixture(scope="session")
def line(rig: Rig) -> Line:
    """The line that answers."""
    return line_of(rig.cards[4573])


def line_of(folder: Path) -> Line:
    """The line of a card."""
    return make_line(replace(SETTINGS, prompts=folder))


def said(line: Line, *positions: Position) -> list[str]:
    """What is said at positions, line by line, all being open."""
    return [part.text for position in positions for part in line.parts(position, World())]


@pytest.mark.parametrize("call", NUMBERS)
def test_each_number_is_heard(calls: dict[str, Telephone], line: Line, call: str) -> None:
    """A key in the first sentences, or 1-1-2 as a telephone sends it, leads to a number, heard as it was made."""
    page = said(line, NUMBERS[call])[:3]
    heard = calls[call].heard(page)
    assert heard == page[: len(heard)] != []


def test_silence_comes_to_an_end(calls: dict[str, Telephone], rig: Rig) -> None:
    """Who never presses a key hears the menu, then all numbers, then a goodbye; then the line hangs up."""
    line = line_of(rig.cards[4574])
    everything = said(line, start(line.card))
    goodbye = said(line, Position(Kind.GOODBYE, line.card.start.id))
    heard = calls["silence"].heard(everything + goodbye)
    assert calls["silence"].over
    assert heard[: len(everything)] == everything
    assert heard[-len(goodbye) :] == goodbye


@pytest.mark.parametrize("outcome", AFTER)
def test_what_follows_a_connection(calls: dict[str, Telephone], line: Line, outcome: str) -> None:
    """Busy, failed, over, no answer, sent on, and ended with a star: the caller hears which, and the number again."""
    after = said(line, Position(Kind.NUMBER, "essm", AFTER[outcome]))[:1]
    announced = said(line, CONNECT)
    assert calls[outcome].heard(announced + after) == announced + after


def test_it_rings_as_telephones_here_do(calls: dict[str, Telephone]) -> None:
    """While the other side rings the caller hears a tone of 425 Hz."""
    calls["rings"].join()
    (dump,) = calls["rings"].folder.glob("*dec.wav")
    sound = samples(dump)
    seconds = sound[: len(sound) // RATE * RATE].reshape(-1, RATE)
    power = np.abs(np.fft.rfft(seconds)) ** 2
    tones = power[:, 420:431].sum(axis=1) / (power[:, 100:3400].sum(axis=1) + 1)
    assert np.count_nonzero(tones > 0.9) >= 3


def test_nobody_learns_who_calls(after: Rig) -> None:
    """Neither the name nor the number of a caller is in what the other side gets, or in anything that is written."""
    told = [file for kind in ("*.sip", "line-*.log", "run/*") for file in after.folder.glob(kind) if file.is_file()]
    received = "".join(file.read_text(errors="replace") for file in after.folder.glob("*.sip"))
    assert received.count("From: <sip:+12025550123@") > 6
    for file in told:
        text = file.read_text(errors="replace")
        assert "Kanarie" not in text, file
        assert "31612345678" not in text, file


def test_who_hangs_up_ends_the_connection(calls: dict[str, Telephone], rig: Rig) -> None:
    """When the caller hangs up during a connection the other side is told at once."""
    calls["answers"].join()
    wait_for(lambda: "\nBYE sip:" in (rig.folder / "answers.sip").read_text())
    moments = re.findall(r"^-+ \S+ (\d\d):(\d\d):([\d.]+)", (rig.folder / "answers.sip").read_text(), re.MULTILINE)
    seconds = [3600 * int(hour) + 60 * int(minute) + float(second) for hour, minute, second in moments]
    assert (seconds[-1] - seconds[2]) % 86400 > 2  # they talked
    assert "CANCEL sip:" in (rig.folder / "cancelled.sip").read_text()


@pytest.mark.parametrize(
    ("source", "called", "status"),
    [
        (STRANGER, "010", "403"),
        (STRANGER, "+31102365256", "403"),
        (TRUNK, "s,n(fallback)", "404"),
        (TRUNK, "ivr-connect", "404"),
        (TRUNK, "${EXTEN}&Dial(PJSIP", "404"),
    ],
)
def test_a_stranger_reaches_nothing(rig: Rig, source: str, called: str, status: str) -> None:
    """Who is not the trunk is refused, and a dialled name is not carried out."""
    invite = (
        f"INVITE sip:{called}@{EXCHANGE} SIP/2.0\r\nVia: SIP/2.0/UDP {source}:5999;branch=z9hG4bK{len(called)}\r\n"
        f"From: <sip:x@{source}>;tag=x\r\nTo: <sip:y@{EXCHANGE}>\r\nCall-ID: {source}{called}\r\nCSeq: 1 INVITE\r\n"
        f"Contact: <sip:x@{source}:5999>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
    )
    with inside(rig.namespace), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind((source, 5999))
        stranger.settimeout(20)
        stranger.sendto(invite.encode(), (EXCHANGE, 5060))
        answers = [stranger.recv(4096).decode()]
        while answers[-1].startswith("SIP/2.0 1"):
            answers.append(stranger.recv(4096).decode())
    assert answers[-1].startswith(f"SIP/2.0 {status} ")


def test_keys_may_be_tones_in_the_sound(after: Rig) -> None:
    """Who calls by a telephone that offers no events is connected by tones."""
    assert "INVITE sip:+31102365256@" in (after.folder / "inband.sip").read_text()


def test_nobody_is_transferred(after: Rig) -> None:
    """Who is called and asks us to transfer the caller (REFER) is told no, and the conversation goes on."""
    told = (after.folder / "leaves.sip").read_text()
    assert told.index("SIP/2.0 603 ") < told.index("\nBYE sip:")


def test_a_refused_login_is_tried_again(rig: Rig) -> None:
    """A provider that forbids to register is asked again, until it does."""
    wait_for(lambda: "Registered" in rig.cli("pjsip show registrations"))
    assert rig.refused > 2


def test_a_line_that_hangs_is_not_waited_for(calls: dict[str, Telephone], line: Line) -> None:
    """When our side hangs, all numbers are heard: by who calls within seconds, in a call once what was said is over."""
    fixed = [part.text for part in line.fixed][:2]
    assert calls["hung"].heard(fixed)[:2] == fixed
    assert calls["hung before"].heard(fixed)[:2] == fixed


def test_the_test_call_hears_the_number(test_call: Tried) -> None:
    """The test call of another machine hears the words that it must, and fails where they are others."""
    call, folder, told = test_call
    assert call.wait() == 0, (folder / "log").read_text()
    (dump,) = folder.glob("tmp.*/*dec.wav")
    command = [f"{folder}/ivr", "asterisk", f"--sounds={folder}/sounds", f"--heard={dump}"]
    told |= {"CALL_EXPECT": "nul één nul, twee drie zes, vijf twee, vijf vijf"}
    assert "did not hear" in subprocess.run(command, env=told, capture_output=True, text=True, check=False).stderr


def test_a_line_that_is_killed_is_asked_again(calls: dict[str, Telephone], rig: Rig, line: Line) -> None:
    """When our side dies in a call the caller hears the menu again once it is back; a call without it, all numbers."""
    short = line_of(rig.cards[KILLED])
    begin, fixed = said(short, start(short.card))[:1], [part.text for part in line.fixed][:2]
    # And not before: it was cut in its first sentence.
    name, again = ("killed", begin) if "killed" in calls else ("killed for long", fixed[:1])
    assert calls[name].heard(again)[-1:] == again
    assert calls["dead"].heard(fixed)[:2] == fixed


def test_a_card_is_spoken_once_there_is_room(calls: dict[str, Telephone], rig: Rig) -> None:
    """Where the disk is full at a publication the card of before is heard, whole; the new one as soon as it can be."""
    lines = [line_of(rig.folder / name) for name in ("short", "new")]
    old, new = (said(line, start(line.card))[:2] for line in lines)
    assert calls["full"].heard(old)[:1] == old[:1] != new[:1]
    wait_for(lambda: str(rig.folder / "new") in (rig.folder / f"line-{SMALL}.log").read_text(), 90)
    assert Telephone(rig, "050", lasts=12).heard(new)[:1] == new[:1]
