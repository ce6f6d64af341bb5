# SPDX-License-Identifier: EUPL-1.2
"""The quick way out, in a real Chromium."""

import pytest
from playwright.sync_api import Page, expect

from ivr.card import EXIT
from tests.page.conftest import NEEDS_CHROMIUM, Visit

pytestmark = NEEDS_CHROMIUM

TWICE, ONCE, OVER = (
    "Druk nog twee keer op Shift om weg te gaan.",
    "Druk nog één keer op Shift om weg te gaan.",
    "Weggaan met Shift is gestopt.",
)


def press(page: Page, *keys: str) -> None:
    """Press keys one after another."""
    for key in keys:
        page.keyboard.press(key)


def left(visit: Visit) -> bool:
    """Whether the page asked for the weather."""
    return EXIT in visit.asked


def test_the_link_leads_to_the_weather_and_back_leads_elsewhere(visit: Visit) -> None:
    """The link leads away at once and takes the place of the page, so that Back does not lead to it."""
    page = visit()
    before = page.evaluate("history.length")
    page.get_by_role("link", name="Verlaat deze pagina").click()
    page.wait_for_url(EXIT)
    assert page.evaluate("history.length") == before
    page.go_back()
    assert page.url == "about:blank"


@pytest.mark.parametrize("keys", [["Shift"] * 3, ["ShiftLeft", "ShiftRight", "ShiftLeft"]])
def test_shift_three_times_leads_away(visit: Visit, keys: list[str]) -> None:
    """Shift three times, either of the two, leads away; each press is announced."""
    page = visit()
    press(page, keys[0])
    expect(page.get_by_role("status")).to_have_text(TWICE)
    press(page, keys[1])
    expect(page.get_by_role("status")).to_have_text(ONCE)
    press(page, keys[2])
    page.wait_for_url(EXIT)


def test_both_shifts_at_once_are_two_presses(visit: Visit) -> None:
    """Two hands that press alternately, one before the other has let go, get away too (govuk-frontend issue 5393)."""
    page = visit()
    for action, key in (("down", "ShiftLeft"), ("down", "ShiftRight"), ("up", "ShiftLeft"), ("up", "ShiftRight")):
        getattr(page.keyboard, action)(key)
    expect(page.get_by_role("status")).to_have_text(ONCE)


@pytest.mark.parametrize("other", ["a", "Shift+A", "Tab", "Shift+Tab", "Escape", "Control"])
def test_another_key_begins_anew(visit: Visit, other: str) -> None:
    """Any other key resets the count, which is announced; so do capitals, and going back through the page."""
    page = visit()
    press(page, "Shift", "Shift", other)
    expect(page.get_by_role("status")).to_have_text(OVER)
    press(page, "Shift", "Shift")
    expect(page.get_by_role("status")).to_have_text(ONCE)
    assert not left(visit)


@pytest.mark.parametrize("keys", [["Escape"] * 3, ["Shift+A"] * 3, ["Shift+Tab"] * 3])
def test_ordinary_keys_lead_nowhere(visit: Visit, keys: list[str]) -> None:
    """Escape belongs to the browser, and Shift with another key is typing: neither says or does anything."""
    page = visit()
    press(page, *keys)
    assert not left(visit)
    expect(page.get_by_role("status")).to_be_empty()


def test_a_click_begins_anew(visit: Visit) -> None:
    """Shift with the mouse selects text, and is no press."""
    page = visit()
    press(page, "Shift", "Shift")
    page.get_by_role("heading", level=1).click(modifiers=["Shift"])
    expect(page.get_by_role("status")).to_have_text(OVER)


def test_each_press_has_five_seconds(visit: Visit) -> None:
    """Within five seconds a press counts, after them the count begins anew; what was announced goes away again."""
    page = visit(still=True)
    press(page, "Shift")
    page.clock.run_for(4900)
    press(page, "Shift")
    page.clock.run_for(4900)
    expect(page.get_by_role("status")).to_have_text(ONCE)
    page.clock.run_for(200)
    expect(page.get_by_role("status")).to_have_text(OVER)
    press(page, "Shift")
    expect(page.get_by_role("status")).to_have_text(TWICE)
    page.clock.run_for(5100)
    expect(page.get_by_role("status")).to_have_text(OVER)
    page.clock.run_for(5100)
    expect(page.get_by_role("status")).to_be_empty()
    assert not left(visit)


@pytest.mark.parametrize("styled", [True, False])
def test_the_page_is_blank_before_it_leaves(visit: Visit, *, styled: bool) -> None:
    """Over a slow connection nothing of the page is left while the next one comes, whatever is pressed meanwhile."""
    page = visit(weather=204)  # which leaves a browser where it is
    if not styled:
        page.evaluate("document.querySelector('style').remove()")
    press(page, "Shift", "Shift", "Shift")
    expect(page.get_by_role("status")).to_have_text("Even geduld.")
    assert left(visit)
    press(page, "Shift", "a", "Escape")
    page.mouse.click(10, 10)
    assert page.locator("body").inner_text().strip() == "Even geduld."
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("status")).to_be_empty()
