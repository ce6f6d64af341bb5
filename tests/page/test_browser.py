# SPDX-License-Identifier: EUPL-1.2
"""The page in a real Chromium: what axe sees, and what no engine sees."""

from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from ivr.card import EXIT
from tests.cards import CARDS
from tests.conftest import BY_DAY, BY_NIGHT, SETTINGS, with_hours
from tests.page.conftest import DESKTOP, NEEDS_CHROMIUM, NOTICE, TELEPHONE, TOLD, ZOOMED, Visit, changed

pytestmark = NEEDS_CHROMIUM

SIGNALS = "\nsignals:\n  sexual: https://voorbeeld.example/a\n  labour: https://voorbeeld.example/b\n"

NUMBERS = ["tel:112", "tel:09008844", "tel:+31102365256", "tel:08005151", "tel:08007000"]

FOCUSED = """() => {
  const at = document.activeElement;
  const seen = [...at.getClientRects()].every(line => [line.top + 2, line.bottom - 2].every(
    y => at.contains(document.elementFromPoint((line.left + line.right) / 2, y))));
  return [at.getAttribute("href") ?? at.tagName, seen, getComputedStyle(at).outlineStyle];
}"""


def violations(page: Page) -> list[str]:
    """What axe finds, as words."""
    found = Axe().run(page)
    return [f"{one['id']}: {node['html']}" for one in found.response["violations"] for node in one["nodes"]]


def hrefs(page: Page) -> list[str]:
    """Where the links lead, in the order of the page."""
    return [str(link.get_attribute("href")) for link in page.get_by_role("link").all()]


def tabbed(page: Page, key: str) -> list[tuple[str, bool, str]]:
    """What a key leads through until it leaves the page or begins again: what it is, is it all seen, its outline."""
    steps: list[tuple[str, bool, str]] = []
    while True:
        page.keyboard.press(key)
        href, seen, outline = page.evaluate(FOCUSED)
        if href == "BODY" or (steps and href == steps[0][0]):
            return steps
        steps.append((href, seen, outline))


@pytest.mark.parametrize("state", ["open", "closed", "unusual", "everything", "second"])
def test_axe_finds_nothing(visit: Visit, tmp_path: Path, state: str) -> None:
    """In every state, on every screen, light and dark, axe has nothing to say, its best practices included."""
    settings = {
        "unusual": lambda: with_hours(tmp_path, "Mo-Su 08:30-22:00; 2026 Nov 26 off"),
        "everything": lambda: changed(tmp_path, card=NOTICE + SIGNALS, line=TOLD),
        "second": lambda: replace(SETTINGS, prompts=CARDS["second"]),
    }.get(state, lambda: SETTINGS)()
    at = BY_NIGHT if state == "closed" else BY_DAY
    page = visit(at, settings)
    for screen in (ZOOMED, TELEPHONE, DESKTOP):
        page.set_viewport_size(screen)
        for dark in (False, True):
            page.emulate_media(color_scheme="dark" if dark else "light")
            assert not violations(page), (screen, dark)
    assert not visit.complaints


@pytest.mark.parametrize("screen", [ZOOMED, TELEPHONE, DESKTOP], ids=lambda screen: str(screen["width"]))
def test_what_has_the_focus_is_seen(visit: Visit, screen: ViewportSize) -> None:
    """Forwards and backwards, what a key leads to has an outline, and the exit link covers nothing of it."""
    page = visit(viewport=screen)
    order = ["#numbers", EXIT, *(href for href in hrefs(page) if href not in ("#numbers", EXIT))]
    forwards = tabbed(page, "Tab")
    assert [href for href, _, _ in forwards] == order
    backwards = tabbed(page, "Shift+Tab")
    assert [href for href, _, _ in backwards] == order[::-1]
    assert not [href for href, seen, outline in forwards + backwards if not seen or outline != "solid"]


def test_keys_alone_lead_past_the_exit_and_out(visit: Visit) -> None:
    """The first key offers the way to the numbers, which the next key reaches; the second key is on the way out."""
    page = visit()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)[0] == "tel:112"
    page = visit()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)[0] == EXIT
    page.keyboard.press("Enter")
    page.wait_for_url(EXIT)


@pytest.mark.parametrize("screen", [ZOOMED, ViewportSize(width=320, height=800)], ids=["400 %", "320 px"])
def test_nothing_is_wider_than_a_narrow_screen(visit: Visit, screen: ViewportSize) -> None:
    """At 320 pixels nobody scrolls sideways; nor with the wider text that WCAG 1.4.12 wants to be possible."""
    page = visit(viewport=screen)
    wide = "document.documentElement.scrollWidth"
    assert page.evaluate(wide) == 320
    spaced = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    page.evaluate("rule => document.styleSheets[0].insertRule(rule, document.styleSheets[0].cssRules.length)", spaced)
    assert page.evaluate(wide) == 320


def test_all_of_it_is_there_without_javascript(visit: Visit) -> None:
    """Without scripts the page says whether it is open now, every number can be called, and the exit is a link."""
    page = visit(java_script_enabled=False)
    assert [href for href in hrefs(page) if href.startswith("tel:")] == NUMBERS
    assert page.get_by_text("Woensdag 25 november: open tot 22:00").is_visible()
    page.get_by_role("link", name="Verlaat deze pagina").click()
    page.wait_for_url(EXIT)


def test_it_can_be_read_without_styles(visit: Visit) -> None:
    """Without styles danger comes first and the rest in the order of the card, and nothing more than on paper."""
    page = visit()
    page.evaluate("document.querySelectorAll('.printed, .holidays').forEach(one => one.remove())")
    styled = page.evaluate("document.body.innerText.replace(/\\s+/g, ' ')")
    page.evaluate("document.querySelector('style').remove()")
    plain = page.evaluate("document.body.innerText.replace(/\\s+/g, ' ')")
    assert plain == styled
    spots = [plain.index(number) for number in ("112", "0900-8844", "010-236 52 56", "0800-5151", "0800-7000")]
    assert spots == sorted(spots)


def test_forced_colours_leave_edges(visit: Visit) -> None:
    """Where the system chooses the colours, a button still has an edge, since its background is gone."""
    page = visit(forced_colors="active")
    edges = "link => { const s = getComputedStyle(link); return [s.borderTopStyle, parseFloat(s.borderTopWidth) >= 1] }"
    for link in page.locator(".call a, #exit").all():
        assert link.evaluate(edges) == ["solid", True]
    assert all(outline == "solid" for _, _, outline in tabbed(page, "Tab"))


def test_nothing_moves(visit: Visit) -> None:
    """There is no motion to reduce: nothing on the page moves, fades or scrolls by itself."""
    page = visit(reduced_motion="no-preference")
    styles = "[...document.querySelectorAll('*')].map(e => getComputedStyle(e))"
    moving = f"{styles}.filter(s => s.transitionDuration !== '0s' || s.animationName !== 'none' || "
    assert page.evaluate(f"{moving} s.scrollBehavior !== 'auto').length") == 0


def test_nobody_else_is_asked_and_nothing_is_kept(visit: Visit) -> None:
    """The page is one request: no font, no picture, nobody else; no cookie, nothing in the browser's stores."""
    page = visit()
    page.wait_for_load_state("networkidle")
    assert visit.asked == [page.url]
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
