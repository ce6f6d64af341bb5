# SPDX-License-Identifier: EUPL-1.2
"""The page some hours later, and what a browser and a passer-by keep of it."""

from datetime import timedelta
from pathlib import Path

from playwright.sync_api import ViewportSize

from ivr.editor.load import make_line
from ivr.page.render import PageRenderer
from tests.conftest import BY_DAY, LINE, says
from tests.languages import offered
from tests.page.conftest import NEEDS_CHROMIUM, NOTICE, TOLD, Visit, changed

pytestmark = NEEDS_CHROMIUM

HOUR = 3_600_000
NOW = BY_DAY.replace(tzinfo=LINE.card.timezone)
OPEN = "Woensdag 25 november: open tot 22:00"


def test_a_page_that_stays_open_says_nothing_false(visit: Visit, tmp_path: Path) -> None:
    """What is over goes by itself: in a tab over closing time, after Back from the browser's own store, on paper."""
    page = visit(settings=changed(tmp_path, card=NOTICE, line=TOLD), still=True, now=NOW)
    told, notice = page.get_by_text(OPEN), page.get_by_text("Door een storing")
    page.clock.run_for(7 * HOUR)
    assert told.is_visible()
    page.clock.run_for(HOUR + 10_000)
    assert told.is_hidden()
    assert notice.is_visible()
    page.clock.set_system_time(NOW - timedelta(hours=1))
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert told.is_visible()
    for event in ("pageshow", "visibilitychange", "beforeprint"):
        page.clock.set_system_time(NOW + timedelta(days=7))
        page.evaluate("name => dispatchEvent(new Event(name))", event)
        assert (told.is_hidden(), notice.is_hidden()) == (True, True)
        page.clock.set_system_time(NOW)
        page.evaluate("dispatchEvent(new Event('pageshow'))")
    assert page.get_by_text("Open: ma–zo 8:30–22:00").is_visible()


def test_a_saved_page_says_nothing_false(visit: Visit, tmp_path: Path) -> None:
    """A page for any time has its date, the notice with its dates, and that holidays may differ; later no notice."""
    settings = changed(tmp_path, card=NOTICE, line=TOLD)
    line = make_line(settings)
    html = PageRenderer({"nl": line}, settings, {"nl": "./"}).page("nl", NOW)
    page = visit(html=html, still=True, now=NOW + timedelta(days=30))
    assert page.get_by_text("Door een storing").is_hidden()
    for words in ("Op feestdagen kan dit anders zijn.", "Zo is het op woensdag 25 november 2026."):
        assert page.get_by_text(words).is_visible()
    assert "open tot" not in page.locator("body").inner_text()
    page = visit(html=html, java_script_enabled=False)
    assert page.get_by_text("Zondag 1 november 0:00 – dinsdag 1 december 0:00").is_visible()


def test_ways_in_the_page_leave_no_history(visit: Visit) -> None:
    """Whoever follows a link inside the page adds nothing to the history, and is where it leads."""
    page = visit()
    before = page.evaluate("history.length")
    page.get_by_role("link", name=says("menus.main.choices.trafficking.long")).click()
    page.wait_for_url("**/#d6")
    assert page.evaluate("[history.length, document.activeElement.id]") == [before, "d6"]
    assert page.get_by_role("heading", name=says("chapters.trafficking.about")).is_visible()


def test_danger_is_in_the_first_view(visit: Visit, tmp_path: Path) -> None:
    """On the smallest screen, with six languages, the number for danger is seen at once, before the languages."""
    six = offered(tmp_path, "nl", "en", "es", "pl", "ro", "bg")
    page = visit(settings=six, viewport=ViewportSize(width=320, height=568))
    box = page.get_by_role("link", name="Bel 112").bounding_box()
    assert box
    assert box["y"] + box["height"] < 568
    languages = page.get_by_role("navigation").bounding_box()
    assert languages
    assert languages["y"] > box["y"]
