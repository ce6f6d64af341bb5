# SPDX-License-Identifier: EUPL-1.2
"""`ivr check --due`: what a person looks up."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.commands.test_check import GOOD, ivr, with_holidays
from tests.conftest import SETTINGS

TODAY = date(2026, 11, 29)
ESSM = "☐ 010-236 52 56 (essm): "


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """A copy of our card, in which the ESSM was looked up long ago."""
    folder = tmp_path / "repository" / "prompts"
    shutil.copytree(SETTINGS.prompts, folder)
    file = folder / "card.yaml"
    text = file.read_text(encoding="utf-8")
    before, after = text.split("  essm:", 1)
    after = after.replace("checked: 2026-11-24", "checked: 2026-01-01", 1)
    file.write_text(f"{before}  essm:{after}", encoding="utf-8")
    return folder


def test_what_is_due_is_a_list(card: Path) -> None:
    """Numbers that nobody looked up lately, holidays of a year, security.txt and unread languages stand in a list."""
    told = ivr("check", "--due", IVR_PROMPTS=str(card)).stdout.splitlines()
    assert all(line.startswith("☐ ") for line in told)
    (number,) = (line for line in told if line.startswith(f"{ESSM}nagekeken op 2026-01-01."))
    assert "(Meldroutekaart" in number
    assert any(line.startswith(f"{ESSM}de kaart zegt niet wat er gebeurt op 20") for line in told)
    assert any("map en/" in line for line in told)
    soon = datetime.now(UTC).date() + timedelta(days=50)
    contact = {"IVR_SECURITY_CONTACT": "mailto:beheer@lijn.example", "IVR_SECURITY_EXPIRES": f"{soon}"}
    assert f"{soon}" in ivr("check", "--due", IVR_PROMPTS=str(card), **contact).stdout


def test_nothing_is_due(tmp_path: Path) -> None:
    """Where all was looked up, that is said."""
    told = ivr("check", "--due", "--online", IVR_PROMPTS=with_holidays(tmp_path), **GOOD)
    assert told.stdout == "Er is deze maand niets om na te bellen of op te zoeken.\n"
