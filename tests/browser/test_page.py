# SPDX-License-Identifier: EUPL-1.2
"""The telephone in the browser as a person uses it, in a real one."""

from pathlib import Path

from playwright.sync_api import Page, expect

from ivr.phone import espeak
from tests.browser.tab import NEEDS, NUMBER, OpenPage, calls, hears
from tests.browser.visitor import replay
from tests.conftest import says

pytestmark = NEEDS


def test_a_person_calls_presses_three_and_hears_the_number(open_page: OpenPage) -> None:
    """The WAV that plays for a number is the one made from its words; a key stops it, and the red button the call."""
    page = open_page()
    calls(page)
    hears(page, says("line.danger"))
    page.get_by_role("button", name="3", exact=True).click()
    hears(page, NUMBER)
    page.wait_for_function("() => voice.currentTime > 0 && !voice.paused")
    playing = page.request.get(page.evaluate("voice.currentSrc")).body()
    assert playing == espeak.spoken(page.locator("#captions .now").inner_text(), "nl")
    assert page.evaluate("document.querySelector('#keypad [data-key=\"4\"]').click(), voice.paused")
    hears(page, says("line.typed_other"))
    page.get_by_role("button", name="Ophangen").click()
    expect(page.get_by_role("status").first).to_have_text("De beller hangt op")
    assert page.evaluate("voice.paused")


def test_a_piece_is_heard_to_its_end(open_page: OpenPage) -> None:
    """With nobody at the keys one piece follows another, once the one before was heard."""
    page = open_page()
    page.evaluate("voice.addEventListener('ended', () => (window.over = true))")
    calls(page, position="number/essm")
    hears(page, says("numbers.essm.first"))
    hears(page, NUMBER)
    assert page.evaluate("over")
    assert f"{says('numbers.essm.first')} nul, één, nul" in page.locator("#captions").inner_text()


def test_ringing_ends_before_the_line_speaks(open_page: OpenPage) -> None:
    """The telephone rings with the Dutch tone, is silent when the line answers, and a key has its own two tones."""
    page = open_page()
    page.evaluate(LISTEN)
    calls(page)
    hears(page, says("line.danger"))
    page.keyboard.press("3")
    page.wait_for_function("() => heard.includes(1477)")
    heard = page.evaluate("heard")
    rings = heard.count(425)
    assert rings > 0
    assert heard[: 2 * rings + 3] == [425] * rings + ["stopped"] * rings + ["voice", 697, 1477]


LISTEN = """() => {
  window.heard = [];
  const { start, stop } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (when) { heard.push(this.frequency.value); start.call(this, when); };
  OscillatorNode.prototype.stop = function (when) { when ?? heard.push("stopped"); stop.call(this, when); };
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function () { heard.push("voice"); return play.call(this); };
}"""
"""Notes the tones that begin, those that are stopped at once, and the voice."""


def test_somebody_calls_at_night(open_page: OpenPage) -> None:
    """Tonight the ESSM is closed; at any other moment that is chosen the line is as it is then."""
    page = open_page("#at=2026-11-25T23:00")
    calls(page, position="number/essm", sound="none")
    hears(page, says("numbers.essm.closed", opens="morgenochtend half negen"))
    # A screen reader is told the whole answer once, and not each piece as it is lit.
    expect(page.locator("#announced")).to_contain_text(says("line.instead"))
    page.get_by_role("button", name="Ophangen").click()
    page.locator("#at").select_option("other")
    page.get_by_label("Dag en tijd").fill("2026-11-25T21:59")
    calls(page)
    hears(page, NUMBER)


def test_a_busy_line(open_page: OpenPage) -> None:
    """At a connection the page asks how it ends, and the line goes on from there."""
    page = open_page()
    calls(page, position="connect/essm", sound="none")
    page.get_by_role("button", name="In gesprek").click(timeout=30_000)
    hears(page, says("numbers.essm.busy"))
    expect(page.get_by_role("button", name="In gesprek")).to_be_hidden()
    page.keyboard.press("4")
    expect(page.locator("#captions")).to_contain_text("drukt op 4")


def test_two_tabs_are_two_calls(open_page: OpenPage) -> None:
    """What is pressed in one tab is not heard in the other."""
    first, second = open_page(), open_page()
    for page in (first, second):
        calls(page, sound="none")
        hears(page, says("line.danger"))
    first.get_by_role("button", name="3", exact=True).click()
    hears(first, NUMBER)
    second.get_by_role("button", name="4", exact=True).click()
    hears(second, says("numbers.nla.first"))
    assert "drukt op 4" not in first.locator("#captions").inner_text()


def test_a_call_is_copied_and_made_again(open_page: OpenPage) -> None:
    """The command that is copied prints the transcript that is copied."""
    page = open_page()
    calls(page, at="2026-12-25T14:00", position="number/essm", sound="none")
    hears(page, NUMBER)
    page.get_by_role("button", name="5", exact=True).click()
    expect(page.locator("#captions")).to_contain_text("drukt op 5")

    def copied(name: str) -> str:
        page.get_by_role("button", name=name).click()
        expect(page.locator("#copied")).to_have_text("Gekopieerd.")
        expect(page.locator("#copied")).to_have_text("", timeout=30_000)
        text: str = page.evaluate("navigator.clipboard.readText()")
        return text

    command, transcript = copied("Als opdracht"), copied("Als verslag")
    assert command.endswith("make call ARGS=\"--at 2026-12-25T14:00 --keys '35'\"")
    assert transcript.split("\n", 3)[1:] == [f"$ {command}", "", replay(command)]


def test_a_saved_sentence_is_said_in_the_next_call(open_page: OpenPage, prompts: Path) -> None:
    """A call goes on with what it began with; a mistake appears with its file and line, and goes when it is mended."""
    file = prompts / "nl" / "line.yaml"
    good = file.read_text(encoding="utf-8")
    page = open_page()
    calls(page, sound="none")
    hears(page, says("line.danger"))
    file.write_text(good.replace("danger: ", "danger: Brand! "), encoding="utf-8")
    page.get_by_role("button", name="Sterretje", exact=True).click()
    expect(page.locator("#captions .caller")).to_have_text("Beller drukt op *")
    hears(page, says("line.danger"))
    expect(page.locator("#mistake")).to_be_hidden()
    page.get_by_role("button", name="Als opdracht").click()
    expect(page.get_by_role("status").first).to_contain_text("De kaart is veranderd sinds dit gesprek begon.")
    page.get_by_role("button", name="Ophangen").click()
    calls(page)
    hears(page, "Brand!")
    page.get_by_role("button", name="Ophangen").click()
    page.locator("#position").select_option("number/danger")  # which a mistake does not undo
    file.write_text(good.replace("danger: ", "danger: 1 "), encoding="utf-8")
    expect(page.get_by_role("alert")).to_contain_text(f"{file}:", timeout=30_000)
    expect(page.locator("#display")).to_contain_text("Een gesprek dat loopt, gaat door zonder je verandering.")
    calls(page)  # to the last card without one
    hears(page, says("numbers.danger.first"))
    page.get_by_role("button", name="Ophangen").click()
    file.write_text(good, encoding="utf-8")
    expect(page.get_by_role("alert")).to_be_hidden(timeout=30_000)
    expect(page.locator("#to-mistake")).to_be_hidden()
    expect(page.locator("#position")).to_have_value("number/danger")
    calls(page, position="")
    hears(page, says("line.danger"))


def test_the_browser_speaks_where_espeak_is_absent(mailed: Page) -> None:
    """With a Dutch voice in the browser that speaks; what it is told to say is what is lit."""
    page = mailed
    page.context.add_init_script(VOICE)
    page.reload()
    expect(page.locator("#sound")).to_have_value("voice")
    calls(page, position="number/essm")
    hears(page, NUMBER)
    assert page.evaluate("said") == [says("numbers.essm.first"), "nul, één, nul"]


VOICE = """
const voice = { lang: "nl-NL" };
window.said = [];
let timer = 0;
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
Object.defineProperty(window, "speechSynthesis", { value: Object.assign(new EventTarget(), {
  getVoices: () => [voice],
  speak: (one) => { said.push(one.text); timer = setTimeout(() => one.onend(), 300); },
  cancel: () => clearTimeout(timer),
}) });
"""
"""A voice that takes 300 ms for everything. Chromium has none on a machine like this."""
