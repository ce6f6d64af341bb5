# SPDX-License-Identifier: EUPL-1.2
"""The line in one file, opened from a disk without a network: it says what the line says, and keeps remarks."""

import base64
import json
import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect

from ivr.answers import Answers
from ivr.commands import main as cli
from ivr.editor.load import fingerprint
from ivr.phone.events import Action, Dialling, Ended, Outcome, Press, Said, Waiting
from ivr.phone.interpreter import call
from ivr.phone.transport import direct
from ivr.recording import unpack
from ivr.voice.desk import Desk
from tests.browser.tab import NEEDS, NUMBER, calls, hears
from tests.browser.test_page import VOICE
from tests.conftest import LINE, SETTINGS, says
from tests.recorded import TODAY, ours, record

pytestmark = NEEDS

WALK = """async keys => {
  const step = (key) => document.querySelector("#phone").dispatchEvent(new KeyboardEvent("keydown", { key }));
  const phase = () => document.querySelector("#phone").dataset.phase;
  const until = (...phases) => { while (!phases.includes(phase())) step("ArrowRight"); };
  document.querySelector("#call").click();
  for (const key of keys) {
    until("waiting", "dialling", "ended");
    if (phase() === "dialling") document.querySelector("[data-outcome=busy]").click();
    else step(key);
  }
  while (phase() !== "ended") {
    until("waiting", "dialling", "ended");
    if (phase() === "dialling") document.querySelector("[data-outcome=busy]").click();
    else step("ArrowRight");
  }
  return [...document.querySelectorAll("#captions [data-heard]")].map((said) => said.textContent);
}"""
"""Makes a call and presses keys where the line waits; what is connected is busy. Then nobody presses anything more."""


@pytest.mark.parametrize("seed", range(3))
def test_walks_drawn_by_chance_are_word_for_word_those_of_the_line(mailed: Page, seed: int) -> None:
    """In a real browser, at any minute of the year, in each language."""
    chance = random.Random(seed)  # noqa: S311 - of keys
    mailed.locator("#sound").select_option("none")
    for _ in range(6):
        at = f"{datetime(2026, 12, 1) + timedelta(minutes=chance.randrange(350 * 1440)):%Y-%m-%dT%H:%M}"  # noqa: DTZ001
        language = chance.choice(["nl", "en"])
        keys = "".join(chance.choices("1234567890*#9998", k=chance.randint(2, 7)))
        mailed.evaluate("hash => (location.hash = hash)", f"#at={at}&language={language}")
        expect(mailed.locator("#moment")).to_have_value(at)
        heard = mailed.evaluate(WALK, list(keys))
        assert heard == said(list(keys), datetime.fromisoformat(at), language), (keys, at, language)


def said(keys: list[str], at: datetime, language: str) -> list[str]:
    """What the line says in the same call."""
    answers, left = Answers(LINE, "https://line.example"), list(keys)
    conversation = call(direct(answers, lambda: at), answers.url + ("/en" if language == "en" else ""))
    heard, event = [], next(conversation)
    while not isinstance(event, Ended):
        action: Action = None
        if isinstance(event, Said) and event.text:
            heard.append(event.text)
        elif isinstance(event, Waiting | Dialling):
            key = left.pop(0) if left else None
            action = Outcome("busy") if isinstance(event, Dialling) else Press(key) if key else None
        event = conversation.send(action)
    return heard


def test_remarks_are_written_beside_a_sentence_and_saved(mailed: Page, tmp_path: Path) -> None:
    """With a verdict, a name, the moment, the position and the language; axe finds nothing, at 320 pixels too."""
    mailed.set_viewport_size({"width": 320, "height": 568})
    calls(mailed, sound="none")
    hears(mailed, says("line.danger"))
    mailed.locator("#captions [data-remark-at]").first.click()
    mailed.locator("[data-remark]").fill("Wie is „ons”?")
    mailed.get_by_label("Oordeel").select_option("other")
    mailed.get_by_label("Je naam").fill("AB")
    english = mailed.locator("#captions p", has_text="Press eight").locator("[data-remark-at]")
    english.click()
    mailed.locator("[data-remark]").nth(1).fill("In English?")
    assert Axe().run(mailed).violations_count == 0
    assert mailed.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with mailed.expect_download() as saved:
        mailed.get_by_role("button", name="Bewaar ze").click()
    saved.value.save_as(tmp_path / "opmerkingen.json")
    told = json.loads((tmp_path / "opmerkingen.json").read_text(encoding="utf-8"))
    assert told["name"] == "AB"
    assert told["card"] == fingerprint(SETTINGS.prompts)
    remark, offer = told["remarks"]
    assert (offer["language"], "Press eight" in offer["sentence"]) == ("nl", True), "it is said in the Dutch call"
    assert remark.pop("sentence").startswith(says("line.danger"))
    assert remark == {
        "language": "nl",
        "number": 1,
        "moment": "2026-11-25T14:00",
        "position": "menu/main",
        "verdict": "other",
        "remark": "Wie is „ons”?",
    }
    mailed.get_by_role("button", name="Kopieer").click()
    mailed.get_by_role("button", name="Ophangen").click()


def test_recordings_in_the_file_are_what_is_played(browser: Browser, tmp_path: Path) -> None:
    """From the file alone, where it was asked for; what has no recording is said by the browser's voice."""
    prompts, to = ours(tmp_path), tmp_path / "lijn.html"
    entries = Desk.open(replace(SETTINGS, prompts=prompts), "nl", TODAY).now.entries
    record(prompts, "nl", but=[text for text in entries if text.startswith(says("numbers.essm.first"))])
    written = CliRunner(env={"IVR_PROMPTS": str(prompts)}).invoke(cli.main, ["phone", str(to), "--recorded"])
    assert f"({to.stat().st_size // 1000} kB)" in written.stdout
    tab = browser.new_context(offline=True).new_page()
    tab.add_init_script(VOICE)
    tab.goto(to.as_uri())
    first = datetime.fromisoformat(str(tab.locator("#moment").get_attribute("min")))  # 14:00 may be over on it
    tab.evaluate(f"location.hash = '#at={first + timedelta(days=1):%Y-%m-%d}T14:00&language=nl'")
    calls(tab)
    hears(tab, says("line.danger"))
    tab.wait_for_function("() => voice.currentTime > 0 && !voice.paused")
    played = base64.b64decode(tab.evaluate("voice.currentSrc").removeprefix("data:audio/wav;base64,"))
    assert unpack(played)[1][0].text.startswith(says("line.danger"))
    assert tab.evaluate("said") == []
    tab.get_by_role("button", name="3", exact=True).click()
    hears(tab, NUMBER)
    assert tab.evaluate("said")[0] == says("numbers.essm.first")
    tab.context.close()


def test_a_file_that_is_too_old_says_so(mailed: Page) -> None:
    """At a moment that it does not know nobody is told what holds then."""
    mailed.clock.set_fixed_time("2028-01-01T12:00:00Z")
    calls(mailed, sound="none")
    expect(mailed.locator("#status")).to_contain_text("Dit bestand kent dat moment niet.")
    assert mailed.locator("#phone").get_attribute("data-phase") == "ready"
