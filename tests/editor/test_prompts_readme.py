# SPDX-License-Identifier: EUPL-1.2
"""The README for editors says only what is so: each of its examples is done, and each message in it is real."""

import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click.testing
import pytest
import yaml

from ivr.app import create_app
from ivr.commands.main import main
from ivr.editor import layout, new_card
from ivr.editor.hours import ASKED, holidays, read_hours
from ivr.editor.load import load, make_line
from ivr.line import Line
from ivr.phone.events import Said
from ivr.phone.handsets import OUTCOME_KEYS
from ivr.phone.transport import signed
from ivr.proof.proved import prove
from tests.any_card import calls_of
from tests.caller import Caller
from tests.cards import CARDS, more
from tests.conftest import PUBLIC_URL, SETTINGS, TOKEN, answers
from tests.in_process import wsgi
from tests.languages import EVERY, offered
from tests.mistakes import README, cases, judged, said

TEXT = README.read_text(encoding="utf-8")
SECTIONS = {
    title: body for title, _, body in (part.partition("\n") for part in re.split("^## ", TEXT, flags=re.MULTILINE))
}
SNIPPET = re.compile(r"^In `(.+?)`:\n\n```yaml\n(.*?)```$", re.MULTILINE | re.DOTALL)
FENCED = re.compile(r"^```\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
EXAMPLES = {title: SNIPPET.findall(body) for title, body in SECTIONS.items() if "```yaml" in body}
COMMANDS = re.findall("^    make call(?: ARGS=(.*))?$", TEXT, re.MULTILINE)
CALLS = Path(__file__).parent.parent / "calls"


def merged(old: object, new: object) -> object:
    """A file in which what an example shows has taken the place of what was there."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old | {name: merged(old.get(name), value) for name, value in new.items()}
    return new


def loaded(text: str) -> object:
    """YAML as the line reads it: texts only."""
    return yaml.load(text, yaml.BaseLoader)  # noqa: S506 - texts only


def written(value: object, indent: str = "") -> str:
    """A file again; a text stands between quotes, unless there are quotes in it."""
    if isinstance(value, dict):
        below = (f"{indent}{name}:{written(item, indent + '  ')}\n" for name, item in value.items())
        return "\n" * bool(indent) + "".join(below).rstrip("\n")
    if isinstance(value, list):
        return "".join(f"\n{indent}-{written(item)}" for item in value)
    return f" {value}" if '"' in str(value) else f' "{value}"'


@pytest.mark.parametrize("title", EXAMPLES)
def test_an_example_can_be_done(title: str, tmp_path: Path) -> None:
    """After the changes that one section shows, a caller hears the new sentences.

    What is new to say has to be translated before the other languages are back; a notice does not.
    """
    assert len(EXAMPLES[title]) == SECTIONS[title].count("```yaml")
    shutil.copytree(CARDS["ours"], tmp_path, dirs_exist_ok=True)
    do(title, tmp_path)
    told = judged(tmp_path)  # that an example is one is known
    assert {problem.message for problem in told.problems} <= {"doubt-example"} if told else True
    served = make_line(replace(SETTINGS, prompts=tmp_path))
    assert served.card.languages == ("nl", "en") or "nl/" in str(EXAMPLES[title])
    assert served.card.languages == ("nl", "en") or not served.card.notice
    heard = " ".join(everything(served))
    for name, example in EXAMPLES[title]:
        for text in texts(loaded(example)) if name.startswith("nl/") else ():
            for part in filter(None, map(str.strip, re.split(r"\{\w+\}|…|[.]{3}", text))):
                assert part.strip(". ") in heard


def do(title: str, folder: Path) -> None:
    """Change a card as a section shows."""
    for name, example in EXAMPLES[title]:
        for line in example.splitlines():
            assert not list(layout.mistakes(line))
        file = folder / name
        before = loaded(file.read_text(encoding="utf-8"))
        after = merged(before, loaded(example))
        assert after != before
        file.write_text(written(after), encoding="utf-8")


@pytest.mark.starts("espeak-ng")
@pytest.mark.parametrize("title", EXAMPLES)
def test_an_example_keeps_every_promise(title: str, tmp_path: Path) -> None:
    """What `ivr check` proves of our card, measured with a voice, holds after each example, in one language and in all.

    A language that lacks what an example adds is left out until it is translated, and the check tells that too.
    """
    settings = offered(tmp_path, *EVERY)
    do(title, tmp_path)
    line = make_line(settings)
    assert line.card.languages == EVERY or "nl/" in str(EXAMPLES[title])
    for codes in {line.card.languages, EVERY[:1]}:
        found = [finding for proof in prove(answers(line.only(*codes)), measure=True) for finding in proof.findings]
        assert [one.text("nl") for one in found] == []


def texts(value: object) -> Iterator[str]:
    """Every text in a file, or in a part of one, that is heard: a name stands in the middle of a sentence."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from () if name == "name" else texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    else:
        yield str(value)


def everything(served: Line) -> Iterator[str]:
    """What is heard in calls that show all of a line, by day and while its notice runs."""
    calls = [(datetime.fromisoformat(at), keys) for _, at, keys in calls_of(served.card).values()]
    calls += [(served.card.notice.begins, "")] if served.card.notice else []
    fetch = signed(wsgi(create_app(SETTINGS, lambda: at, served), PUBLIC_URL), TOKEN)
    for at, keys in calls:  # noqa: B007 - the clock of the line reads it
        call = Caller(fetch, answers(served).url)
        for key in keys:
            call.transfer(OUTCOME_KEYS[key]) if key in OUTCOME_KEYS else call.press(key)
        while not call.over:
            call.transfer("no-answer") if call.dialled else call.silence()
        yield from (moment.text for moment in call.transcript if isinstance(moment, Said))


def test_the_answers_shown_make_a_card(tmp_path: Path) -> None:
    """From the answers that the text shows, `ivr new` makes a card that can be served; each question is explained."""
    (answers,) = FENCED.findall(SECTIONS["Een nieuwe kaart"])
    file = tmp_path / "antwoorden.yaml"
    file.write_text(answers, encoding="utf-8")
    result = click.testing.CliRunner().invoke(main, ["new", str(tmp_path / "kattenlijn"), "--answers", str(file)])
    assert result.exit_code == 0, result.output
    for question in (*new_card.QUESTIONS, *new_card.NUMBER_QUESTIONS):
        assert f"{question}: " in answers
        assert f"`{question}`" in SECTIONS["Een nieuwe kaart"]


@pytest.mark.parametrize("number", ["m", "nla"])
def test_a_number_can_be_removed_as_told(number: str, tmp_path: Path) -> None:
    """Gone from the card with every line that leads to it, a number leaves sentences that are told, and no more."""

    def without(value: object, gone: str) -> object:
        if isinstance(value, dict):
            return {name: without(item, gone) for name, item in value.items() if gone not in (name, str(item))}
        return value

    def take(file: Path, gone: str) -> None:
        file.write_text(written(without(loaded(file.read_text(encoding="utf-8")), gone)), encoding="utf-8")

    shutil.copytree(CARDS["ours"], tmp_path, dirs_exist_ok=True)
    take(tmp_path / "card.yaml", number)
    told = judged(tmp_path)
    assert told
    assert {(problem.message, problem.values["id"]) for problem in told.problems} == {("sentence-unknown", number)}
    for problem in told.problems:
        assert problem.place
        take(problem.place.file, number)
    assert said(tmp_path) == ""


def test_the_holidays_are_those_that_are_named() -> None:
    """PH covers nine days a year in the Netherlands, and neither 5 May nor Good Friday nor 31 December."""
    assert "horen er niet bij" in SECTIONS["Een feestdag, of een dag die anders is"]
    for year in (2026, 2030):
        days = holidays("NL", date(year, 1, 1), date(year + 1, 1, 1))
        asked = {day for day, name in days.items() if name in ASKED["NL"]}
        assert len(days.keys() - asked) == 9
        assert not {date(year, 5, 5), date(year, 12, 31), date(year, 4, 3), date(year, 4, 19)} & (days.keys() - asked)


def test_another_card_is_checked_as_shown(tmp_path: Path) -> None:
    """The commands for another card work on one that was just made, but for what is not installed everywhere."""
    kattenlijn = more.one(tmp_path / "kattenlijn")
    shown = re.findall("^    IVR_PROMPTS=kattenlijn .venv/bin/ivr (\\w+)", TEXT, re.MULTILINE)
    assert shown == ["check", "call", "phone", "diff"]
    runner = click.testing.CliRunner(env={"IVR_PROMPTS": str(kattenlijn)})
    assert f"De kaart in {kattenlijn}:" in runner.invoke(main, ["check"]).output
    assert "De opvang voor een kat" in runner.invoke(main, ["call", "--keys", "2"]).output


def test_the_hours_in_the_table_can_be_used() -> None:
    """Each way to write hours that the table shows is one."""
    shown = re.findall("^[|] `(.+?)` [|]", SECTIONS["De openingstijden veranderen"], re.MULTILINE)
    assert len(shown) == 7
    for hours in shown:
        read_hours(hours, ZoneInfo("Europe/Amsterdam"), "NL")


def test_the_picture_is_our_card() -> None:
    """Each key of the menu and of the first chapter stands in the picture, and every chapter."""
    picture = FENCED.findall(SECTIONS["De kaart in een tekening"])[1]
    card = load(CARDS["ours"], "nl").card
    for menu in ("main", "trafficking"):
        for key, target in card.menus[menu].keys.items():
            assert f"─ {key} {target}" in picture
    assert set(re.findall("[a-z]{3,}", picture)) >= {id_ for id_, menu in card.menus.items() if menu.chapter}


def test_the_files_in_the_picture_are_there() -> None:
    """The first picture names every file that an editor changes."""
    picture = FENCED.findall(SECTIONS["De kaart in een tekening"])[0]
    files = {file.name for file in CARDS["ours"].rglob("*.yaml")}
    assert set(re.findall(r"\w+\.yaml", picture)) == files


def test_a_message_in_the_text_is_real() -> None:
    """The mistake that is taken apart is one of those that were approved."""
    assert FENCED.findall(SECTIONS["Een fout lezen"]) == [
        next(case.message for case in cases() if case.path.stem == "target-unknown")
    ]


@pytest.mark.parametrize("arguments", COMMANDS)
def test_a_call_can_be_made_as_shown(arguments: str) -> None:
    """Each call that the text shows works; without a terminal it needs keys."""
    given = shlex.split(shlex.split(arguments)[0]) if arguments else []
    keys = [] if "--keys" in given else ["--keys", ""]
    result = click.testing.CliRunner().invoke(main, ["call", *given, *keys])
    assert result.exit_code == 0, result.output


def test_the_calls_shown_are_found() -> None:
    """The text shows how to call now, at another moment, and with the same keys each time."""
    assert COMMANDS == ["", '"--at 2026-12-25T23:00"', '"--keys 3_"']


def test_a_difference_is_one_of_a_real_call() -> None:
    """What is taken away in the example stands in the calls of today, and what is added is the example's own."""
    shown = re.findall("^```diff\n(.*?)\n```$", TEXT, re.MULTILINE | re.DOTALL)[0].split("\n")
    before = "\n".join(line[1:] for line in shown if not line.startswith("+"))
    assert any(before in file.read_text(encoding="utf-8") for file in CALLS.glob("*.txt"))
    added = next(line[1:].strip().removeprefix("[nl] ") for line in shown if line.startswith("+"))
    assert added in EXAMPLES["Een zin veranderen"][0][1]
