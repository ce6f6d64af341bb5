# SPDX-License-Identifier: EUPL-1.2
"""Every check passes on a good card, and there is a line that fails it and nothing else."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr import address, cli, dialogue, make_line, settings
from ivr.card import Card
from ivr.line import Line, Spoken
from ivr.phone import espeak
from ivr.position import Kind, Position
from ivr.proof import checks, command, graph, proofs, warnings
from ivr.proof.durations import waits
from ivr.script import Listen, Script
from ivr.sentences import Sentences
from tests.cards import CARDS
from tests.conftest import LINES, SETTINGS, TOKEN
from tests.serving import free_port, serving

TODAY = date(2026, 11, 25)

LONG = "Dit is een zin die veel te lang is voor iemand die bang is en snel een nummer nodig heeft. " * 3


def ours() -> Line:
    """A line of our own card, which a test may break."""
    return make_line(SETTINGS)


def edited(folder: Path, *edits: tuple[str, str, str]) -> Line:
    """The line of our own card after an editor changed it: file, what stood there, what stands there now."""
    shutil.copytree(SETTINGS.prompts, folder, dirs_exist_ok=True)
    for name, old, new in edits:
        file = folder / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
    return make_line(replace(SETTINGS, prompts=folder))


def with_card(card: Card, more: Mapping[str, tuple[str, ...]] | None = None) -> Line:
    """A line of another card than those that loading would let pass, with our sentences and more."""
    sentences = Sentences({**ours().sentences.lines, **(more or {})}, ours().sentences.language)
    return Line(card, {"nl": Spoken(sentences, ours().voice)}, SETTINGS.public_url, SETTINGS.caller_id)


def scripted(change: Callable[[Position, Script], Script]) -> Line:
    """A line with other scripts than ours."""
    line = ours()
    script = line.script
    line.script = lambda position, world: change(position, script(position, world))  # type: ignore[method-assign]
    return line


def speechless(position: Position, script: Script) -> Script:
    """No number is read."""
    del position
    kept = (one for one in script.sentences if not {"number", "emergency"} & set(one.values))
    return replace(script, sentences=tuple(kept))


def long_goodbye(folder: Path) -> Line:
    """It takes minutes until the call is over."""
    more = "".join(f"- {LONG}\n" for _ in range(8))
    return edited(folder, ("nl/line.yaml", "goodbye:\n", f"goodbye:\n{more}"))


def never_ends(_: Path) -> Line:
    """The line listens on after its goodbye."""
    return scripted(lambda _, script: replace(script, then=Listen(3)))


def connects_on_one(_: Path) -> Line:
    """The key that connects is the first of one, one, two, and a connection hears no key."""
    return with_card(replace(ours().card, connect_key="1"))


def connects_on_a_digit(_: Path) -> Line:
    """The key that connects is a digit of the number that somebody types along."""
    return with_card(replace(ours().card, connect_key="5"))


def slow_opening(folder: Path) -> Line:
    """The menu has a sentence that takes too long."""
    return edited(folder, ("nl/menus.yaml", "about: Hier hoor", f"about: {LONG}Hier hoor"))


def key_to_nowhere(_: Path) -> Line:
    """A key leads to something that is not on the card."""
    line = ours().only("nl")
    doubt = replace(line.card.menus["doubt"], keys={"3": "essm", "4": "nobody"})
    line.card = replace(line.card, menus={**line.card.menus, "doubt": doubt})  # an address it cannot have
    line.sentences = Sentences(
        {**line.sentences.lines, "chapters.doubt.choices.nobody": ("Druk op vier.",)}, line.sentences.language
    )
    return line


def far_number(_: Path) -> Line:
    """A number goes back to a menu that does not have it."""
    line = make_line(replace(SETTINGS, prompts=CARDS["second"]))
    line.card = replace(line.card, home={**line.card.home, "opvang": "begin"})
    return line


def silent_outcome(_: Path) -> Line:
    """After a busy line the number is not read."""
    return scripted(lambda position, script: speechless(position, script) if position.turn == "busy" else script)


def misspelt_verb(_: Path) -> Line:
    """An answer has a verb that Twilio does not know."""
    line = ours()
    render = line.render
    line.render = lambda *given: render(*given).replace(b"Gather", b"Gater")  # type: ignore[method-assign]
    return line


def huge_answers(_: Path) -> Line:
    """The answers are larger than they may be."""
    return make_line(replace(SETTINGS, public_url="https://lijn.example/" + "x" * 9000))


BROKEN: Mapping[Callable[[Path], Line], str] = {
    key_to_nowhere: "events",
    long_goodbye: "silence",
    never_ends: "silence",
    far_number: "one-key",
    silent_outcome: "connections",
    connects_on_one: "typing",
    connects_on_a_digit: "typing",
    misspelt_verb: "twiml",
    huge_answers: "twiml",
    slow_opening: "durations",
}


def failed(line: Line) -> list[str]:
    """The names of the proofs that a line fails."""
    return [result.name for result in checks.prove(line, measure=False) if result.status == "fail"]


@pytest.mark.parametrize("break_", BROKEN, ids=lambda break_: break_.__name__)
def test_a_line_fails_this_check_and_no_other(break_: Callable[[Path], Line], tmp_path: Path) -> None:
    """Each way to break a line is found by its check, and by no other; what was found can be read."""
    line = break_(tmp_path)
    assert failed(line) == [BROKEN[break_]]
    for result in checks.prove(line, measure=False):
        assert all(finding.text(language) for finding in result.findings for language in ("nl", "en"))


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (("nl/line.yaml", "danger: Is er", f"danger: {LONG}Is er"), "found-long-danger"),
        (("nl/menus.yaml", "about: Hier hoor", f"about: {LONG}Hier hoor"), "found-long-menu"),
        (("nl/numbers.yaml", "first: De politie", f"first: {LONG}De politie"), "found-long-number"),
        (("nl/line.yaml", "list: Je hoort", f"list: {LONG}{LONG}{LONG}Je hoort"), "found-long-all-numbers"),
        (("nl/line.yaml", "goodbye:\n", "goodbye:\n" + f"- {LONG}\n" * 8), "found-long-end"),
    ],
)
def test_each_wait_has_its_bound(tmp_path: Path, edit: tuple[str, str, str], message: str) -> None:
    """A sentence that makes callers wait too long is told for what it delays."""
    found = [one for result in checks.prove(edited(tmp_path, edit), measure=False) for one in result.findings]
    assert message in {one.message for one in found}


def test_a_number_that_begins_a_sentence_is_heard_there(tmp_path: Path) -> None:
    """The capital that its first word then has changes nothing of when it is read."""

    def wait(line: Line) -> float:
        police = Position(Kind.NUMBER, "police")
        return max(w.seconds for w in waits(line, espeak.estimated) if (w.bound, w.position) == ("number", police))

    edit = ("nl/numbers.yaml", "first: De politie, zonder spoed. … {number}.", 'first: "{number}, de politie."')
    assert wait(edited(tmp_path, edit)) < wait(ours())


def test_every_proof_can_fail() -> None:
    """There is no check that cannot fail."""
    assert set(BROKEN.values()) == set(proofs.PROOFS)


def test_a_dialogue_that_forgets_112_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should the line forget what was pressed, the check of 1-1-2 tells it."""
    monkeypatch.setattr("ivr.proof.graph.step", lambda *given: replace(dialogue.step(*given), pressed=0))
    found = [one for result in checks.prove(ours(), measure=False) for one in result.findings]
    assert {one.message for one in found} == {"found-not-112"}


def test_a_chapter_without_a_way_back_fails() -> None:
    """Where even silence leads nowhere, that is told as `_`, and that the call does not end."""
    line = ours()
    home = {id_: menu for id_, menu in line.card.home.items() if id_ != "doubt"}
    line.card = replace(line.card, home=home)
    found = [one.text("en") for result in checks.prove(line, measure=False) for one in result.findings]
    assert any(text.startswith("chapter/doubt: _ leads nowhere.") for text in found)
    assert failed(line) == ["events", "silence"]


def test_a_line_without_numbers_fails() -> None:
    """A line on which somebody silent hears no number at all fails."""
    line = scripted(speechless)
    found = [one.message for result in checks.prove(line, measure=False) for one in result.findings]
    assert "found-no-number" in found


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
@pytest.mark.parametrize("measure", [True, False], ids=["measured", "estimated"])
def test_a_good_card_passes_every_proof(line: Line, measure: bool) -> None:  # noqa: FBT001 - pytest's way
    """Both cards pass, measured where espeak-ng is installed, and estimated."""
    results = list(checks.prove(line, measure=measure))
    assert [result.name for result in results] == list(proofs.PROOFS)
    assert {result.status for result in results} == {"pass"}


@pytest.mark.parametrize(
    ("changes", "edits", "today", "warned"),
    [
        ({}, [], TODAY, ["holidays"]),
        ({}, [("Mo-Su 08:30-22:00", "Mo-Su 08:30-22:00; PH off")], TODAY, []),
        ({}, [("Mo-Su 08:30-22:00", "Mo-Su 08:30-22:00; Dec 25-26 10:00-12:00; Jan 01 off")], TODAY, []),
        ({}, [("0900-8844", "0900-1124")], date(2027, 1, 15), ["inside"]),
        ({}, [("010-236 52 56", "010-236 52 5"), ("+31102365256", "+3110236525")], date(2027, 1, 15), ["numbers"]),
        ({}, [("0800-5151", "0800-7000")], date(2027, 1, 15), ["numbers"]),
        ({}, [], date(2020, 1, 15), ["checked"]),
        ({}, [], date(2026, 11, 23), ["holidays"]),
        ({}, [("Mo-Su 08:30-22:00", "Mo-Su 08:30-22:00; Dec 24-Jan 02 off")], TODAY, []),
        ({}, [("Mo-Su 08:30-22:00", "Mo-Su 08:30-22:00; 2025 Dec 25-26 off; 2026 Jan 01 off")], TODAY, ["holidays"]),
        ({}, [], date(2027, 1, 15), []),
        ({"caller_id": None}, [], date(2027, 1, 15), ["caller-id"]),
        ({"public_url": "http://lijn.example"}, [], date(2027, 1, 15), ["public-url"]),
        ({"public_url": "http://127.0.0.1:8000"}, [], date(2027, 1, 15), []),
        ({"security_expires": date(2027, 2, 10)}, [], date(2027, 1, 15), ["security-txt"]),
        ({"security_expires": date(2027, 12, 31)}, [], date(2027, 1, 15), []),
        ({}, [], date(2027, 2, 22), ["holidays"]),
        ({}, [], date(2027, 2, 23), ["checked", "holidays"]),
        ({}, [("Mo-Su 08:30-22:00", "24/7")], TODAY, []),
        ({}, [("Mo-Su 08:30-22:00", "00:00-24:00")], date(2027, 1, 15), ["hours"]),
        ({}, [("Mo-Su 08:30-22:00", "off")], date(2027, 1, 15), ["hours"]),
    ],
)
def test_what_depends_on_the_day_only_warns(
    tmp_path: Path, changes: dict[str, object], edits: list[tuple[str, str]], today: date, warned: list[str]
) -> None:
    """An old number, a holiday that nobody thought of, hours that never change and the like are warnings."""
    line = edited(tmp_path, *(("card.yaml", old, new) for old, new in edits))
    chosen = replace(SETTINGS, prompts=tmp_path, **changes)  # type: ignore[arg-type]
    results = list(checks.warn(line, chosen, today))
    # Nobody has read our English yet.
    assert [result.name for result in results if result.status == "warn"] == [*warned, "reviewed"]
    assert all(finding.text(language) for result in results for finding in result.findings for language in ("nl", "en"))
    assert {result.status for result in results} <= {"pass", "warn"}


def ivr(*arguments: str, **variables: str) -> Result:
    """Run the command with no other settings than these."""
    none = {name: None for name in os.environ if name.startswith(("IVR_", "TWILIO_"))}
    return CliRunner().invoke(cli.main, arguments, env={**none, **variables}, prog_name="ivr")


GOOD = {"TWILIO_AUTH_TOKEN": "abc", "IVR_PUBLIC_URL": "https://lijn.example", "IVR_CALLER_ID": "+12025550123"}


def with_holidays(folder: Path) -> str:
    """Our card, which says what happens on holidays, checked today."""
    today = date.today().isoformat()  # noqa: DTZ011 - the command's own clock
    edits = [("Mo-Su 08:30-22:00", "Mo-Su 08:30-22:00; PH off"), ("checked: 2026-11-24", f"checked: {today}")]
    shutil.copytree(SETTINGS.prompts, folder, dirs_exist_ok=True)
    card = folder / "card.yaml"
    text = card.read_text(encoding="utf-8")
    for old, new in edits:
        text = text.replace(old, new)
    card.write_text(text, encoding="utf-8")
    with (folder / "en" / "language.yaml").open("a", encoding="utf-8") as english:
        english.write("reviewed_by: verzonnen\nreviewed: 2026-11-24\n")
    return str(folder)


def test_the_command_is_green(tmp_path: Path) -> None:
    """`ivr check` on a card and settings that are right says so for every check, and ends with 0."""
    result = ivr("check", "--strict", IVR_PROMPTS=with_holidays(tmp_path), **GOOD)
    assert result.exit_code == 0, result.stdout
    assert result.stdout.count("✓") == len(proofs.PROOFS) + len(warnings.WARNINGS) + 3
    assert result.stdout.endswith("Controles: 22. Goed: 22. Waarschuwing: 0. Fout: 0.\n")


def test_a_translation_of_what_the_first_language_no_longer_says_is_told(tmp_path: Path) -> None:
    """Who changes a sentence in Dutch is told that English callers may hear the old one, until somebody accepts it."""
    shutil.copytree(SETTINGS.prompts, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "nl" / "menus.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("Hier hoor je wie", "Je hoort nu wie"), encoding="utf-8")
    told = ivr("check", IVR_PROMPTS=str(tmp_path), **GOOD).stdout
    assert "! translated " in told
    assert "menus.main.about" in told
    assert ivr("translate", "accept", "en", IVR_PROMPTS=str(tmp_path)).exit_code == 0
    assert "✓ translated " in ivr("check", IVR_PROMPTS=str(tmp_path), **GOOD).stdout


def test_a_voice_that_twilio_does_not_have_is_told() -> None:
    """A voice that is not in our table warns, with where to look; each language that is offered has its own."""
    line = make_line(replace(SETTINGS, voice="Polly.Nobody"))
    found = list(warnings.voices(line, SETTINGS, TODAY))
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


def test_wrong_settings_fail() -> None:
    """A setting that is wrong fails, with what to do."""
    result = ivr("check", TWILIO_AUTH_TOKEN="abc")
    assert result.exit_code == 2
    assert "IVR_PUBLIC_URL is niet ingevuld." in result.stdout


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


def test_answers_after_a_part_of_the_emergency_number_are_checked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is answered to somebody who pressed 1 of 1-1-2 is held to TwiML like all else."""
    line = ours()  # one that has kept no answer yet
    render = line.render
    monkeypatch.setattr(line, "render", lambda position, world: b"" if position.pressed else render(position, world))
    assert list(proofs.twiml(proofs.Walked(line, measure=False)))


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
        found = list(proofs.twiml(proofs.Walked(line, measure=False)))
        assert found
        assert {one.message for one in found} == {"found-twiml"}


def test_wrong_settings_fail_without_the_others_too() -> None:
    """A voice or a language that cannot be is told, also on a machine without a token."""
    for variables in ({"IVR_VOICE": "x"}, {"IVR_LANGUAGE": "fr-FR"}):
        result = ivr("check", **variables)
        assert result.exit_code == 2
        assert "✗ settings" in result.stdout
        assert "Traceback" not in result.output


def test_a_broken_card_fails(tmp_path: Path) -> None:
    """A card that cannot be read fails with every mistake in it."""
    result = ivr("check", IVR_PROMPTS=str(tmp_path), **GOOD)
    assert result.exit_code == 2
    assert "✗ card" in result.stdout
    assert "card.yaml is er niet" in result.stdout


def test_a_card_that_fails_a_proof_is_not_served(tmp_path: Path) -> None:
    """`ivr serve` does not start on it, and says why; `ivr check` ends with 2."""
    slow_opening(tmp_path)
    for name, code in (("serve", 1), ("check", 2)):
        result = ivr(name, IVR_PROMPTS=str(tmp_path), **GOOD)
        assert result.exit_code == code
        assert "Maak de zinnen korter" in result.output


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


def test_machines_read_json() -> None:
    """With --json there is a list of checks and nothing else, in the editor's language."""
    result = ivr(
        "check", "--json", IVR_EDITOR_LANGUAGE="en", IVR_PUBLIC_URL="http://lijn.example", TWILIO_AUTH_TOKEN="abc"
    )
    by_name = {one["check"]: one for one in json.loads(result.stdout)}
    assert by_name["events"] == {
        "check": "events",
        "status": "pass",
        "promise": "Whatever a caller does, it leads somewhere.",
        "findings": [],
    }
    assert "is not secure" in by_name["public-url"]["findings"][0]


def test_a_finding_says_where(tmp_path: Path) -> None:
    """A finding about a fact names its file and line."""
    line = edited(tmp_path, ("card.yaml", "Mo-Su 08:30-22:00", "00:00-24:00"))
    found = [one for one in checks.warn(line, replace(SETTINGS, prompts=tmp_path), TODAY) if one.name == "hours"]
    assert re.match(rf"{re.escape(str(tmp_path))}/card.yaml:\d+:\d+: 010-236 52 56 is", found[0].findings[0].text("nl"))


def test_the_estimate_stands_in_for_espeak(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where espeak-ng is absent the waits are estimated, and a good card still passes."""
    monkeypatch.setattr(espeak, "available", lambda: False)
    assert {result.status for result in checks.prove(ours(), measure=True)} == {"pass"}


def test_settings_are_not_read_by_the_checks() -> None:
    """A check is handed the settings: the same line and settings give the same results."""
    assert list(checks.warn(ours(), SETTINGS, TODAY)) == list(
        checks.warn(ours(), settings.Settings(("x",), "https://lijn.example", "+12025550100"), TODAY)
    )


def test_a_check_that_runs_is_shown_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who waits at a terminal sees which check is running; a file gets results only."""

    class Screen(io.StringIO):
        """What a terminal shows."""

        def isatty(self) -> bool:
            """It is one."""
            return True

    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    list(checks.prove(ours(), measure=False, begin=command._begin))  # noqa: SLF001 - the terminal's half of it
    assert screen.getvalue() == "".join(f"… {name}\r" for name in proofs.PROOFS)
    assert ivr("check").stderr == ""
