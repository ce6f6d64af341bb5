# SPDX-License-Identifier: EUPL-1.2
"""`ivr check --due`, `--done` and `--known`: what a person looks up, and what they know of already."""

import json
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.messages.problems import CardError
from ivr.proof import known
from tests.commands.test_check import GOOD, ivr, with_holidays
from tests.conftest import SETTINGS

TODAY = date(2026, 11, 29)
ESSM = "☐ 010-236 52 56 (essm): "


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """A copy of our card, in which the ESSM was looked up long ago, with Windows' ends of lines."""
    folder = tmp_path / "repository" / "prompts"
    shutil.copytree(SETTINGS.prompts, folder)
    file = folder / "card.yaml"
    text = file.read_text(encoding="utf-8")
    before, after = text.split("  essm:", 1)
    text = before + "  essm:" + after.replace("checked: 2026-11-24", "checked: 2026-01-01", 1)
    file.write_bytes(text.replace("\n", "\r\n").encode())
    return folder


def test_what_is_due_is_a_list(card: Path) -> None:
    """Numbers that nobody looked up lately, holidays of a year, security.txt and unread languages stand in a list."""
    told = ivr("check", "--due", IVR_PROMPTS=str(card)).stdout.splitlines()
    assert all(line.startswith("☐ ") for line in told)
    (number,) = (line for line in told if line.startswith(f"{ESSM}nagekeken op 2026-01-01."))
    assert "(Meldroutekaart" in number
    assert "ivr check --done essm" in number
    assert any(line.startswith(f"{ESSM}de kaart zegt niet wat er gebeurt op 20") for line in told)
    assert any("map en/" in line for line in told)
    soon = datetime.now(UTC).date() + timedelta(days=50)
    contact = {"IVR_SECURITY_CONTACT": "mailto:beheer@lijn.example", "IVR_SECURITY_EXPIRES": f"{soon}"}
    assert f"{soon}" in ivr("check", "--due", IVR_PROMPTS=str(card), **contact).stdout


def test_nothing_is_due(tmp_path: Path) -> None:
    """Where all was looked up, that is said."""
    told = ivr("check", "--due", "--online", IVR_PROMPTS=with_holidays(tmp_path), **GOOD)
    assert told.stdout == "Er is deze maand niets om na te bellen of op te zoeken.\n"


def test_what_was_looked_up_is_written(card: Path) -> None:
    """--done changes the one date in the card, to today's, and no other byte."""
    before = (card / "card.yaml").read_bytes()
    told = ivr("check", "--done", "essm", IVR_PROMPTS=str(card))
    assert told.exit_code == 0, told.output
    assert f"{ESSM}nagekeken" not in told.stdout
    after = (card / "card.yaml").read_bytes()
    today = f"{datetime.now(ZoneInfo('Europe/Amsterdam')):%Y-%m-%d}".encode()
    assert after.replace(today, b"2026-01-01") == before
    assert b"\r\n" in after
    told = ivr("check", "--done", "esm", IVR_PROMPTS=str(card))
    assert "Er is geen nummer esm op de kaart. Wel: danger," in told.stderr


def test_the_served_card_stays_as_it_is(card: Path, tmp_path: Path) -> None:
    """--done refuses a card to which a link leads, by its link and by its own name: there the date would be lost."""
    served = tmp_path / "cards" / "a"
    shutil.copytree(card, served)
    (tmp_path / "prompts").symlink_to("cards/a")
    for name in (tmp_path / "prompts", served):
        told = ivr("check", "--done", "essm", IVR_PROMPTS=str(name))
        assert told.exit_code == 1
        assert "is de kaart die nu wordt voorgelezen" in told.stderr
    assert (served / "card.yaml").read_bytes() == (card / "card.yaml").read_bytes()


def test_a_known_doubt_is_set_aside(tmp_path: Path) -> None:
    """A warning that somebody knows of is shown with its reason and does not count; another of the same check does."""
    later = datetime.now(UTC).date() + timedelta(days=30)
    file = tmp_path / "known.txt"
    file.write_text(f"# Ours.\n\n{later} caller-id 010-236 52 56: ask\n{later} reviewed: somebody reads it\n")
    told = ivr("check", "--known", str(file), IVR_EDITOR_LANGUAGE="en")
    assert "✓ reviewed" in told.stdout
    assert f"    known until {later}: somebody reads it\n" in told.stdout
    file.write_text(f"{later} reviewed nothing that is said: somebody reads it\n")
    assert "! reviewed" in ivr("check", "--known", str(file)).stdout
    found = json.loads(ivr("check", "--json", "--known", str(tmp_path / "none")).stdout)
    assert {one["check"]: one["status"] for one in found}["reviewed"] == "warn"


def test_nothing_is_set_aside_for_ever(tmp_path: Path) -> None:
    """What is over counts again, and a line that cannot be understood, or that is for years, is told with its place."""
    file = tmp_path / "known.txt"
    file.write_text("2026-11-28 reviewed: over\n2026-11-29 reviewed: not yet\n")
    assert [one[-1] for one in known.read(file, TODAY)] == ["not yet"]
    file.write_text(
        "soon reviewed: yes\n2027-02-30 reviewed: no such day\n2026-12-01 reviewed\n2028-01-01 reviewed: x\n"
    )
    with pytest.raises(CardError) as told:
        known.read(file, TODAY)
    assert [(problem.message, str(problem.place)) for problem in told.value.problems] == [
        ("check-known", f"{file}:1:1"),
        ("check-known", f"{file}:2:1"),
        ("check-known", f"{file}:3:1"),
        ("check-known-long", f"{file}:4:1"),
    ]
