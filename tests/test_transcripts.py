# SPDX-License-Identifier: EUPL-1.2
"""Every whole call is as a person approved it, is named for what it does, and shows the first menu where it must."""

import shutil
from pathlib import Path

import pytest

from tests import transcripts
from tests.any_card import calls_of
from tests.cards import CARDS
from tests.conftest import LINES
from tests.transcripts import CALLS, IN_LANGUAGES, PROMISES, WHOLE_CALLS, broken_promises, made, main, mark


@pytest.mark.parametrize("name", WHOLE_CALLS)
def test_a_whole_call_is_as_it_was_approved(name: str) -> None:
    """The call is word for word the one that a person has read and approved."""
    approved = (CALLS / f"{name}.txt").read_text(encoding="utf-8")
    assert made(name) == approved, "if this is meant: make transcripts, read the difference aloud, commit it"


def test_every_approved_call_is_made() -> None:
    """No transcript is left behind when its call is gone."""
    assert {str(path.relative_to(CALLS).with_suffix("")) for path in CALLS.rglob("*.txt")} == set(WHOLE_CALLS)


@pytest.mark.parametrize(
    ("card", "whole", "shown"),
    [("ours", "stilte-dag", {"sterretje", "toets-acht", "alle-vijf/stilte"}), ("second", "second/stilte", set())],
)
def test_the_first_menu_stands_in_one_call(card: str, whole: str, shown: set[str]) -> None:
    """A changed sentence of the first menu changes the one call that shows it, and those that come back to it."""
    texts = {name: (CALLS / f"{name}.txt").read_text(encoding="utf-8") for name in WHOLE_CALLS}
    menu = texts[whole].partition("\nLijn ")[2].partition("\nBeller ")[0].splitlines()
    # What to do in danger, and the keys that every menu has, are said elsewhere too; an offer is not on every card.
    own = [line.rpartition("[nl] ")[2] for line in menu[1:-2] if "[en]" not in line]
    assert len(own) > 1
    for sentence in own:
        assert {name for name, text in texts.items() if sentence in text} == {whole} | shown
    assert all((mark(whole) in text) == (name != whole) for name, text in texts.items() if name in _of(card))


def _of(card: str) -> set[str]:
    ours = WHOLE_CALLS.keys() - IN_LANGUAGES.keys()
    return {name for name in ours if name.startswith("second/") == (card == "second")}


@pytest.mark.parametrize("name", WHOLE_CALLS)
def test_a_call_does_what_its_name_says(name: str) -> None:
    """Each call passes through the number, outcome or opening state that it is named for."""
    assert not broken_promises(name)
    assert name in {"stilte-dag", "second/stilte", "sterretje", "hekje"} or any(words in name for words in PROMISES)


def test_a_name_that_no_longer_fits_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Who writes the calls anew hears which keys no longer lead where the name says."""
    monkeypatch.setattr(transcripts, "CALLS", tmp_path)
    monkeypatch.setitem(WHOLE_CALLS, "adviespunt-nacht", ("Het adviespunt", "2026-11-25T14:00", "4"))
    monkeypatch.setattr(transcripts, "WHOLE_CALLS", {name: WHOLE_CALLS[name] for name in ("112", "adviespunt-nacht")})
    assert main("").startswith("adviespunt-nacht: this call no longer passes number essm, closed. Change")
    assert {file.name for file in tmp_path.iterdir()} == {"112.txt", "adviespunt-nacht.txt"}


def test_any_card_gets_its_calls(tmp_path: Path) -> None:
    """Beside another card stand its calls; written again, those that are gone go, and no other file does."""
    shutil.copytree(CARDS["second"], tmp_path, dirs_exist_ok=True)
    (tmp_path / "calls").mkdir()
    (tmp_path / "calls" / "notities.txt").write_text("van de redacteur")
    (tmp_path / "calls" / "nummer-weg.txt").write_text("# Weg\n$ ivr call --at 2026-11-25T14:00 --keys '9'\n")
    assert not main(str(tmp_path))
    assert {file.stem for file in (tmp_path / "calls").iterdir()} == {"notities", *calls_of(LINES["second"].card)}
    closed = (tmp_path / "calls" / "nummer-opvang-dicht.txt").read_text(encoding="utf-8")
    assert f"--keys '22'\n# met IVR_PROMPTS={tmp_path}\n\nLijn    [het menu: zie stilte.txt]" in closed
    assert "De opvang is dicht tot" in closed
    assert "dicht" not in (tmp_path / "calls" / "nummer-opvang-open.txt").read_text(encoding="utf-8")


def test_the_calls_of_a_card_show_all_of_it() -> None:
    """Each number open and closed, each end of a connection, each chapter, silence and the list have a call."""
    keys = {name: keys for name, (_, _, keys) in calls_of(LINES["ours"].card).items()}
    assert keys == {
        "stilte": "",
        "alle-nummers": "0",
        "nummer-danger": "1",
        "nummer-police": "2",
        "nummer-essm-open": "3",
        "nummer-essm-dicht": "3",
        "nummer-essm-doorverbonden": "39c",
        "nummer-essm-in-gesprek": "39b",
        "nummer-essm-niet-opgenomen": "39n",
        "nummer-essm-niet-gelukt": "39f",
        "nummer-nla": "4",
        "nummer-m": "5",
        "hoofdstuk-trafficking": "6",
        "hoofdstuk-sexual": "66",
        "hoofdstuk-criminal": "666",
        "hoofdstuk-labour": "6666",
        "hoofdstuk-doubt": "66666",
    }
