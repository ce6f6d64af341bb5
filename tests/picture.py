# SPDX-License-Identifier: EUPL-1.2
"""The picture of the telephone in the README, which `make picture` takes anew: a call to the ESSM, in Chromium."""

import shutil
import socket
from pathlib import Path

from playwright.sync_api import sync_playwright

from ivr.browser.app import make
from ivr.web import local
from tests.browser.conftest import BY_DAY
from tests.conftest import QUIET, SETTINGS
from tests.serving import in_a_thread

PICTURE = Path(__file__).parent.parent / "telephone.png"


def main() -> None:
    """Take the picture."""
    with socket.create_server(("127.0.0.1", 0)) as listening, sync_playwright() as playwright:
        serving, url = local.server(make(SETTINGS, lambda: BY_DAY), listening)
        with in_a_thread(serving):
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium-headless-shell"), args=QUIET)
            page = browser.new_page(viewport={"width": 1100, "height": 710}, reduced_motion="reduce")
            page.goto(f"{url}#position=number/essm")
            page.locator("#position option[value='number/essm']").wait_for(state="attached")
            page.locator("#sound").select_option("none")
            page.get_by_role("button", name="Bellen").click()
            page.locator("#captions .now").wait_for()
            for _ in range(6):
                page.keyboard.press("ArrowRight")
            page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=PICTURE)
            browser.close()


if __name__ == "__main__":
    main()
