# SPDX-License-Identifier: EUPL-1.2
"""The server of the telephone in the browser, as its page uses it."""

import re
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from ivr.browser import app as browser
from ivr.browser import conversation
from ivr.phone import espeak
from ivr.phone.interpreter import MAX_DOCUMENTS
from tests.browser.visitor import NOW, Page, client, replay
from tests.cards import CARDS
from tests.conftest import SETTINGS, says


def test_a_person_calls_presses_three_and_hears_the_number() -> None:
    """The telephone rings, the line speaks, a key interrupts it, and the number is read; hanging up is the end."""
    page = Page(client())
    assert page.next()["kind"] == "ringing"
    page.until("said", says("line.danger"))
    page.does(keys="3")
    assert page.next()["status"] == "Beller drukt op 3"
    answer = page.next()
    assert answer["position"] == "number/essm"
    assert answer["twiml"].startswith("<?xml")
    assert "nul, één, nul" in answer["text"]
    page.until("said", "nul, één, nul")
    page.does(hangup=True)
    assert page.until("ended")["status"] == "De beller hangt op"
    assert page.text.startswith(f"Lijn    {says('line.danger')}")
    assert "Hoe bel je bij gevaar?" not in page.text


def test_who_hangs_up_while_it_rings_hears_nothing() -> None:
    """Nobody is asked before the line answers; a key in that time is lost."""
    page = Page(client())
    page.next()
    page.does(keys="3")
    page.until("said", says("line.danger"))
    page = Page(client())
    page.next()
    page.does(hangup=True)
    assert page.next()["kind"] == "ended"
    assert page.told[-1]["transcript"].strip() == "(de beller hangt op)"


def test_each_moment_tells_how_long_it_lasts() -> None:
    """It rings for two seconds, what is said takes the time to read it, a silence as long as the line waits."""
    page = Page(client())
    page.until("ended")
    assert page.told[0]["seconds"] == conversation.RINGS
    said = next(told for told in page.told if told["kind"] == "said" and told["text"])
    assert said["seconds"] == len(said["text"]) / 18
    waits = [told["seconds"] for told in page.told if told["kind"] == "waiting"]
    assert waits.count(10) == page.text.count("Beller  blijft stil (10 s)") > 1
    assert page.text.endswith("(de lijn hangt op)\n")


@pytest.mark.parametrize(
    ("action", "says"),
    [
        ({"outcome": "busy"}, says("numbers.essm.busy")),
        ({"outcome": "no-answer"}, says("numbers.essm.no_answer")),
        ({"outcome": "failed"}, "nul, één, nul"),
        ({"outcome": "completed"}, says("numbers.essm.completed")),
        ({"keys": "*"}, says("numbers.essm.completed")),
    ],
)
def test_a_connection_ends_as_the_person_says(action: dict[str, str], says: str) -> None:
    """At a connection only an outcome, a star or hanging up counts, and the copy of the call has it too."""
    page = Page(client(), position="connect/essm")
    told = page.until("dialling")
    assert told["status"] == "De lijn belt +31102365256 en toont +12025550100"
    assert told["hangup_on_star"]
    for lost in ({"keys": "3"}, {"outcome": "answered"}):
        page.does(**lost)
        assert page.client.post("/call", json=page.call).json == []
    page.does(**action)
    page.until("said", says)
    assert page.copy()["command"].endswith(f"'39{'*' if 'keys' in action else action['outcome'][0]}'\"")


def test_a_copied_call_prints_what_was_copied() -> None:
    """The command makes the same call again: it prints the transcript, which is written as in `tests/calls`."""
    page = Page(client(), at="tonight")
    page.until("waiting")
    page.silent()
    assert page.next()["status"] == "Beller blijft stil (10 s)"
    page.until("waiting")
    page.does(keys="3")
    page.until("said")
    page.does(hangup=True)
    page.until("ended")
    told = page.copy()
    asked = "IVR_CALLER_ID=+12025550100 make call ARGS=\"--at 2026-11-25T23:00 --keys '_3'\""
    assert told["command"] == asked
    printed = replay(asked)
    assert says("numbers.essm.closed", opens="morgenochtend half negen") in printed
    title, command, empty, transcript = told["transcript"].split("\n", 3)
    assert (title[:2], command, empty, transcript) == ("# ", f"$ {told['command']}", "", printed)


def test_a_copied_call_is_given_what_was_set(tmp_path: Path) -> None:
    """Another card, no number to show and another language for the transcript are in the command."""
    prompts = tmp_path / "een kaart"
    shutil.copytree(CARDS["second"], prompts)
    chosen = replace(SETTINGS, prompts=prompts, caller_id=None, language="nl-NL", editor_language="en")
    made = browser.make(chosen, lambda: NOW).test_client()
    made.environ_base["HTTP_ORIGIN"] = "http://localhost"
    page = Page(made, at="christmas")
    page.until("said")
    page.does(keys="1")
    told = page.copy()
    given = f"IVR_PROMPTS='{prompts}' IVR_LANGUAGE=nl-NL IVR_EDITOR_LANGUAGE=en IVR_CALLER_ID= make call"
    assert told["command"].startswith(given)
    assert told["transcript"].endswith(f"\n\n{replay(told['command'])}")


@pytest.mark.starts
def test_the_map_begins_a_call_at_each_box(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each box of the map names a position, which an answer names too; without graphviz there are the boxes alone."""
    told = client().get("/map").json
    assert told is not None
    assert told["boxes"]["list"]["position"] == "list/danger"
    assert set(re.findall('href="#([^"]+)"', told["svg"])) == set(told["boxes"])
    page = Page(client(), position=told["boxes"]["connect/essm"]["position"])
    assert page.until("answer")["place"] == "connect/essm"
    monkeypatch.setenv("PATH", "")
    assert client().get("/map").json == told | {"svg": ""}


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
    assert f"--at {at} " in page.copy()["command"]


@pytest.mark.no_cover
def test_a_call_begins_anywhere() -> None:
    """Each position of a card has a name, and a call that begins there hears what it says there."""
    somebody = client()
    state = somebody.get("/state").json
    assert state is not None
    assert state["name"] == "Meldroutekaart mensenhandel, regio Rotterdam"
    groups = {(name, language): dict(positions) for name, language, positions in state["groups"]}
    assert (
        groups[says("numbers.essm.name").capitalize(), "nl"].items()
        >= {
            "connect/essm": "Tijdens het verbinden",
            "number/essm": "Eerst",
            "number/essm/typed": "Als iemand meetypt",
            "number/essm/goodbye": "Afscheid",
            "number/essm/noinput": "Na stilte",
            "number/essm/busy": "In gesprek",
            "number/essm/no-answer": "Niemand neemt op",
            "number/essm/failed": "De verbinding lukt niet",
            "number/essm/completed": "Na een gesprek",
        }.items()
    )
    assert groups[says("numbers.essm.name", language="en").capitalize(), "en"]["en/number/essm"] == "Eerst"
    for name in (name for positions in groups.values() for name in positions):
        page = Page(somebody, position=name)
        assert page.until("answer")["position"] == name
        assert [told["kind"] for told in page.told] == ["ringing", "answer"]
    page = Page(somebody, position="goodbye/main")
    page.until("waiting")
    page.silent()
    page.until("ended")


def test_where_no_caller_comes_is_said() -> None:
    """What is closed is not connected, so at night nobody comes there; nor to what the card does not have."""
    for position in ("connect/essm", "number/nobody"):
        told = client().post("/begin", json={"at": "tonight", "position": position}).json
        assert told is not None
        assert told["refused"].startswith("Op dat moment komt geen beller daar.")


@pytest.mark.starts("espeak-ng")
def test_the_sound_of_a_number_is_made_from_its_words() -> None:
    """Of each piece that is said there is a WAV, in which espeak-ng says just that."""
    sound = client().get("/sound/nl.wav?text=nul, één, nul")
    assert sound.content_type == "audio/wav"
    assert sound.data == espeak.spoken("nul, één, nul", "nl") != espeak.spoken("nul, twee, nul", "nl")
    assert sound.data.startswith(b"RIFF")


def test_without_espeak_another_voice_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page offers what there is; the text alone always."""
    assert ">espeak-ng op deze computer<" in client().get("/").text or not espeak.available()
    monkeypatch.setenv("PATH", "")
    page = client().get("/").text
    assert ">espeak-ng op deze computer<" not in page
    assert re.search('no-sound[^>]*class="wide hint">Geen geluid', page)
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
    page.next()
    page.call["done"] = {str(3 * count): {"keys": "#"} for count in range(1, MAX_DOCUMENTS)}
    page.does(keys="#")
    assert "the call has no end" in page.until("failed")["status"]
    assert page.next()["kind"] == "ended"


def test_a_line_that_fails_is_heard_as_twilio_plays_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Twilio says when nothing answers cannot be interrupted by a key."""
    monkeypatch.setattr("ivr.answers.Answers.start", lambda *_: b"<Response><Pause/><Wave/></Response>")
    page = Page(client())
    told = page.until("said", "An application error has occurred.")
    assert not told["interruptible"]
    page.does(keys="3")
    assert page.until("ended")["status"] == "Het gesprek is weggevallen"


def test_a_pause_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A silence in the answer is a moment of its own."""
    monkeypatch.setattr("ivr.answers.Answers.start", lambda *_: b"<Response><Pause length='1'/><Hangup/></Response>")
    page = Page(client())
    assert page.until("paused")["interruptible"] is False


def test_another_card_needs_no_change() -> None:
    """The second card has a telephone too."""
    Page(client(CARDS["second"]), position="number/opvang", at="christmas").until("waiting")


def test_what_no_page_sends_is_no_action() -> None:
    """Something else than keys, an outcome or hanging up is refused; the clock of the telephone knows its zone."""
    with pytest.raises(ValueError, match="no"):
        browser._action({"no": 1})  # noqa: SLF001 - no page of ours sends it
    assert browser._now().tzinfo is not None  # noqa: SLF001 - the tests give a moment of their own
