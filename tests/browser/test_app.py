# SPDX-License-Identifier: EUPL-1.2
"""The server of the telephone in the browser, as its page uses it."""

import base64
import html
import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from ivr.browser import app as browser
from ivr.browser import file
from ivr.commands import main as cli
from ivr.editor.load import fingerprint
from ivr.phone import espeak, speech
from ivr.settings import from_environ
from tests.browser.test_remarks import on_map
from tests.browser.visitor import NOW, OURS, client, replay
from tests.cards import CARDS, edit
from tests.conftest import LINE, SETTINGS, says
from tests.recorded import record


def told(somebody: FlaskClient, keys: str, at: str = "2026-11-25T14:00", language: str = "nl") -> dict[str, str]:
    """What a page can copy of a call."""
    somebody.get("/state")
    asked = {"version": "1", "keys": keys, "at": at, "language": language}
    found: dict[str, str] = somebody.get("/told", query_string=asked).json or {}
    return found


@pytest.mark.parametrize(
    ("keys", "at", "language"),
    [
        ("_3", "2026-11-25T23:00", "nl"),
        ("39b", "2026-11-25T14:00", "nl"),
        ("39*#", "2026-11-25T14:00", "nl"),
        ("3", "2026-11-25T14:00", "en"),
    ],
)
def test_a_copied_call_prints_what_was_copied(keys: str, at: str, language: str) -> None:
    """The command makes the same call again: it prints the transcript, which is written as in `tests/calls`."""
    copied = told(OURS, f"{keys}__", at, language)
    other = " --language en" if language == "en" else ""
    asked = f"IVR_CALLER_ID=+12025550100 make call ARGS=\"--at {at} --keys '{keys}'{other}\""
    assert copied["command"] == asked
    title, command, empty, transcript = copied["transcript"].split("\n", 3)
    assert (title[:2], command, empty, transcript) == ("# ", f"$ {asked}", "", replay(asked))
    assert "<Gather" in copied["twiml"]
    assert "<Dial" in told(OURS, "39")["twiml"]


def test_a_copied_call_is_given_what_was_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another card, no number to show and another language for the transcript are in the command."""
    prompts = tmp_path / "een kaart"
    shutil.copytree(CARDS["second"], prompts)
    given = {"IVR_PROMPTS": str(prompts), "IVR_LANGUAGE": "nl-NL", "IVR_EDITOR_LANGUAGE": "en"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    copied = told(browser.make(from_environ(given, serves=False), lambda: NOW).test_client(), "1")
    command = f"IVR_PROMPTS='{prompts}' IVR_LANGUAGE=nl-NL IVR_EDITOR_LANGUAGE=en IVR_CALLER_ID= make call"
    assert copied["command"].startswith(command)
    assert copied["transcript"].endswith(f"\n\n{replay(copied['command'])}")


def test_two_hundred_keys_are_the_end() -> None:
    """A call that goes round in circles is copied as far as it came."""
    assert told(OURS, "#" * 300)["transcript"]


@pytest.mark.starts
def test_the_sound_of_a_number_is_made_from_its_words() -> None:
    """Of each piece that is said there is a WAV, in which espeak-ng says just that."""
    sound = OURS.get("/sound/nl.wav?text=nul, één, nul")
    assert sound.content_type == "audio/wav"
    assert sound.data == espeak.spoken("nul, één, nul", "nl") != espeak.spoken("nul, twee, nul", "nl")
    assert sound.data.startswith(b"RIFF")


def test_a_recording_is_played_where_there_is_one(tmp_path: Path) -> None:
    """The file that callers hear is what the page plays; one that is mailed has it where that is asked."""
    prompts = Path(shutil.copytree(CARDS["second"], tmp_path, dirs_exist_ok=True))
    line = record(prompts, "nl")
    one = next(iter(line.recordings.values()))
    somebody = client(prompts)
    assert "1]" in somebody.get("/").text
    sound = somebody.get("/sound/nl.wav", query_string={"text": speech.plain(one.heard.text), "recorded": "1"})
    assert sound.data == one.file.read_bytes()
    assert "<Play" in told(somebody, "2")["twiml"]
    chosen, (*_, last) = replace(SETTINGS, prompts=prompts), line.card.numbers
    mailed, own = file.page(chosen, NOW, recorded=True), file.page(chosen, NOW, number=last, recorded=True)
    assert policy(mailed) == MAILED.replace("media-src 'none'", "media-src data:")
    assert base64.b64encode(sound.data).decode() in mailed
    assert f'"card":"{fingerprint(prompts)}"' in mailed
    kept = [{*json.loads(each.split('id="recordings">')[1].partition("<")[0])} for each in (own, mailed)]
    assert kept[0] < kept[1], "an organisation has those of its own sentences"


MAILED = (
    "default-src 'none'; style-src 'sha256-'; script-src 'sha256-'; img-src data:; "
    "connect-src 'none'; media-src 'none'; base-uri 'none'; form-action 'none'"
)
"""What a file that is mailed may load: what stands in it."""


def policy(page: str) -> str:
    """The policy of a page, without the sums of its own style and script."""
    (found,) = re.findall('http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    return re.sub("sha256-[^']*", "sha256-", html.unescape(found))


def test_without_espeak_another_voice_is_offered() -> None:
    """The page offers what there is; the text alone always."""
    page = OURS.get("/").text
    assert ">espeak-ng op deze computer<" not in page
    assert re.search('no-sound[^>]*class="wide hint">Geen geluid', page)
    assert "Geen: alleen de tekst" in page


def test_the_page_says_that_it_is_a_demonstration() -> None:
    """It says so, and whether anything is connected."""
    assert "Een demonstratie op deze computer" in OURS.get("/").text
    assert "IVR_CALLER_ID" not in OURS.get("/").text
    without = replace(SETTINGS, prompts=CARDS["second"], caller_id=None)
    assert "IVR_CALLER_ID" in browser.make(without).test_client().get("/").text


def test_a_file_that_is_mailed_has_nothing_of_an_editor() -> None:
    """Neither a command, nor a folder's path, nor a setting; it may ask for nothing at all."""
    page = file.page(replace(SETTINGS, caller_id=None), NOW)
    assert policy(page) == MAILED
    for word in ("make call", "IVR_", str(SETTINGS.prompts), 'id="twiml"', "espeak-ng op deze", 'id="diff"'):
        assert word not in page
    assert "niemand wordt gebeld" in page
    assert len(page.encode()) < 300_000
    for name in "phase key outcome do number begin".split():
        assert f"data-{name}" in page, "others find their way by it"
    assert "data-changes" in OURS.get("/").text


def test_one_organisation_gets_a_file_of_its_own(tmp_path: Path) -> None:
    """What is said of its number and before it, numbered as on the whole map, and nothing of another number."""
    own = tmp_path / "nla.html"
    result = CliRunner().invoke(cli.main, ["phone", str(own), "--number", "nla"])
    assert (result.exit_code, str(own) in result.stdout) == (0, True)
    written = html.unescape(own.read_text(encoding="utf-8"))
    shown = {text: int(number) for number, text in re.findall(r'data-number="(\d+)" lang="nl">([^<]+)<', written)}
    assert shown.items() < on_map().items()
    assert says("numbers.nla.first") in "".join(shown)
    assert says("menus.main.about") in "".join(shown)
    assert says("numbers.essm.first") not in "".join(shown)
    table = json.loads(written.partition('id="line">')[2].partition("<")[0])
    numbers = {item[2] for item in table["items"] if item[0] == "said" and item[2]}
    assert numbers == {*map(int, re.findall(r'data-number="(\d+)"', written))}, "nobody remarks on another's sentences"
    assert f"alles wat de lijn zegt over {LINE.card.numbers['nla'].number}" in written
    unknown = CliRunner().invoke(cli.main, ["phone", str(own), "--number", "politie"])
    assert unknown.exit_code == 1
    assert "politie staat niet op deze kaart. Wat er wel op staat: danger, police" in unknown.stderr


def test_recordings_are_asked_for_where_there_are_some(tmp_path: Path) -> None:
    """Without any, or without a file to put them into, nothing is written, and the reason is told."""
    own = tmp_path / "lijn.html"
    without = CliRunner().invoke(cli.main, ["phone", str(own), "--recorded"])
    assert (without.exit_code, own.exists()) == (1, False)
    assert "Er zijn geen opnamen van wat in dit bestand komt" in without.stderr
    nowhere = CliRunner().invoke(cli.main, ["phone", "--recorded"])
    assert (nowhere.exit_code, "need a FILE" in nowhere.stderr) == (2, True)


@pytest.mark.starts("dot", "graphviz")
def test_the_map_is_that_file_opened_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """`ivr map` prints it, with its drawing and in the language that is asked; who cannot draw is told the cure."""
    printed = CliRunner().invoke(cli.main, ["map", "--language", "en"]).stdout
    for part in ("<!doctype html>", '<details id="map" open>', "<svg", "<option selected>en</option>"):
        assert part in printed
    monkeypatch.setenv("PATH", "")
    without = CliRunner().invoke(cli.main, ["map"])
    assert (without.exit_code, without.stdout) == (1, "")
    assert "apt-get install graphviz" in without.stderr


def test_a_notice_and_christmas_have_moments(tmp_path: Path) -> None:
    """The next Christmas is offered, in the year in which it comes, and a moment at which the notice runs."""
    prompts = Path(shutil.copytree(CARDS["second"], tmp_path, dirs_exist_ok=True))
    notice = "notice:\n  from: 2027-01-03 09:00\n  until: 2027-01-04 17:00\n"
    edit(prompts, "card.yaml", "country: ES\n", f"country: ES\n{notice}")
    edit(prompts, "nl/line.yaml", "noinput:", "notice: Het is druk.\nnoinput:")
    page = file.page(replace(SETTINGS, prompts=prompts), datetime(2026, 12, 27, 12, tzinfo=UTC))
    assert '<option value="2027-12-25T14:00"' in page
    assert '<option value="2027-01-03T09:30"' in page
