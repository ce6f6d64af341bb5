# SPDX-License-Identifier: EUPL-1.2
"""The server of the telephone in the browser, as its page uses it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
import requests
from click.testing import CliRunner
from flask.testing import FlaskClient

from ivr import cli
from ivr.phone import browser, conversation, espeak
from ivr.phone.interpreter import MAX_DOCUMENTS
from tests.cards import CARDS
from tests.conftest import SETTINGS, needs

NOW = datetime(2026, 11, 25, 13, 0, 30, tzinfo=UTC)  # 14:00 in Rotterdam
ORIGIN = {"Origin": "http://localhost"}
Told = dict[str, Any]


def client(prompts: Path = SETTINGS.prompts, now: datetime = NOW) -> FlaskClient:
    """Who has the page open."""
    made = browser.make(replace(SETTINGS, prompts=prompts), lambda: now).test_client()
    made.environ_base["HTTP_ORIGIN"] = ORIGIN["Origin"]
    return made


class Page:
    """A page in which somebody calls; nothing that is said takes time."""

    def __init__(self, somebody: FlaskClient, **asked: object) -> None:
        self.client = somebody
        self.told: list[Told] = []
        response = somebody.post("/calls", json={"at": "now", "sound": "espeak"} | asked, buffered=False)
        assert response.status_code == 200
        self.lines: Iterator[bytes] = response.iter_encoded()
        self.id = json.loads(next(self.lines))["id"]

    def next(self) -> Told:
        """What happens next."""
        self.told.append(json.loads(next(self.lines)))
        return self.told[-1]

    def until(self, kind: str, text: str = "") -> Told:
        """Listen until something happens; whatever comes before is over at once."""
        while not ((told := self.next())["kind"] == kind and text in told["status"] + told.get("text", "")):
            assert told["kind"] != "ended", self.text
            self.does(over=told["n"])
            self.does(over=told["n"])  # the silence after what is said too
        return told

    def does(self, **action: object) -> None:
        """Tell what the person does."""
        assert self.client.post(f"/calls/{self.id}", json=action).status_code == 200

    @property
    def text(self) -> str:
        """The transcript, so far."""
        return "".join(told["transcript"] for told in self.told)


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

    monkeypatch.setattr("ivr.phone.conversation.SimpleQueue", Nobody)
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


def test_a_saved_file_is_spoken_in_the_next_call(tmp_path: Path) -> None:
    """A call that goes on is not changed; a mistake is told as the loader tells it until it is mended."""
    prompts = tmp_path / "prompts"
    shutil.copytree(SETTINGS.prompts, prompts)
    somebody, file = client(prompts), prompts / "nl" / "line.yaml"
    good = file.read_text(encoding="utf-8")
    state: Callable[[], Told] = lambda: somebody.get("/state").json or {}  # noqa: E731 - asked again and again
    before, running = state(), Page(somebody)
    assert state() == before
    save(file, good.replace("Is er nu gevaar?", "Is er nu brand?"), 1)
    assert state()["version"] > before["version"]
    running.until("said", "Is er nu gevaar?")
    Page(somebody).until("said", "Is er nu brand?")
    save(file, good.replace("Is er nu", "Is er 1"), 2)
    assert f"{file}:" in state()["wrong"]
    assert "^" in state()["wrong"]
    refused = json.loads(somebody.post("/calls", json={"at": "now"}).text)
    assert refused["kind"] == "refused"
    assert refused["status"].startswith("Er is een fout in de kaart of de zinnen.")
    save(file, good, 3)
    assert state()["wrong"] == ""
    Page(somebody).until("said", "Is er nu gevaar?")


def test_a_mistake_in_another_language_is_told_and_the_line_does_without(tmp_path: Path) -> None:
    """Who breaks a sentence of the second language reads where, and the first one is still called."""
    prompts = tmp_path / "prompts"
    shutil.copytree(SETTINGS.prompts, prompts)
    file = prompts / "en" / "menus.yaml"
    save(file, file.read_text(encoding="utf-8").replace(" … Press {key}.", ".", 1), 1)
    somebody = client(prompts)
    told: Told = somebody.get("/state").json or {}
    assert "doet de lijn het zonder: en." in told["wrong"]
    assert f"{file}:" in told["wrong"]
    assert not [path for path, _ in told["positions"] if path.startswith("en/")]
    Page(somebody).until("said", "Is er nu gevaar?")


def save(file: Path, text: str, seconds: int) -> None:
    """Save a file, so many seconds later than it was."""
    file.write_text(text, encoding="utf-8")
    os.utime(file, (NOW.timestamp() + seconds, NOW.timestamp() + seconds))


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


def test_only_this_page_is_answered() -> None:
    """Another name for this machine, another page's form and what is no JSON are refused, and nothing is cached."""
    somebody = client()
    for host in ("evil.example", "127.0.0.1.evil.example"):
        assert somebody.get("/", headers={"Host": host}).status_code == 403
    for origin in ("http://evil.example", "http://localhost:1", "null"):
        assert somebody.post("/calls", json={"at": "now"}, headers={"Origin": origin}).status_code == 403
    bare = browser.make(SETTINGS, lambda: NOW).test_client()
    assert bare.post("/calls", json={"at": "now"}).status_code == 403
    assert somebody.post("/calls", data={"at": "now"}).status_code == 415
    headers = somebody.get("/").headers
    assert "Access-Control-Allow-Origin" not in headers
    assert "default-src 'none'; script-src 'self'" in headers["Content-Security-Policy"]
    assert headers.getlist("Content-Security-Policy") == [browser.HEADERS["Content-Security-Policy"]]


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("/calls", {"at": "kerst"}, 400),
        ("/calls", {"at": "9999-12-31T23:59"}, 400),
        ("/calls", [], 400),
        ("/calls/unknown", {"keys": "3"}, 404),
        ("/calls/unknown", {"keys": "A"}, 400),
        ("/calls/unknown", {}, 400),
        ("/calls/unknown", {"over": None}, 400),
    ],
)
def test_what_the_page_never_sends_is_refused(path: str, asked: object, status: int) -> None:
    """A request that makes no sense is refused, without a page of the library."""
    answer = client().post(path, json=asked)
    assert (answer.status_code, answer.data) == (status, b"")


def test_what_is_not_there_is_not_found() -> None:
    """A call or a sound that is unknown, or forgotten since there were too many, is not there."""
    somebody = client()
    assert somebody.get("/calls/unknown").status_code == 404
    assert somebody.get("/sound/unknown.wav").status_code == 404
    first = Page(somebody)
    for _ in range(browser.MOST_CALLS):
        Page(somebody)
    assert somebody.get(f"/calls/{first.id}").status_code == 404


def test_the_difference_is_one_click_away(tmp_path: Path) -> None:
    """What changes for callers since the last commit is told as `ivr diff` tells it; a mistake is told instead."""
    shutil.copytree(SETTINGS.prompts, tmp_path, dirs_exist_ok=True)
    somebody = client(tmp_path)
    assert 'id="diff"' in somebody.get("/").text
    assert "git" in somebody.get("/diff").text  # nothing was ever committed there
    (tmp_path / "card.yaml").write_text("name: x\n", encoding="utf-8")
    assert "card.yaml" in somebody.get("/diff").text


def test_another_card_needs_no_change() -> None:
    """The second card has a telephone too."""
    Page(client(CARDS["second"]), position="number/opvang", at="christmas").until("waiting")


def test_the_page_is_opened_where_there_is_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a window, and not in a browser for the terminal; a port that is taken is told."""
    opened: list[str] = []
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("werkzeug.serving.BaseWSGIServer.serve_forever", lambda _: None)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = CliRunner().invoke(cli.main, ["phone", "--port", str(taken.getsockname()[1])])
    assert "Address already in use. Choose another --port." in result.stderr
    assert opened == []
    result = CliRunner().invoke(cli.main, ["phone", "--port", "0"])
    assert result.exit_code == 0
    assert result.stdout.startswith(f"The telephone: {opened[0]}\n")


def test_the_command_serves_until_it_is_stopped() -> None:
    """`ivr phone` says where the page is, serves it to this machine, writes nothing more, and ends with Ctrl-C."""
    command = [sys.executable, "-c", "from ivr.cli import main; main()", "phone", "--port", "0"]
    environ = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environ,
        # A shell lets what it starts in the background, these tests too, ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - no threads yet
    ) as phone:
        assert phone.stdout is not None
        url = phone.stdout.readline().removeprefix("The telephone: ").strip()
        assert requests.get(f"{url}state", timeout=10).json()["wrong"] == ""
        phone.send_signal(signal.SIGINT)
        assert phone.stdout.read() == "Ctrl-C ends it.\n"
    assert phone.returncode == 0
