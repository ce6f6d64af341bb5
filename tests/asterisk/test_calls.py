# SPDX-License-Identifier: EUPL-1.2
"""Calls over FastAGI, as a caller makes them; `test_same.py` holds that all of it is as on Twilio."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from ivr.asterisk import server as module
from ivr.asterisk.server import Server
from ivr.asterisk.sounds import Sounds
from ivr.phone.events import Dialling, Ended, HangUp, Waiting
from ivr.phone.handsets import press_keys
from ivr.phone.transcript import Transcript
from ivr.position import Kind, Position
from tests.asterisk.conftest import copied, no_other
from tests.asterisk.fake import AgiCaller, answering, call
from tests.conftest import BY_DAY, BY_NIGHT, LINE, LINES, says
from tests.serving import wait_for


@pytest.mark.parametrize(("path", "said"), [("en", "five"), ("pl", "vijf"), ("../en", "vijf")])
def test_the_address_names_a_language(day: int, path: str, said: str) -> None:
    """Behind the address may stand a language of the card; anything else is its first."""
    AgiCaller(day, path).hears(said)


def test_a_caller_may_hang_up_anywhere(day: int) -> None:
    """In a sentence, in a wait and in a connection: the call ends there, and the next one is answered."""
    for keys, kind in (("", None), ("", Waiting), ("39", Dialling)):
        caller = AgiCaller(day)
        for key in keys:
            caller.press(key)
        if kind:
            assert isinstance(caller.heard[-1], kind)
        assert caller.hang_up().transcript[-2:] == [HangUp(), Ended("caller")]
    AgiCaller(day).hears("één, één, twee")


def test_hours_may_close_during_a_call(sounds: Sounds, tmp_path: Path) -> None:
    """Who hears that a number is open and presses 9 after it closed is not connected, and hears when it opens."""
    moment = [BY_DAY]
    with answering(Server(LINE, tmp_path, no_other, sounds, lambda: moment[0]), tmp_path) as port:
        caller = AgiCaller(port).press("3").hears("nul, één, nul")
        moment[0] = BY_NIGHT
        caller.press("9").hears(says("numbers.essm.closed", opens="morgenochtend half negen"))


def test_a_number_that_the_dial_plan_lacks_is_read_out(day: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Where a card connects with a number that stands in no dial plan, the caller hears that it failed."""
    told: list[str] = []
    press_keys(call(day, numbers=frozenset()), "39", Transcript("nl"), told.append)
    assert says("numbers.essm.failed") in "".join(told)
    assert "lacks=+31102365256" in capsys.readouterr().out


def test_where_a_sound_is_gone_all_numbers_are_heard(
    sounds: Sounds, speech: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that cannot be played or made ends no call: all numbers are heard in its place, and keys count."""
    monkeypatch.setattr(module, "EVERY", 600)  # so long it makes nothing again
    mine = copied(sounds, tmp_path / "sounds", speech)
    server = Server(LINE, tmp_path, no_other, mine, lambda: BY_DAY)
    with answering(server, tmp_path) as port:
        caller = AgiCaller(port)
        police = Position(Kind.NUMBER, "police")
        mine.answer(LINE.parts(police, LINE.world(BY_DAY))).unlink()
        shutil.rmtree(tmp_path / "sounds/lines")
        caller.silence()
        caller.press("2").hears(says("line.list")).press("#").hears(
            f"{says('menus.main.choices.trafficking.short')} zes"
        )
        mine.fallback.unlink()
        assert caller.press("2").transcript[-1] == Ended("error")  # the dial plan asks again, and says all of it itself
    told = capsys.readouterr().out
    assert "FileNotFoundError" in told
    assert "cannot_be_played=fallback.wav" in told


def test_whatever_goes_wrong_asterisk_goes_on(
    sounds: Sounds, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An error of our own ends no call: the dial plan asks again. What the error says is not written down."""

    def fails() -> datetime:
        raise LookupError("kanarie")

    with answering(Server(LINE, tmp_path, no_other, sounds, fails), tmp_path) as port:
        assert AgiCaller(port).transcript == [Ended("error")]
    told = capsys.readouterr().out
    assert "LookupError" in told
    assert "kanarie" not in told


@pytest.mark.starts
def test_another_card_is_taken_over_beside_the_calls(
    sounds: Sounds, speech: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call goes on with the card that it began with; the next one gets the new card, as soon as that can be used.

    Systemd hears every moment what the service answers with; what is removed from the disk is made again.
    """
    monkeypatch.setattr(module, "EVERY", 0.01)
    monkeypatch.setattr(module, "AGAIN", 0.5)
    usable = {"ours": LINE, "second": LINES["second"]}
    mine = copied(sounds, tmp_path / "sounds", speech)
    link = tmp_path / "prompts"
    link.symlink_to(tmp_path / "ours")
    told: list[str] = []
    monkeypatch.setattr(module, "sd_notify", lambda state, _: told.append(state))

    def hears(status: str) -> None:
        told.clear()
        wait_for(lambda: told and told[-1] == f"READY=1\nWATCHDOG=1\nSTATUS=answering {tmp_path}/{status}")

    def publish(name: str, status: str) -> None:
        (tmp_path / "new").symlink_to(tmp_path / name)
        (tmp_path / "new").replace(link)
        hears(status)

    server = Server(LINE, tmp_path / "ours", lambda folder: usable[folder.name], mine, lambda: BY_DAY)
    with answering(server, link) as port:
        hears("ours")
        before = AgiCaller(port).press("3")
        publish("second", "second")
        AgiCaller(port).hears("dieren")
        before.hears("nul, één, nul").press("#").hears(f"{says('menus.main.choices.trafficking.short')} zes")
        publish("broken", f"second; could not take over {tmp_path}/broken")
        AgiCaller(port).hears("dieren")
        publish("second", "second")
        publish("broken", f"second; could not take over {tmp_path}/broken")
        usable["broken"] = LINE  # a disk that was full, a voice that did not answer: that passes
        hears("broken")
        AgiCaller(port).hears("één, één, twee").press("#").hears(f"{says('menus.main.choices.trafficking.short')} zes")
        mine.folder.rename(tmp_path / "gone")
        wait_for(lambda: mine.there)
