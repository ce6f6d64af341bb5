# SPDX-License-Identifier: EUPL-1.2
"""Every check passes on a good card, and there is a line that fails it and nothing else."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ivr import dialogue, twiml
from ivr.answers import Answers
from ivr.card import Card
from ivr.dialogue import MEANT
from ivr.editor.load import make_line
from ivr.line import Line, Spoken
from ivr.phone.rules import parse
from ivr.position import Event, Keys, Kind, Position, Silence
from ivr.proof import proofs, proved, warnings
from ivr.proof.durations import waits
from ivr.proof.walked import Walked
from ivr.proof.warnings import Looked
from ivr.script import Listen, Script
from ivr.sentences import Sentences
from ivr.world import World
from tests.cards import CARDS
from tests.conftest import LINE, LINES, SETTINGS, answers, says, with_edits
from tests.languages import EVERY, offered

TODAY = date(2026, 11, 25)

POLICE = says("numbers.police.first")
LONG = "Dit is een zin die veel te lang is voor iemand die bang is en snel een nummer nodig heeft. " * 3


def ours() -> Line:
    """A line of our own card, which a test may break."""
    return make_line(SETTINGS)


def edited(folder: Path, *edits: tuple[str, str, str]) -> Line:
    """The line of our own card after an editor changed it: file, what stood there, what stands there now."""
    return make_line(with_edits(folder, *edits))


def with_card(card: Card, more: Mapping[str, tuple[str, ...]] | None = None) -> Line:
    """A line of another card than those that loading would let pass, with our sentences and more."""
    sentences = Sentences({**ours().sentences.lines, **(more or {})}, ours().sentences.language)
    return Line(card, {"nl": Spoken(sentences, ours().voice)}, SETTINGS.caller_id)


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
    """The key that connects is the first digit of the number that somebody types along."""
    return with_card(replace(ours().card, connect_key="0"))


def slow_opening(folder: Path) -> Line:
    """The menu has a sentence that takes too long."""
    return edited(folder, ("nl/menus.yaml", "about: ", f"about: {LONG}"))


def key_to_nowhere(_: Path) -> Answers:
    """A key leads to something that is not on the card."""
    line = ours().only("nl")
    made = answers(line)
    doubt = replace(line.card.menus["doubt"], keys={"3": "essm", "4": "nobody"})
    line.card = replace(line.card, menus={**line.card.menus, "doubt": doubt})  # an address it cannot have
    line.sentences.lines = {**line.sentences.lines, "chapters.doubt.choices.nobody": ("Druk op vier.",)}
    return made


def far_number(_: Path) -> Line:
    """A number goes back to a menu that does not have it."""
    line = make_line(replace(SETTINGS, prompts=CARDS["second"]))
    line.card = replace(line.card, home={**line.card.home, "opvang": "begin"})
    return line


def silent_outcome(_: Path) -> Line:
    """After a busy line the number is not read."""
    return scripted(lambda position, script: speechless(position, script) if position.turn == "busy" else script)


def misspelt_verb(_: Path) -> Answers:
    """An answer has a verb that Twilio does not know."""
    made = answers(ours())
    render = made.render
    made.render = lambda *given: render(*given).replace(b"Gather", b"Gater")  # type: ignore[method-assign]
    return made


def huge_answers(_: Path) -> Answers:
    """The answers are larger than they may be."""
    return answers(ours(), "https://lijn.example/" + "x" * 9000)


def silent_language(folder: Path) -> Line:
    """English has no voice, and nobody has read it."""
    return edited(folder, ("en/language.yaml", "voice: Polly.Amy-Neural\n", ""))


BROKEN: Mapping[Callable[[Path], Line | Answers], str] = {
    key_to_nowhere: "events",
    long_goodbye: "durations",
    never_ends: "silence",
    far_number: "one-key",
    silent_outcome: "connections",
    connects_on_one: "typing",
    connects_on_a_digit: "typing",
    misspelt_verb: "twiml",
    huge_answers: "twiml",
    slow_opening: "durations",
    silent_language: "recorded",
}


def failed(results: Iterable[proved.Result]) -> list[str]:
    """The names of the proofs that a line fails."""
    return [result.name for result in results if result.status == "fail"]


@pytest.mark.parametrize("break_", BROKEN, ids=lambda break_: break_.__name__)
def test_a_line_fails_this_check_and_no_other(break_: Callable[[Path], Line | Answers], tmp_path: Path) -> None:
    """Each way to break a line is found by its check, and by no other; what was found can be read."""
    broken = break_(tmp_path)
    broken = answers(broken) if isinstance(broken, Line) else broken
    results = list(proved.prove(broken, measure=False))
    assert failed(results) == [BROKEN[break_]]
    for result in results:
        assert all(finding.text(language) for finding in result.findings for language in ("nl", "en"))


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (("nl/line.yaml", "danger: ", f"danger: {LONG}"), "found-long-danger"),
        (("nl/menus.yaml", "about: ", f"about: {LONG}"), "found-long-menu"),
        (("nl/numbers.yaml", f"first: {POLICE}", f"first: {LONG}{POLICE}"), "found-long-number"),
        (("nl/line.yaml", "list: ", f"list: {LONG}{LONG}{LONG}"), "found-long-all-numbers"),
        (("nl/line.yaml", "goodbye:\n", "goodbye:\n" + f"- {LONG}\n" * 8), "found-long-end"),
    ],
)
def test_each_wait_has_its_bound(tmp_path: Path, edit: tuple[str, str, str], message: str) -> None:
    """A sentence that makes callers wait too long is told for what it delays."""
    assert message in {one.message for one in proofs.durations(Walked(answers(edited(tmp_path, edit))))}


def test_a_number_that_begins_a_sentence_is_heard_there(tmp_path: Path) -> None:
    """The capital that its first word then has changes nothing of when it is read."""

    def wait(line: Line) -> float:
        police = Position(Kind.NUMBER, "police")
        return max(w.seconds for w in waits(Walked(answers(line))) if (w.bound, w.position) == ("number", police))

    edit = ("nl/numbers.yaml", f"first: {POLICE} … {{number}}.", 'first: "{number}, de politie."')
    assert wait(edited(tmp_path, edit)) < wait(ours())


def test_every_proof_can_fail() -> None:
    """There is no check that cannot fail."""
    assert set(BROKEN.values()) == set(proofs.PROOFS)


DANGER = Position(Kind.NUMBER, LINE.card.emergency.id)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda _, event, end: end._replace(typed="") if event != Silence() else end,
        lambda _, event, end: end._replace(typed="") if event == Silence() else end,
        lambda at, event, end: DANGER if event == Keys("7") and not at.typed else end,
    ],
    ids=["forgets at a key", "forgets in a silence", "orders at any key"],
)
def test_a_dialogue_in_which_typing_is_wrong_fails(
    wrong: Callable[[Position, Event, Position], Position], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should the line forget what was typed, or order a call at a key that is none for danger, the check tells it."""

    def step(card: Card, at: Position, event: Event, world: World) -> Position:
        return wrong(at, event, dialogue.step(card, at, event, world))

    monkeypatch.setattr("ivr.proof.graph.step", step)
    found = [one for result in proved.prove(answers(ours()), measure=False) for one in result.findings]
    assert {one.message for one in found} == {"found-not-typed"}


def test_part_of_112_that_is_not_answered_with_it_fails() -> None:
    """Should what is said to part of a number not read 112, the check of typing tells it."""
    line = scripted(lambda position, script: speechless(position, script) if position.turn == "typed-other" else script)
    found = [one for result in proved.prove(answers(line), measure=False) for one in result.findings]
    assert {one.message for one in found} == {"found-not-heard"}


def test_a_second_digit_that_orders_or_connects_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should 0 and then 1 order a call to 112, or 0 and then 9 connect, the check of typing tells it."""
    monkeypatch.setattr(dialogue, "_typing", lambda card, position, key: len(card.begun(position.typed + key)) > MEANT)
    found = [one for result in proved.prove(answers(ours()), measure=False) for one in result.findings]
    assert {one.message for one in found} == {"found-not-typed"}
    assert {one.values["number"] for one in found} >= {"01", "09"}


def test_a_chapter_without_a_way_back_fails() -> None:
    """Where even silence leads nowhere, that is told as `_`, and that the call does not end."""
    made = answers(ours())
    home = {id_: menu for id_, menu in made.line.card.home.items() if id_ != "doubt"}
    made.line.card = replace(made.line.card, home=home)
    results = list(proved.prove(made, measure=False))
    found = [one.text("en") for result in results for one in result.findings]
    assert any(text.startswith("chapter/doubt: _ leads nowhere.") for text in found)
    assert failed(results) == ["events", "silence"]


def test_a_line_without_numbers_fails() -> None:
    """A line on which somebody silent hears no number at all fails."""
    line = scripted(speechless)
    found = [one.message for result in proved.prove(answers(line), measure=False) for one in result.findings]
    assert "found-no-number" in found


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
@pytest.mark.parametrize("measure", [True, False], ids=["measured", "estimated"])
def test_a_good_card_passes_every_proof(line: Line, measure: bool) -> None:  # noqa: FBT001 - pytest's way
    """Both cards pass, measured where espeak-ng is installed, and estimated."""
    results = list(proved.prove(answers(line), measure=measure))
    assert [result.name for result in results] == list(proofs.PROOFS)
    assert {result.status for result in results} == {"pass"}


@pytest.mark.parametrize(
    ("changes", "edits", "today", "warned"),
    [
        ({}, [], TODAY, ["holidays"]),
        ({}, [("0800-5151", "0800-7000")], date(2027, 1, 15), ["numbers"]),
        ({}, [], date(2020, 1, 15), ["checked"]),
        (
            {},
            [("Mo-Su 08:30-22:00", "Mo-Su 08:30-22:00; 2025 Dec 25-26 off; 2026 Jan 01 off")],
            TODAY,
            ["holidays"],
        ),
        ({}, [], date(2027, 1, 15), []),
        ({"caller_id": None}, [], date(2027, 1, 15), ["caller-id"]),
        ({"public_url": "http://lijn.example"}, [], date(2027, 1, 15), ["public-url"]),
        ({"public_url": "http://127.0.0.1:8000"}, [], date(2027, 1, 15), []),
        ({"security_expires": date(2027, 2, 10)}, [], date(2027, 1, 15), ["security-txt"]),
        ({}, [], date(2027, 2, 22), ["holidays"]),
        ({}, [], date(2027, 2, 23), ["checked", "holidays"]),
    ],
)
def test_what_depends_on_the_day_only_warns(
    tmp_path: Path, changes: dict[str, object], edits: list[tuple[str, str]], today: date, warned: list[str]
) -> None:
    """An old number, a holiday that nobody thought of, hours that never change and the like are warnings."""
    line = edited(tmp_path, *(("card.yaml", old, new) for old, new in edits))
    chosen = replace(SETTINGS, prompts=tmp_path, **changes)  # type: ignore[arg-type]
    results = list(warnings.warn(Looked(line, chosen, today)))
    # Nobody has read our English yet.
    assert [result.name for result in results if result.status == "warn"] == [*warned, "reviewed"]
    assert all(finding.text(language) for result in results for finding in result.findings for language in ("nl", "en"))
    assert {result.status for result in results} <= {"pass", "warn"}


def test_a_fallback_that_is_too_large_is_cut_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said when nobody answers may be as long as Twilio takes; past that its end goes, and no language does."""
    settings = offered(tmp_path, *EVERY)
    made = answers(make_line(settings))
    assert (made.cut, proved.wrong(made)) == (False, {})
    monkeypatch.setattr(twiml, "LARGEST", len(made.fallback) - 1)
    made = Answers(made.line, "")
    assert len(made.fallback) <= twiml.LARGEST
    assert parse(made.fallback)[-1].tag == "Hangup"
    assert proved.wrong(made) == {}
    assert [found.message for found in warnings.numbers(Looked(made.line, settings, TODAY))] == ["found-fallback-cut"]
