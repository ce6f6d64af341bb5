# SPDX-License-Identifier: EUPL-1.2
"""What Twilio gets that fetches a recording, of this card, of another, and of none."""

import os
import resource
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import got_request_exception
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ivr import dialogue, recording
from ivr.app import create_app
from ivr.phone import testcall
from ivr.phone.handsets import HandsetError
from ivr.phone.interpreter import call
from ivr.phone.rules import parse
from ivr.phone.transcript import Transcript
from ivr.phone.transport import signed
from tests.conftest import BY_DAY, PUBLIC_URL, SETTINGS, TOKEN, answers
from tests.in_process import wsgi
from tests.recorded import line_of, listed, ours, record


@pytest.fixture(scope="module")
def prompts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our card, recorded in Dutch. It is not changed."""
    folder = ours(tmp_path_factory.mktemp("served"))
    record(folder, "nl")
    return folder


def server(prompts: Path) -> FlaskClient:
    """A server of a card."""
    return create_app(replace(SETTINGS, prompts=prompts), lambda: BY_DAY).test_client()


def goodbye(prompts: Path) -> str:
    """The address of what a line says at the end."""
    line = line_of(prompts)
    position = next(p for p in dialogue.positions(line.card) if p.kind == "goodbye")
    (play,) = parse(answers(line).answer(position, line.world(BY_DAY))).iter("Play")
    return str(play.text).removeprefix(PUBLIC_URL)


def test_a_recording_is_for_ever(prompts: Path) -> None:
    """Its name is what is in it: whoever has it need not ask again, and is told so when they do."""
    client, address = server(prompts), goodbye(prompts)
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "audio/x-wav"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    again = client.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    head = client.head(address)
    assert (head.status_code, head.data, head.content_length) == (200, b"", len(response.data))
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("name", ["x.wav", "400.00000000-0000000000000000.wav", "..card.yaml", "%00"])
def test_what_nobody_has_is_a_second_of_silence(prompts: Path, name: str) -> None:
    """A fetch that fails would end a call. It is not kept: tomorrow another server may have it."""
    response = server(prompts).get(f"/sound/{name}")
    assert silent(response)
    heard = recording.unpack(response.data)[1]
    assert 1.0 <= sum(row.seconds for row in heard) <= 1.5
    assert not any(row.text for row in heard)


def silent(response: TestResponse) -> bool:
    """Whether it is silence that nobody keeps."""
    kept = response.headers["Cache-Control"]
    return (response.status_code, kept) == (200, "no-store") and not any(recording.unpack(response.data)[0])


def after(old: Path, new: Path, change: Callable[[Path], object]) -> Path:
    """A copy of a card, changed."""
    shutil.copytree(old, new)
    change(new)
    return new


def test_two_servers_of_which_one_is_newer(prompts: Path, tmp_path: Path) -> None:
    """As `ivr publish` leads one name to another card: what either says to play, the other has, old or new.

    A server reads the new files beside its old card, and the old ones beside the new card.
    """
    first = after(prompts, tmp_path / "first", lambda folder: record(folder, "nl", pitch=7))
    second = after(prompts, tmp_path / "second", lambda folder: record(folder, "nl", pitch=50))
    for folder in (first, second):  # each has its own files only
        kept = {recorded.file.name for recorded in line_of(folder).recordings.values()}
        for file in (folder / "nl" / "recordings").glob("*.wav"):
            if file.name not in kept:
                file.unlink()
    link, before = tmp_path / "prompts", tmp_path / "prompts.before"
    link.symlink_to(first)
    old = server(link)
    link.unlink()
    link.symlink_to(second)
    before.symlink_to(first)
    new = server(link)
    ways = goodbye(first), goodbye(second)
    assert ways[0] != ways[1]
    for way in ways:
        sounds = [one.get(way) for one in (old, new)]
        assert sounds[0].data == sounds[1].data
        assert all(sound.headers["Cache-Control"].endswith("immutable") for sound in sounds)


def test_a_server_without_a_file_plays_what_it_has_of_that_line(prompts: Path, tmp_path: Path) -> None:
    """In a cluster the other image has other files: the words are the same, the reading another, or silence."""
    other = after(prompts, tmp_path / "other", lambda folder: record(folder, "nl", pitch=50))
    wanted, here = goodbye(other), goodbye(prompts)
    client = server(prompts)
    response = client.get(wanted)
    assert response.data == client.get(here).data
    assert response.headers["Cache-Control"] == "no-store"
    bare = after(prompts, tmp_path / "bare", lambda folder: shutil.rmtree(folder / "nl" / "recordings"))
    assert silent(server(bare).get(here))


def test_files_that_nobody_accepted_yet_are_served(prompts: Path, tmp_path: Path) -> None:
    """So a release can bring the files everywhere, before the next one plays them."""
    unheard = Path(shutil.copytree(prompts, tmp_path / "unheard"))
    list_ = listed(unheard, "nl")
    list_.write_text(list_.read_text(encoding="utf-8").replace("  heard_by: 'CD'\n", ""), encoding="utf-8")
    assert not line_of(unheard).recordings
    response = server(unheard).get(goodbye(prompts))
    assert response.headers["Cache-Control"].endswith("immutable")


def test_a_file_that_is_damaged_after_the_start_is_silence(prompts: Path, tmp_path: Path) -> None:
    """What is on the disk is held against its name each time; what changes while it is sent breaks off.

    What is sent to its end is kept by whoever fetched it, so it must be whole.
    """
    copy = Path(shutil.copytree(prompts, tmp_path / "copy"))
    client, way, files = server(copy), goodbye(copy), [one.file for one in line_of(copy).recordings.values()]
    with client.get(way, buffered=False) as response:
        whole = [file.read_bytes() for file in files]
        for file in files:
            os.truncate(file, 50)
        with pytest.raises(OSError, match="has changed"):
            b"".join(response.iter_encoded())
    for file, sound in zip(files, whole, strict=True):
        file.write_bytes(sound[:-2] + b"xx")
    assert silent(client.get(way))


@pytest.mark.parametrize("way", ["unreadable", "no descriptor"])
def test_what_cannot_be_read_any_more_is_kept_by_nobody_and_told(prompts: Path, tmp_path: Path, way: str) -> None:
    """Its silence would be heard for a year, with all of its words at the end; and the test call fails."""
    copy = Path(shutil.copytree(prompts, tmp_path / "copy"))
    app = create_app(replace(SETTINGS, prompts=copy), lambda: BY_DAY)
    told: list[str] = []
    got_request_exception.connect(lambda _, exception: told.append(type(exception).__name__), app, weak=False)
    assert app.test_client().get(goodbye(copy)).headers["Cache-Control"].endswith("immutable")
    line, way_home, limits = line_of(copy), goodbye(copy), resource.getrlimit(resource.RLIMIT_NOFILE)
    calling = call(testcall.judged(signed(wsgi(app, PUBLIC_URL), TOKEN)), f"{PUBLIC_URL}/voice")
    try:
        if way == "unreadable":  # by root too
            for recorded in line.recordings.values():
                recorded.file.unlink()
                recorded.file.mkdir()
        else:
            resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
        response = app.test_client().get(way_home)
        with pytest.raises(HandsetError, match="recording is silent"):
            testcall.listen(calling, "", [], Transcript("nl"), str)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert silent(response)
    assert set(told) == {"IsADirectoryError" if way == "unreadable" else "OSError"}


def test_nobody_is_sent_more_than_an_answer_has(prompts: Path) -> None:
    """Forty names that nobody has are a second of silence, and so is the longest line forty times."""
    client = server(prompts)
    longest = max(line_of(prompts).recordings.values(), key=lambda one: one.heard.samples).name
    for name in ("00000000-0000000000000000", longest):
        response = client.get("/sound/" + f"0.{name}." * 40 + "wav")
        assert (len(response.data) < 20_000, response.headers["Cache-Control"]) == (True, "no-store")
    assert len(client.get(f"/sound/0.{longest}.0.{longest}.wav").data) > 20_000
