# SPDX-License-Identifier: EUPL-1.2
"""What readers wrote in the file that was mailed, put together: `ivr remarks`."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ivr.commands import main as cli
from ivr.editor.load import fingerprint
from ivr.editor.translations import digest
from ivr.review.map_page import numbered, sections
from tests.conftest import BY_DAY, LINE, SETTINGS, says, with_edits

REMARK = {"language": "nl", "number": 1, "sentence": "Hallo.", "verdict": "good", "remark": ""}
"""A remark as the page writes it."""


@cache
def on_map() -> dict[str, int]:
    """The sentences of the map, with their numbers."""
    return numbered(sections(LINE, "nl", BY_DAY.date(), "nl"))


def sentence(id_: str) -> str:
    """A sentence as the map has it, by its id."""
    return next(text for text in on_map() if text.startswith(says(id_)))


def remark(id_: str, verdict: str, text: str = "", **more: object) -> dict[str, object]:
    """A remark about a sentence, by its id."""
    about = sentence(id_)
    return {**REMARK, "number": on_map()[about], "sentence": about, "verdict": verdict, "remark": text, **more}


def saved(folder: Path, name: str, *remarks: object, card: object = fingerprint(SETTINGS.prompts)) -> str:
    """A file with what somebody wrote."""
    file = folder / f"{name}.json"
    file.write_text(json.dumps({"card": card, "name": name, "remarks": remarks}), encoding="utf-8")
    return str(file)


def told(*files: str, **environ: str) -> Result:
    """What `ivr remarks` makes of them."""
    return CliRunner(env=environ).invoke(cli.main, ["remarks", *files])


def test_remarks_of_several_people_stand_together_at_their_sentence(tmp_path: Path) -> None:
    """In the order of the map, each once: a second opinion at another moment too; one line each, whatever was typed."""
    by_day, by_night = ({"moment": f"2026-11-25T{hour}:00", "position": "menu/main"} for hour in (14, 23))
    one = saved(
        tmp_path,
        "AB",
        remark("numbers.essm.first", "good"),
        remark("line.danger", "other", "Wie is\n\u001bons?", **by_day),
    )
    two = saved(tmp_path, "CD", remark("line.danger", "good"), remark("line.danger", "wrong", **by_night))
    result = told(one, two, one)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        f"Over de kaart zoals hij nu is ({fingerprint(SETTINGS.prompts)}): AB, CD.\n"
        "- Las iemand alle zinnen (nl)? Schrijf dan in nl/language.yaml reviewed_said: "
        f"{digest(LINE.spoken('nl').sentences)}\n"
        f"\nZin 1 (nl): {sentence('line.danger')}\n"
        "- AB: liever anders. Wie is  ons? (2026-11-25T14:00, menu/main)\n"
        "- CD: goed\n"
        "- CD: fout (2026-11-25T23:00, menu/main)\n"
        f"\nZin {on_map()[sentence('numbers.essm.first')]} (nl): {sentence('numbers.essm.first')}\n"
        "- AB: goed\n"
    )


def test_a_sentence_that_changed_since_is_told_as_such(tmp_path: Path) -> None:
    """So is a version of the card that is no longer there; another sentence has its number of today."""
    prompts = with_edits(tmp_path, ("nl/line.yaml", "danger: ", "danger: Ja. ")).prompts
    result = told(
        saved(tmp_path, "", remark("line.danger", "wrong"), remark("numbers.essm.first", "good", number=99)),
        IVR_PROMPTS=str(prompts),
    )
    assert result.exit_code == 0
    assert f"Over een andere versie van de kaart ({fingerprint(SETTINGS.prompts)}): …." in result.stdout
    assert "reviewed_said" not in result.stdout, "nobody read the card as it is now"
    assert f"Zin 1 (nl), die er nu niet meer zo staat: {sentence('line.danger')}\n- …: fout" in result.stdout
    assert f"Zin {on_map()[sentence('numbers.essm.first')]} (nl): {sentence('numbers.essm.first')}" in result.stdout


@pytest.mark.parametrize("text", ["", "Bijlage verwijderd", '{"card": ', "[" * 100_000])
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    """With what to do; the others are read."""
    broken = tmp_path / "stuk.json"
    broken.write_text(text, encoding="utf-8")
    result = told(saved(tmp_path, "AB", remark("numbers.essm.first", "good")), str(broken))
    assert result.exit_code == 2
    assert "- AB: goed" in result.stdout
    assert result.stderr.startswith(f"{broken}: dit bestand is beschadigd.")


@pytest.mark.parametrize(
    "content",
    [
        [],
        {"card": "0", "name": "AB"},
        {"card": 1, "name": "AB", "remarks": [REMARK]},
        {"card": "0", "name": "AB", "remarks": [REMARK | {"verdict": "prima"}]},
        {"card": "0", "name": "AB", "remarks": [REMARK | {"number": "1"}]},
        {"card": "0", "name": "AB", "remarks": [REMARK | {"page": 3}]},
        {"card": "0", "name": "AB", "remarks": ["goed"]},
        {"card": "0", "name": "AB", "remarks": [{"number": 1}]},
    ],
)
def test_a_file_of_something_else_is_named(tmp_path: Path, content: Any) -> None:  # noqa: ANN401 - as JSON is
    """It is not taken for remarks: another program's, or another version's."""
    foreign = tmp_path / "ander.json"
    foreign.write_text(json.dumps(content), encoding="utf-8")
    result = told(str(foreign))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"{foreign}: hierin staan geen opmerkingen van deze versie")
