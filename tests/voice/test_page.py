# SPDX-License-Identifier: EUPL-1.2
"""The page to record at: what it answers, and a browser with a microphone that reads one line."""

import shutil
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from werkzeug.test import TestResponse

from ivr import recording
from ivr.editor import recordings
from ivr.recording import RATE
from ivr.voice import audio, page
from ivr.voice.desk import Desk
from ivr.web import local
from tests.cards import edit
from tests.conftest import QUIET, SETTINGS, says
from tests.recorded import TODAY, line_of, ours
from tests.serving import in_a_thread
from tests.voice.test_audio import GOOD, speech, wav

DANGER = says("line.danger", emergency="één, één, twee")
LONGER = wav(speech(3.1))
RECORDING = "De opname loopt. Wacht even, en lees dan."
HERE = {"Origin": "http://localhost"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of our card."""
    return ours(tmp_path)


def desk_of(folder: Path) -> Desk:
    """The desk of our card in Dutch."""
    return Desk.open(replace(SETTINGS, prompts=folder), None, TODAY)


@pytest.fixture
def client(folder: Path) -> FlaskClient:
    """Somebody at this machine."""
    return page.make(lambda: desk_of(folder), "en").test_client()


def states(client: FlaskClient) -> list[str]:
    """The state of the first three lines."""
    return [line["state"] for line in client.get("/lines").get_json()[:3]]


def does(client: FlaskClient, what: str, by: str, file: str, *, was: str = "") -> TestResponse:
    """Keep a reading of the first line, or accept the one that was heard."""
    return client.post(f"/lines/1/{what}", data={"by": by, "file": file, "was": was}, headers=HERE)


def read(client: FlaskClient, number: int, sound: bytes = GOOD) -> str:
    """Read a line, and return the name of the file that it would be."""
    return str(client.post(f"/lines/{number}/take", data=sound, headers=HERE).get_json()["file"])


def test_a_line_is_taken_kept_and_heard(client: FlaskClient, folder: Path) -> None:
    """It is judged first, and on the disk only once the reader accepts it; somebody else says that it is right."""
    first = client.get("/lines").get_json()[0]
    assert (first["number"], first["text"], first["state"]) == (1, says("line.danger", emergency="1-1-2"), "missing")
    assert (first["about"], first["file"]) == ("Het allereerste wat een beller hoort", "")
    taken = client.post("/lines/1/take", data=GOOD, headers=HERE).get_json()
    assert taken["told"].startswith("1.9 seconds. 1.1 seconds of silence were cut off.")
    said = client.get(f"/sound/{taken['file']}").data
    assert said[:4] == b"RIFF"
    assert not list((folder / "nl" / recordings.FOLDER).glob("*.wav"))
    assert does(client, "keep", " AB ", taken["file"]).status_code == 200
    assert states(client) == ["unheard", "missing", "missing"]
    (file,) = (folder / "nl" / recordings.FOLDER).glob("*.wav")
    assert client.get(f"/sound/{file.name}").data == file.read_bytes() == said
    own = does(client, "heard", "AB", file.name)
    assert (own.status_code, own.get_json()["told"]) == (
        422,
        "AB has read these lines: 1. Let somebody else hear them.",
    )
    assert does(client, "heard", "CD", file.name).status_code == 200
    assert states(client)[0] == "heard"
    assert DANGER in line_of(folder).spoken("nl").recorded


def test_what_is_accepted_is_what_was_heard(client: FlaskClient, folder: Path) -> None:
    """Nobody accepts another reading than the one that they listened to, nor keeps one over somebody else's unseen."""
    first, second = read(client, 1), read(client, 1, LONGER)
    assert does(client, "heard", "CD", "").status_code == 409, "nobody has read it yet"
    assert does(client, "keep", "AB", first).status_code == 200
    assert does(client, "heard", "CD", second).status_code == 409
    assert does(client, "keep", "EF", second).status_code == 409
    assert does(client, "keep", "EF", second, was=first).status_code == 200
    assert client.get(f"/sound/{first}").status_code == 404
    assert does(client, "heard", "CD", first).status_code == 409
    assert states(client)[0] == "unheard"
    assert does(client, "heard", "CD", second).status_code == 200
    assert does(client, "heard", "GH", second).status_code == 409, "CD has heard it already"
    assert line_of(folder).spoken("nl").recorded[DANGER].file.name == second


def test_a_bad_recording_is_told_and_not_kept(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is one that was made long ago, after which many others were."""
    told = client.post("/lines/1/take", data=wav(np.zeros(RATE)), headers=HERE)
    assert (told.status_code, told.get_json()["told"]) == (422, "No sentence can be heard. Is the microphone on?")
    monkeypatch.setattr(page, "MOST", 1)
    first = read(client, 1)
    read(client, 2)
    assert does(client, "keep", "AB", first).status_code == 404
    assert client.get(f"/sound/{first}").status_code == 404


def test_a_page_left_open_knows_what_changed(client: FlaskClient, folder: Path) -> None:
    """A changed sentence is another line, with its own number; a card that cannot be read is told in words."""
    before = {line["number"]: line["text"] for line in client.get("/lines").get_json()}
    edit(folder, "nl/line.yaml", "list: ", "list: Goed. ")
    after = {line["number"]: line["text"] for line in client.get("/lines").get_json()}
    assert after.items() - before.items() == {(123, f"Goed. {says('line.list')}")}
    edit(folder, "nl/line.yaml", "list: ", "lijst: ")
    told = client.get("/lines")
    assert (told.status_code, "lijst" in told.get_json()["told"]) == (422, True)


@pytest.mark.parametrize(
    ("way", "asked", "status"),
    [
        ("/lines/999/take", None, 404),
        ("/lines/1/keep", {"by": "AB", "file": "x"}, 400),
        ("/lines/1/heard", {}, 400),
        ("/lines/x/heard", {}, 404),
    ],
)
def test_what_the_page_never_sends_is_refused(
    client: FlaskClient, way: str, asked: dict[str, str] | None, status: int
) -> None:
    """A line that is not there, and a person without a name."""
    client.post("/lines/1/take", data=GOOD, headers=HERE)
    assert client.post(way, data=asked, headers=HERE).status_code == status


def test_nobody_else_can_use_it(client: FlaskClient) -> None:
    """Neither a page elsewhere, nor a name that leads here, nor a recording of hours."""
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 403
    assert client.post("/lines/1/take", data=GOOD, headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.post("/lines/1/take", data=bytes(page.LARGEST + 1), headers=HERE).status_code == 413
    assert "script-src 'self'" in client.get("/").headers["Content-Security-Policy"]


@pytest.fixture
def tab(browser: Browser, folder: Path, tmp_path: Path) -> Iterator[Page]:
    """The page in a browser whose microphone hears a file, over and over; nothing goes wrong there."""
    heard = tmp_path / "microphone.wav"
    heard.write_bytes(wav(speech(3, 48000, around=0.3), 48000))
    fake = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-audio-capture={heard}"]
    started = browser.browser_type.launch(
        executable_path=shutil.which("chromium-headless-shell"),
        args=[*QUIET, "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required", *fake],
    )
    wrong: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving, url = local.server(page.make(lambda: desk_of(folder), "nl"), listening)
        with in_a_thread(serving):
            context = started.new_context()
            context.on("weberror", lambda error: wrong.append(str(error.error)))
            opened = context.new_page()
            expect.set_options(timeout=60_000)  # of a machine on which much else runs
            context.add_init_script(SLOW)
            opened.goto(url)
            yield opened
            started.close()
    assert wrong == []


SLOW = """
const ask = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
window.streams = [];
if (ask) navigator.mediaDevices.getUserMedia = async (wanted) => {
  await new Promise((resolve) => setTimeout(resolve, 500));
  window.streams.push(await ask(wanted));
  return window.streams.at(-1);
};
"""
"""A browser that takes a while to ask whether the microphone may be used."""


def records(tab: Page) -> None:
    """Press the key, and again where Chromium gave up opening a microphone: on a busy machine it does."""
    for seconds in (20, 60):
        tab.locator("#number").press("r")
        with suppress(AssertionError):
            expect(tab.locator("#told")).to_have_text(RECORDING, timeout=seconds * 1000)
            return
    raise AssertionError(tab.locator("#told").text_content())


def reads(tab: Page) -> None:
    """Read the line that is shown: record, and stop."""
    records(tab)
    tab.wait_for_timeout(4000)  # as long as it takes to read it
    assert tab.locator("#level").evaluate("meter => meter.value") > -59
    tab.locator("#number").press("r")
    expect(tab.locator("#told")).to_contain_text("seconden stilte af")


@pytest.mark.starts("chromium-headless-shell")
def test_two_people_at_one_desk_by_keyboard(tab: Page, folder: Path) -> None:
    """One microphone hears a reader; a second person accepts what they heard to its end, and nothing else."""
    expect(tab.locator("#text")).to_have_text(says("line.danger", emergency="1-1-2"))
    assert Axe().run(tab).violations_count == 0
    tab.keyboard.press("r")
    tab.keyboard.press("r")  # before the browser has asked
    told = tab.locator("#told")
    expect(told).to_have_text(RECORDING)
    tab.wait_for_timeout(4000)
    tab.keyboard.press("r")
    expect(told).to_contain_text("seconden stilte af")
    assert tab.evaluate("streams.length") == 1
    tab.keyboard.press("n")
    expect(told).to_contain_text("nog niet bewaard")
    tab.keyboard.press("h")
    tab.keyboard.press("a")
    expect(told).to_have_text("Vul eerst je initialen in.")
    tab.keyboard.type("AB")
    tab.locator("#keep").click()
    expect(tab.locator("#text")).to_have_text(says("menus.main.about"))

    other = tab.context.new_page()
    other.goto(tab.url)
    other.locator("#by").fill("CD")
    expect(other.locator("#lines button").first).to_contain_text("nog niet nageluisterd")
    other.locator("#lines button").first.click()
    expect(other.locator("#heard")).to_be_disabled()
    other.locator("#hear").click()
    expect(other.locator("#heard")).to_be_enabled()
    tab.locator("#lines button").first.click()
    reads(tab)
    tab.locator("#keep").click()
    expect(tab.locator("#text")).to_have_text(says("menus.main.about"))
    other.locator("#heard").click()
    expect(other.locator("#told")).to_contain_text("intussen veranderd of opnieuw ingelezen")
    expect(other.locator("#heard")).to_be_disabled()
    other.locator("#hear").click()
    other.locator("#heard").click()
    expect(other.locator("#lines button").first).to_contain_text("(klaar)")
    assert Axe().run(other).violations_count == 0
    recorded = line_of(folder).spoken("nl").recorded[DANGER]
    assert 2.0 < recorded.heard.seconds < 6.0
    samples, _ = recording.unpack(recorded.file.read_bytes())
    assert abs(audio.level(audio.from_bytes(samples))) < 1


@pytest.mark.starts("chromium-headless-shell")
def test_what_happens_meanwhile_is_told(tab: Page, folder: Path) -> None:
    """A microphone that is unplugged is asked for anew, and a sentence that changed is no line that fails to answer."""
    records(tab)
    tab.evaluate("streams[0].getTracks()[0].dispatchEvent(new Event('ended'))")
    expect(tab.locator("#told")).to_contain_text("De microfoon werkt niet")
    reads(tab)
    assert tab.evaluate("streams.length") == 2
    edit(folder, "nl/line.yaml", "danger: ", "danger: Ja. ")
    tab.locator("#by").fill("AB")
    tab.locator("#keep").click()
    expect(tab.locator("#told")).to_contain_text("intussen veranderd")
    expect(tab.locator("#text")).to_have_text(says("menus.main.about"))
