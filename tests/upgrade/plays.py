# SPDX-License-Identifier: EUPL-1.2
"""Two servers that have different recordings: what one says to play, the other is asked for, and a 404 ends a call."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import NamedTuple

from flask.testing import FlaskClient

from ivr import recording
from ivr.answers import Answers
from ivr.app import create_app
from ivr.dialogue import positions
from ivr.line import Line
from ivr.phone.rules import parse
from ivr.proof.graph import worlds
from tests.cards import edit
from tests.conftest import PUBLIC_URL, SETTINGS
from tests.recorded import line_of, ours, record


class Played(NamedTuple):
    """What one server says to play, and what the other gives: all of its words or not, and what is wrong with that."""

    address: str
    whole: bool
    wrong: str


class Server(NamedTuple):
    """A line, and what answers for it."""

    line: Line
    client: FlaskClient


def server(prompts: Path) -> Server:
    """A server of the card in a folder."""
    line = line_of(prompts)
    return Server(line, create_app(replace(SETTINGS, prompts=prompts), line=line).test_client())


def recorded_ways(folder: Path) -> Iterator[tuple[str, Server, Server]]:
    """Pairs of our own card, each way round: read, not read, and read anew after a sentence changed."""
    bare = ours(folder)
    read = Path(shutil.copytree(bare, folder / "read"))
    record(read, "nl", "en")
    anew = Path(shutil.copytree(bare, folder / "anew"))
    edit(anew, "nl/line.yaml", "list: Je hoort nu", "list: Je hoort")
    record(anew, "nl", pitch=50)
    named = {"read": server(read), "not read": server(bare), "read anew in Dutch": server(anew)}
    for one, other in permutations(named, 2):
        yield f"{one}, then {other}", named[one], named[other]


def plays(one: Server, other: Server) -> Iterator[Played]:
    """Each Play of each answer of one server, at any moment, asked of the other."""
    line = one.line
    known = {name.partition("-")[0] for name in other.line.recordings}
    made = Answers(line, PUBLIC_URL)
    answers = (made.answer(at, world) for at in positions(line.card) for world in worlds(line.card, at))
    for address in dict.fromkeys(str(play.text) for answer in answers for play in parse(answer).iter("Play")):
        names = [name for _, name in recording.pieces(address.rpartition("/")[2])]
        wanted = [line.recordings[name].heard.text for name in names]
        expected = [text if name[:8] in known else "" for name, text in zip(names, wanted, strict=True)]
        if not any(expected):
            expected = [""]  # of what is not known at all, one second of silence, once
        response = other.client.get(address.removeprefix(PUBLIC_URL))
        if response.status_code != 200:
            yield Played(address, whole=False, wrong=f"status {response.status_code}")
            continue
        _, heard = recording.unpack(response.data)
        said = [track.text for track in heard[1::2]]  # each after its silence
        yield Played(address, said == wanted, "" if said == expected else "says other words")
