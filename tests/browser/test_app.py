# SPDX-License-Identifier: EUPL-1.2
"""The server of the telephone in the browser, as its page uses it."""

import json
import os
from dataclasses import replace
from datetime import datetime
from queue import Empty

import pytest
from click.testing import CliRunner

from ivr.browser import app as browser
from ivr.browser import conversation
from ivr.commands import main as cli
from ivr.phone import espeak
from ivr.phone.interpreter import MAX_DOCUMENTS
from tests.browser.visitor import NOW, Page, client
from tests.cards import CARDS
from tests.conftest import SETTINGS, needs


def test_a_person_calls_presses_three_and_hears_the_number() -> None:
    """The telephone rings, the line speaks, a key interrupts it, and the number is read; hanging up is the end."""
    page = Page(client())
    assert page.next()["kind"] == "ringing"
    page.does(over=1)
    page.until("said", "Is er nu gevaar?")
    page.does(keys="3")
    assert page.next()["status"] == "Beller drukt op 3"
    answer = page.next()
    assert answer["position"] == "number/essm"
    assert answer["twiml"].startswith("<?xml")
    assert "nul, één, nul" in answer["text"]
    page.until("said", "nul, één, nul")
    page.does(hangup=True)
    assert page.until("ended")["status"] == "De beller hangt op"
    assert page.text.startswith("Lijn    Is er nu gevaar?")
    assert "Hoe bel je bij gevaar?" not in page.text


def test_who_hangs_up_while_it_rings_hears_nothing() -> None:
    """Nobody is asked before the line answers; a key in that time is lost."""
    page = Page(client())
    page.next()
    page.does(keys="3")
    page.does(hangup=True)
    assert page.next()["kind"] == "ended"
    assert page.text.strip() == "(de beller hangt op)"


def test_silence_is_counted_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A silence lasts as long as the line waits, unless it is skipped; the page only shows it."""
    waited: list[float] = []

    class Nobody:
        def get(self, timeout: float) -> object:
            waited.append(round(timeout, 1))
            raise Empty

    monkeypatch.setattr("ivr.browser.conversation.SimpleQueue", Nobody)
    page = Page(client(), sound="none")
    page.told = [json.loads(line) for line in page.lines]
    assert page.told[-1]["kind"] == "ended"
    assert waited[0] == conversation.RINGS
    assert waited.count(10.0) == page.text.count("Beller  blijft stil (10 s)") > 1
    assert page.text.endswith("(de lijn hangt op)\n")


@pytest.mark.parametrize(
    ("action", "says"),
    [
        ({"outcome": "busy"}, "Het adviespunt is nu in gesprek."),
        ({"outcome": "no-answer"}, "neemt"),
        ({"outcome": "failed"}, "nul, één, nul"),
        ({"outcome": "completed"}, "De verbinding is gestopt."),
        ({"keys": "*"}, "De verbinding is gestopt."),
    ],
)
def test_a_connection_ends_as_the_person_says(action: dict[str, str], says: str) -> None:
    """At a connection only an outcome, a star or hanging up counts, and the copy of the call has it too."""
    page = Page(client(), position="connect/essm")
    told = page.until("dialling")
    assert told["status"] == "De lijn belt +31102365256 en toont +12025550100"
    assert told["hangup_on_star"]
    for lost in ({"keys": "3"}, {"over": told["n"]}, {"outcome": "answered"}, action):
        page.does(**lost)
    page.until("said", says)
    command = page.client.get(f"/calls/{page.id}").json
    assert command is not None
    assert command["command"].endswith(f"'39{'*' if 'keys' in action else action['outcome'][0]}'")


def test_a_copied_call_prints_what_was_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command makes the same call again: it prints the transcript, which is written as in `tests/calls`."""
    for name in [name for name in os.environ if name.startswith(("IVR_", "TWILIO_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("IVR_CALLER_ID", str(SETTINGS.caller_id))
    page = Page(client(), at="tonight")
    page.until("waiting")
    page.does(over=page.told[-1]["n"])
    assert page.next()["status"] == "Beller blijft stil (10 s)"
    page.until("waiting")
    page.does(keys="3")
    page.until("said")
    page.does(hangup=True)
    page.until("ended")
    told = page.client.get(f"/calls/{page.id}").json
    assert told is not None
    assert told["command"] == "ivr call --at 2026-11-25T23:00 --keys '_3'"
    arguments = told["command"].replace("'", "").split(" ")[1:]
    printed = CliRunner().invoke(cli.main, arguments, prog_name="ivr").stdout
    assert "Het adviespunt is dicht tot morgenochtend half negen." in printed
    title, command, empty, transcript = told["transcript"].split("\n", 3)
    assert (title[:2], command, empty, transcript) == ("# ", f"$ {told['command']}", "", printed)


@pytest.mark.parametrize(
    ("asked", "now", "at"),
    [
        ("now", NOW, "2026-11-25T14:00"),
        ("tonight", NOW, "2026-11-25T23:00"),
        ("christmas", NOW, "2026-12-25T14:00"),
        ("christmas", NOW.replace(month=12, day=25, hour=20), "2026-12-25T14:00"),
        ("christmas", NOW.replace(month=12, day=26), "2027-12-25T14:00"),
        ("2027-01-02T03:04", NOW, "2027-01-02T03:04"),
    ],
)
def test_a_call_is_made_at_any_moment(asked: str, now: datetime, at: str) -> None:
    """Now, tonight, on Christmas Day or at any minute, in the card's own time."""
    page = Page(client(now=now), at=asked)
    assert f"--at {at} " in page.client.get(f"/calls/{page.id}").json["command"]  # type: ignore[index]


def test_a_call_begins_anywhere() -> None:
    """Each position of a card has a name, and a call that begins there hears what it says there."""
    somebody = client()
    state = somebody.get("/state").json
    assert state is not None
    names = dict(state["positions"])
    assert names["number/essm/busy"] == "Het adviespunt is nu in gesprek (number/essm/busy)"
    for name in names:
        page = Page(somebody, position=name)
        assert page.until("answer")["position"] == name
        assert [told["kind"] for told in page.told] == ["ringing", "answer"]
    page = Page(somebody, position="goodbye/main")
    page.until("waiting")
    page.does(over=page.told[-1]["n"])
    page.until("ended")


def test_where_no_caller_comes_is_said() -> None:
    """What is closed is not connected, so at night nobody comes there; nor to what the card does not have."""
    for position in ("connect/essm", "number/nobody"):
        answer = client().post("/calls", json={"at": "tonight", "position": position})
        told = json.loads(answer.text)
        assert told["kind"] == "refused"
        assert told["status"].startswith("Op dat moment komt geen beller daar.")


@needs("espeak-ng", "espeak-ng")
def test_the_sound_of_a_number_is_made_from_its_words() -> None:
    """Each piece that is said names a WAV, in which espeak-ng says just that."""
    page = Page(client(), position="number/essm")
    told = page.until("said", "nul, één, nul")
    sound = page.client.get(told["sound"])
    assert sound.content_type == "audio/wav"
    assert sound.data == espeak.spoken(told["text"], "nl") != espeak.spoken("nul, twee, nul", "nl")
    assert sound.data.startswith(b"RIFF")


def test_without_espeak_another_voice_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page offers what there is; the text alone always."""
    assert "espeak-ng op deze computer" in client().get("/").text or not espeak.available()
    monkeypatch.setenv("PATH", "")
    page = client().get("/").text
    assert "espeak-ng op deze computer" not in page
    assert "Geen: alleen de tekst" in page


def test_the_page_says_that_it_is_a_demonstration() -> None:
    """It says so, and whether anything is connected."""
    assert "Een demonstratie op deze computer" in client().get("/").text
    assert "IVR_CALLER_ID" not in client().get("/").text
    without = browser.make(replace(SETTINGS, caller_id=None), lambda: NOW).test_client().get("/").text
    assert "IVR_CALLER_ID" in without


def test_two_hundred_keys_are_the_end() -> None:
    """A call that goes round in circles ends, and says so."""
    page = Page(client())
    for _ in range(MAX_DOCUMENTS):
        page.until("said")
        page.does(keys="#")
    assert "the call has no end" in page.until("failed")["status"]
    assert page.next()["kind"] == "ended"


def test_a_line_that_fails_is_heard_as_twilio_plays_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Twilio says when nothing answers cannot be interrupted by a key."""
    page = Page(client())
    monkeypatch.setattr("ivr.line.Line.start", lambda *_: b"<Response><Pause/><Wave/></Response>")
    page.next()
    page.does(over=1)
    page.until("failed")
    page.does(over=0)
    told = page.until("said", "An application error has occurred.")
    assert not told["interruptible"]
    page.does(keys="3")
    page.does(over=told["n"])
    assert page.until("ended")["status"] == "Het gesprek is weggevallen"


def test_a_pause_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A silence in the answer is a moment of its own."""
    page = Page(client())
    monkeypatch.setattr("ivr.line.Line.start", lambda *_: b"<Response><Pause length='1'/><Hangup/></Response>")
    assert page.until("paused")["interruptible"] is False


def test_another_card_needs_no_change() -> None:
    """The second card has a telephone too."""
    Page(client(CARDS["second"]), position="number/opvang", at="christmas").until("waiting")
