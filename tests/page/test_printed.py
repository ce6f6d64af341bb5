# SPDX-License-Identifier: EUPL-1.2
"""The page on paper."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page

from ivr.settings import Settings
from tests.cards.made import Plan, write
from tests.conftest import PUBLIC_URL, SETTINGS, says
from tests.languages import offered
from tests.page.conftest import NEEDS_CHROMIUM, NOTICE, TOLD, Visit, changed

pytestmark = NEEDS_CHROMIUM


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Our card in six languages, with the number of the line."""
    settings = offered(tmp_path_factory.mktemp("six"), "nl", "en", "es", "pl", "ro", "bg")
    with (settings.prompts / "card.yaml").open("a", encoding="utf-8") as card:
        card.write("\nown_number: 010-236 52 56\n")
    return settings


def test_printed_it_is_a_poster(visit: Visit, tmp_path: Path) -> None:
    """On paper there is every number with its hours and what it costs, a date, the line's number and a QR code."""
    page = visit(settings=changed(tmp_path, card="\nown_number: 010-236 52 56\n"))
    page.emulate_media(media="print")
    printed = page.locator("body").inner_text()
    for told in (
        "Bel 112",
        *("0900-8844", "010-236 52 56", "0800-5151", "0800-7000"),
        "ma–zo 8:30–22:00",
        "Op feestdagen kan dit anders zijn.",
        says("numbers.police.cost").partition(".")[0],
        "portaal.nlarbeidsinspectie.nl",
        "Zo is het op woensdag 25 november 2026.",
        "Bel 010-236\xa052\xa056.",
        f"{PUBLIC_URL}/",
    ):
        assert told in printed
    spots = [printed.index(f"\n{number}") for number in ("0900-8844", "010-236 52 56", "0800-5151", "0800-7000")]
    assert spots == sorted(spots)
    code = page.locator(".code svg").bounding_box()
    assert code
    assert code["width"] > 100  # 27 mm
    assert "open tot" not in printed
    assert "Verlaat" not in printed


@pytest.mark.parametrize("code", ["", "en", "es", "pl", "ro", "bg"])
def test_every_language_prints_on_one_sheet(visit: Visit, six: Settings, code: str) -> None:
    """The poster in each language is one A4."""
    assert sheets(visit(settings=six, path=f"/{code}")) == 1


@pytest.mark.parametrize(("numbers", "below"), [(8, 3), (7, 0), (1, 0)])
def test_up_to_nine_numbers_print_on_one_sheet(visit: Visit, tmp_path: Path, numbers: int, below: int) -> None:
    """With week and Saturday hours at each, and a notice, a card of two to nine numbers is one A4 too."""
    hours = "Mo-Fr 08:30-12:30,13:30-22:00; Sa 10:00-14:00; PH off"
    write(Plan(((hours, True),) * numbers, below, 0, 0), tmp_path)
    for file, more in (("card.yaml", f"{NOTICE}own_number: 010-236 52 56\n"), ("nl/line.yaml", TOLD)):
        with (tmp_path / file).open("a", encoding="utf-8") as opened:
            opened.write(more)
    page = visit(settings=replace(SETTINGS, prompts=tmp_path))
    assert page.locator(".choice").count() == numbers
    assert sheets(page) == 1


def sheets(page: Page) -> int:
    """How many sheets a page is on paper."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True)))
