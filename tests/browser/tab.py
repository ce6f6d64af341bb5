# SPDX-License-Identifier: EUPL-1.2
"""Somebody at the telephone in a tab of a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

NEEDS = [pytest.mark.starts("chromium-headless-shell"), pytest.mark.starts("espeak-ng")]

NUMBER = "nul, één, nul"
"""How the ESSM's number begins."""

OpenPage = Callable[..., Page]


def calls(page: Page, **options: str) -> None:
    """Call; the options are what is chosen for this call."""
    for name, value in options.items():
        page.locator(f"#{name}").select_option(value)
    page.get_by_role("button", name="Bellen", exact=True).click()


def hears(page: Page, text: str) -> None:
    """The sentence that is said now has this text."""
    lit = "text => document.querySelector('#captions .now')?.textContent.includes(text)"
    page.wait_for_function(lit, arg=text, timeout=60_000)  # looks at every frame: a word is said in a second
