# SPDX-License-Identifier: EUPL-1.2
"""The telephone in the browser is for everybody: without a mouse, without hurry, on any screen."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.tab import NEEDS, OpenPage, calls, hears
from tests.conftest import says

pytestmark = NEEDS


def test_a_keyboard_is_enough(open_page: OpenPage) -> None:
    """Somebody calls, presses keys and hangs up without a mouse, and without looking for a button."""
    page = open_page()
    page.get_by_role("button", name="Bellen", exact=True).focus()
    page.keyboard.press("Enter")
    hears(page, says("line.danger"))
    page.keyboard.press("1")
    hears(page, says("numbers.danger.first"))
    page.keyboard.press("3")  # the focus stays at the telephone
    expect(page.locator("#captions")).to_contain_text("drukt op 3")
    page.keyboard.press("Escape")
    expect(page.get_by_role("status").first).to_have_text("De beller hangt op")


def test_a_silence_can_be_skipped(open_page: OpenPage) -> None:
    """While the line waits the page counts down, and who presses "blijf stil" need not wait."""
    page = open_page()
    calls(page, position="goodbye/main", sound="none")
    expect(page.locator("#left")).to_have_text(re.compile(r"[1-9]\d* s"), timeout=40_000)
    page.get_by_role("button", name="Blijf stil").press("Enter")
    expect(page.get_by_role("status").first).to_have_text("De lijn hangt op")
    expect(page.locator("#wait")).to_be_hidden()
    expect(page.locator("#phone")).to_be_focused()


def test_keys_work_only_at_the_telephone(open_page: OpenPage) -> None:
    """A digit that is typed elsewhere on the page is no key (WCAG 2.1.4)."""
    page = open_page()
    calls(page, sound="none")
    hears(page, says("line.danger"))
    page.locator("#captions").focus()
    page.keyboard.press("3")
    page.locator("#phone").focus()
    page.keyboard.press("Control+4")
    page.keyboard.press("5")
    expect(page.locator("#captions .caller")).to_have_text("Beller drukt op 5")


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1200, "light")])
def test_the_page_is_for_everybody(open_page: OpenPage, width: int, scheme: str) -> None:
    """In each state axe finds nothing, and nothing is wider than a small screen (WCAG 2.2 AA)."""
    page = open_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    accessible(page)
    calls(page, sound="none")
    hears(page, says("line.danger"))
    for details in page.locator("summary").all():
        details.click()
    expect(page.locator("#map a.lit")).to_have_count(1)
    accessible(page)
    page.get_by_role("button", name="Ophangen").click()
    calls(page, position="connect/essm")
    expect(page.get_by_role("button", name="Niemand neemt op")).to_be_visible(timeout=30_000)
    accessible(page)


def accessible(page: Page) -> None:
    """Assert that axe finds nothing on the page, and that nobody must scroll sideways."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
