# SPDX-License-Identifier: EUPL-1.2
"""`ivr check`: what an editor and an operator see of the checks."""

import os
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr import address
from ivr.commands import main as cli
from ivr.editor.load import load, make_line
from ivr.editor.translations import digest
from ivr.phone import espeak
from ivr.position import Position
from ivr.proof import graph, proofs, proved, warnings
from ivr.proof.walked import Walked
from tests.cards import CARDS
from tests.conftest import LINES, SETTINGS, TOKEN, answers, with_edits
from tests.proof.test_checks import TODAY, edited, ours, slow_opening
from tests.serving import free_port, serving


def ivr(*arguments: str, **variables: str) -> Result:
    """Run the command with no other settings than these."""
    none = {name: None for name in os.environ if name.startswith(("IVR_", "TWILIO_"))}
    return CliRunner().invoke(cli.main, arguments, env={**none, **variables}, prog_name="ivr")


GOOD = {"TWILIO_AUTH_TOKEN": "abc", "IVR_PUBLIC_URL": "https://lijn.example", "IVR_CALLER_ID": "+12025550123"}


def with_holidays(folder: Path) -> str:
    """Our card, which says what happens on holidays, checked today."""
    today = date.today().isoformat()  # noqa: DTZ011 - the command's own clock
    edits = [
        ("Mo-Su 08:30-22:00", "Mo-Su 08:30-22:00; PH off; easter -2 days off; May 05 off"),
        ("checked: 2026-11-24", f"checked: {today}"),
    ]
    shutil.copytree(SETTINGS.prompts, folder, dirs_exist_ok=True)
    card = folder / "card.yaml"
    text = card.read_text(encoding="utf-8")
    for old, new in edits:
        text = text.replace(old, new)
    card.write_text(text, encoding="utf-8")
    with (folder / "en" / "language.yaml").open("a", encoding="utf-8") as english:
        said = digest(make_line(SETTINGS).spoken("en").sentences)
        english.write(f"reviewed_by: verzonnen\nreviewed: 2026-11-24\nreviewed_said: {said}\n")
    return str(folder)


def test_the_command_is_green(tmp_path: Path) -> None:
    """`ivr check` on a card and settings that are right says so, tells what the hours mean, and ends with 0."""
    result = ivr("check", "--strict", IVR_PROMPTS=with_holidays(tmp_path), **GOOD)
    assert result.exit_code == 0, result.stdout
    told = "essm is open: elke dag van half negen 's ochtends tot tien uur 's avonds. Op feestdagen: dicht op "
    assert f"✓ card         Zijn de kaart en de zinnen te lezen?\n    {told}" in result.stdout
    assert result.stdout.count("✓") == len(proofs.PROOFS) + len(warnings.WARNINGS) + 3
    assert result.stdout.endswith("Controles: 24. Goed: 24. Waarschuwing: 0. Fout: 0.\n")


def test_a_translation_of_what_the_first_language_no_longer_says_is_told(tmp_path: Path) -> None:
    """Who changes a sentence in Dutch is told that English callers may hear the old one, until somebody accepts it."""
    with_edits(tmp_path, ("nl/menus.yaml", "about: ", "about: Goed. "))
    told = ivr("check", IVR_PROMPTS=str(tmp_path), **GOOD).stdout
    assert "! translated " in told
    assert "menus.main.about" in told
    assert ivr("translate", "accept", "en", IVR_PROMPTS=str(tmp_path)).exit_code == 0
    assert "✓ translated " in ivr("check", IVR_PROMPTS=str(tmp_path), **GOOD).stdout


def test_a_voice_that_twilio_does_not_have_is_told() -> None:
    """A voice that is not in our table warns, with where to look; each language that is offered has its own."""
    line = make_line(replace(SETTINGS, voice="Polly.Nobody"))
    found = list(warnings.voices(warnings.Looked(line, SETTINGS, TODAY)))
    assert [one.values["voice"] for one in found] == ["Polly.Nobody"]
    assert all("https://www.twilio.com/" in one.text(language) for one in found for language in ("nl", "en"))


def test_warnings_count_only_when_strict() -> None:
    """A warning is shown with its place and its cure; the exit code tells it with --strict only."""
    result = ivr("check", IVR_PUBLIC_URL="http://lijn.example", TWILIO_AUTH_TOKEN="abc")
    assert "http://lijn.example is niet beveiligd" in result.stdout
    assert result.exit_code == 0
    assert ivr("check", "--strict", IVR_PUBLIC_URL="http://lijn.example", TWILIO_AUTH_TOKEN="abc").exit_code == 1


def test_without_settings_the_card_is_checked() -> None:
    """An editor's machine has no settings: that is a warning, and the card is checked."""
    result = ivr("check")
    assert result.exit_code == 0
    assert "Er zijn geen instellingen" in result.stdout
    assert "✓ durations" in result.stdout


def test_wrong_settings_hide_no_mistake_in_the_card(tmp_path: Path) -> None:
    """Where a setting is wrong, the card is judged all the same, and the right one is not asked over the network."""
    (tmp_path / "card.yaml").write_text("name: x\n", encoding="utf-8")
    result = ivr("check", "--online", IVR_PROMPTS=str(tmp_path), **GOOD | {"IVR_CALLER_ID": "010"})
    assert "In IVR_CALLER_ID staat '010'" in result.stdout
    assert f"{tmp_path}/card.yaml: " in result.stdout
    sound = ivr("check", "--online", **GOOD | {"IVR_CALLER_ID": "010"})
    assert "✓ durations" in sound.stdout
    assert "online" not in sound.stdout
    assert sound.exit_code == 2


def test_a_broken_address_of_a_way_back_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A number is not answered from every menu again, and yet each menu that `#` leads back to is held to TwiML."""
    card = LINES["second"].card
    query, menus = address._query, {one.position.menu for one in graph.steps(card)} - {""}  # noqa: SLF001
    assert len(menus) > 1
    for menu in menus:

        def broken(position: Position, offer: str, menu: str = menu) -> str:
            return query(position, offer).replace(f"menu={menu}", f"menu={menu} ")

        monkeypatch.setattr(address, "_query", broken)
        line = make_line(replace(SETTINGS, prompts=CARDS["second"]))  # one that has kept no answer yet
        found = list(proofs.twiml(Walked(answers(line))))
        assert found
        assert {one.message for one in found} == {"found-twiml"}


def test_a_card_that_fails_a_proof_is_not_served(tmp_path: Path) -> None:
    """`ivr serve` does not start on it, and says why; `ivr check` ends with 2."""
    slow_opening(tmp_path)
    for name, code in (("serve", 1), ("check", 2)):
        result = ivr(name, IVR_PROMPTS=str(tmp_path), **GOOD)
        assert result.exit_code == code
        assert "Maak de zinnen korter" in result.output


@pytest.mark.starts
def test_the_network_is_asked_only_with_online(tmp_path: Path) -> None:
    """`ivr check --online` calls the public address and looks for the fallback; without settings it asks nobody."""
    port = free_port()
    here = {"TWILIO_AUTH_TOKEN": TOKEN, "IVR_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    with serving(tmp_path, here, port=port):
        result = ivr("check", "--online", **here)
    assert "✓ online" in result.stdout
    assert "✗ fallback" in result.stdout
    assert "IVR_FALLBACK_URL is niet ingevuld" in result.stdout
    assert result.exit_code == 2
    assert "✗ online" in ivr("check", "--online", **here).stdout
    assert "online" not in ivr("check", **here).stdout
    assert "Er is geen token om mee te ondertekenen." in ivr("check", "--online").stdout


def test_a_finding_says_where(tmp_path: Path) -> None:
    """A finding about a fact names its file and line."""
    line = edited(tmp_path, ("card.yaml", "Mo-Su 08:30-22:00", "00:00-24:00"))
    on = warnings.Looked(line, SETTINGS, TODAY, load(tmp_path).places)
    found = [one for one in warnings.warn(on) if one.name == "hours"]
    assert re.match(rf"{re.escape(str(tmp_path))}/card.yaml:\d+:\d+: 010-236 52 56 is", found[0].findings[0].text("nl"))


def test_the_estimate_stands_in_for_espeak(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where espeak-ng is absent the waits are estimated, and a good card still passes."""
    monkeypatch.setattr(espeak, "available", lambda: False)
    assert {result.status for result in proved.prove(answers(ours()), measure=True)} == {"pass"}
