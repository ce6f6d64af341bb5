# SPDX-License-Identifier: EUPL-1.2
"""The telephone in a real browser for who changes the card: skipping ahead, the map, the difference, a link to send."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.tab import NEEDS, NUMBER, OpenPage, calls, hears
from tests.browser.test_saved import commit
from tests.conftest import says

pytestmark = NEEDS


def test_who_goes_onward_hears_the_end_at_once(open_page: OpenPage) -> None:
    """The arrow skips a sentence at a time, also with the mouse, and stays silent where the line waits."""
    page = open_page()
    calls(page, position="number/essm")
    hears(page, says("numbers.essm.first"))
    page.get_by_role("button", name="Verder").click()
    for _ in range(60):
        if page.get_by_role("button", name="Blijf stil").is_visible():
            break
        page.keyboard.press("ArrowRight")
    said = page.locator("#captions").inner_text()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#captions .caller")).to_have_text("Beller blijft stil (10 s)")
    assert says("numbers.essm.full_name") in said
    assert page.evaluate("voice.paused") or page.locator("#captions .now").count()


def test_moment_and_place_stand_in_the_address(open_page: OpenPage) -> None:
    """Who is sent the address begins there, and what is chosen is in it; the rest of the world sees no new page."""
    page = open_page("#at=2026-11-25T23:30&position=number/essm")
    expect(page.locator("#position")).to_have_value("number/essm")
    assert (page.locator("#at").input_value(), page.locator("#moment").input_value()) == ("other", "2026-11-25T23:30")
    calls(page, sound="none")
    hears(page, says("numbers.essm.closed", opens="morgenochtend half negen"))
    before = page.evaluate("history.length")
    page.locator("#at").select_option("2026-12-25T14:00")
    page.locator("#position").select_option("connect/essm")
    assert page.evaluate("[location.hash, history.length]") == [
        "#at=2026-12-25T14%3A00&position=connect%2Fessm&language=nl",
        before,
    ]
    page.evaluate("location.hash = '#position=number/nobody'")
    expect(page.locator("#position")).to_have_value("")
    expect(page.locator("#at")).to_have_value("now")


def test_the_map_begins_a_call_and_shows_where_it_is(open_page: OpenPage) -> None:
    """Each box begins a call there, by keyboard too, and the box of the place where the call is, is lit."""
    page = open_page()
    page.locator("#sound").select_option("none")
    page.get_by_text("De lijn als tekening").click()
    page.locator("#map a").filter(has_text="Het adviespunt").focus()
    page.keyboard.press("Enter")
    hears(page, NUMBER)
    expect(page.locator("#map a[aria-current]")).to_contain_text("Het adviespunt")
    expect(page.locator("#map [data-language=nl] button[aria-current]")).to_have_attribute("data-begin", "number/essm")
    page.locator("#phone").focus()
    page.keyboard.press("#")
    expect(page.locator("#map a.lit")).to_contain_text("main", timeout=10_000)
    page.keyboard.press("Escape")
    expect(page.locator("#map a.lit")).to_have_count(0)


def test_a_change_is_heard_in_one_click(open_page: OpenPage, prompts: Path) -> None:
    """Behind what changed stands a button that makes a call which begins there; a later save changes both."""
    commit(prompts.parent)
    file, last = prompts / "nl" / "numbers.yaml", says("numbers.essm.full_name")
    good = file.read_text(encoding="utf-8")
    file.write_text(good.replace(last, "Is het voor je werk?"), encoding="utf-8")
    page = open_page()
    page.locator("#sound").select_option("none")
    page.locator("#diff").evaluate("diff => (diff.open = true)")
    page.get_by_role("button", name="Beluister").click(timeout=30_000)
    hears(page, "Is het voor je werk?")
    file.write_text(good.replace(last, "Voor je werk?"), encoding="utf-8")
    page.get_by_role("button", name="Ophangen").click()
    expect(page.locator("#diff li")).to_contain_text("„Voor je werk?", timeout=30_000)
    file.write_text(good, encoding="utf-8")


def test_silence_has_a_reason(open_page: OpenPage) -> None:
    """Where there is no sound, nothing can be copied or nobody answers, the page says so, and the call goes on."""
    page, fails = open_page(), "Het geluid lukt nu niet. Het gesprek gaat door zonder: lees mee."
    page.route("**/sound/**", lambda route: route.fulfill(status=200, content_type="audio/wav", body="none"))
    calls(page, position="number/essm")
    expect(page.get_by_role("status").first).to_have_text(fails)
    hears(page, NUMBER)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
    page.get_by_role("button", name="Als opdracht").click()
    expect(page.locator("#copied")).to_contain_text("Je browser laat kopiëren niet toe.")
    expect(page.locator("#text")).to_have_value(re.compile("make call"))
    page.get_by_role("button", name="Ophangen").click()
    page.route("**/state*", lambda route: route.fulfill(status=200, body="gone"))
    expect(page.get_by_role("status").first).to_contain_text("De telefoon antwoordt niet meer.", timeout=10_000)
    page.unroute("**/state*")
    expect(page.get_by_role("status").first).to_have_text("Klaar om te bellen.", timeout=10_000)


def test_forced_colours_leave_edges_and_the_lit_sentence(open_page: OpenPage) -> None:
    """Where the system chooses the colours each button has an edge, and what is said now is marked by a line."""
    page = open_page()
    page.emulate_media(forced_colors="active")
    calls(page, sound="none")
    hears(page, says("line.danger"))
    for button in page.locator("#phone button:visible").all():
        drawn = "b => [getComputedStyle(b).borderTopStyle, parseFloat(getComputedStyle(b).borderTopWidth) >= 1]"
        assert button.evaluate(drawn) == ["solid", True]
    assert page.locator("#captions .now").evaluate("p => getComputedStyle(p).borderBottomStyle") == "solid"


def test_what_is_said_is_seen_beside_the_keys(open_page: OpenPage) -> None:
    """On a small screen one can call at once, and the display stays in view above the keys; the page names its card."""
    page = open_page()
    page.set_viewport_size({"width": 375, "height": 667})
    button = page.get_by_role("button", name="Bellen", exact=True).bounding_box()
    assert button
    assert button["y"] + button["height"] < 667
    calls(page, sound="none")
    hears(page, says("line.danger"))
    page.get_by_role("button", name="Ophangen").scroll_into_view_if_needed()
    box = page.locator("#current").bounding_box()
    assert box
    assert 0 <= box["y"] < 667 - box["height"]
    expect(page.locator("#card")).to_have_text("De kaart: Meldroutekaart mensenhandel, regio Rotterdam")
