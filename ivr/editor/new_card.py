# SPDX-License-Identifier: EUPL-1.2
"""A new card for another region, from a file with a few answers: `ivr new`.

The sentences of the new card are ours, told of its own numbers. What the answers say is judged before it stands in many
of them; whether the facts go together, where they stand in the new card.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import jinja2

from ivr import language as languages
from ivr.editor import cards, example, load, schema, texts
from ivr.editor import numbers as phone
from ivr.editor.fields import CARD, CHECKED, OWN_NUMBER, PRINTED, Field, Shape, section, text_of
from ivr.editor.source import Table, read
from ivr.messages.problems import Place, Problems
from ivr.script import needed
from ivr.sentences import Sentences
from ivr.settings import default_prompts

LANGUAGE = "nl"
"""The language that a new card speaks."""

DEFAULTS = {"timezone": "Europe/Amsterdam", "country": "NL", "emergency": "112"}

SAID = ("name", "region", "choice", "about")
"""Questions whose answers callers hear."""

TEXT = Field(required=True)
QUESTIONS = {
    "name": TEXT,
    "region": TEXT,
    "source": TEXT,
    "timezone": replace(CARD["timezone"], required=False),
    "country": CARD["country"],
    "emergency": OWN_NUMBER,
    "emergency_checked": CHECKED,
}
NUMBER_QUESTIONS = {
    "name": TEXT,
    "number": PRINTED,
    "checked": CHECKED,
    "connect": Field(),
    "hours": Field(),
    "choice": TEXT,
    "about": TEXT,
}

MOST = 8
"""Numbers besides the one for danger: each has a key of its own in the one menu, and key 1 is taken."""

TAKEN = ("danger", "main")
"""Names that a new card gives itself."""

DANGER = {"numbers.danger.name": "hulp bij gevaar", "numbers.danger.where": "Zeg meteen waar je bent."}
"""Of the number for danger, what is ours alone: elsewhere other people than the police may answer it."""

Answers = dict[str, Any]
"""The answers by question; `numbers` is a list of the answers about each number, with its `id`."""


def from_file(file: Path, problems: Problems) -> Answers:
    """Read every answer from a YAML file. What is wrong goes to the problems; then the answers are of no use."""
    table = read(file, problems)
    if table is None:
        return {}
    shape = Shape(problems)
    shape.fields(table, QUESTIONS | {"numbers": Field(required=True, kind=Table)}, Place(file))
    tables = section(table, "numbers")
    shape.ids([tables])
    numbers = []
    for count, (id_, below) in enumerate(tables.items()):
        if id_ in TAKEN:
            problems.add(id_.place, "new-id-taken", id=id_)
        if count == MOST:
            problems.add(id_.place, "new-too-many", most=str(MOST))
        if isinstance(below, Table):
            shape.fields(below, NUMBER_QUESTIONS, id_.place)
            numbers.append({"id": str(id_)} | _answers(below, NUMBER_QUESTIONS, problems))
        else:
            problems.add(id_.place, "not-table", key=id_)
    return _answers(table, QUESTIONS, problems) | {"numbers": numbers}


def write(directory: Path, answers: Answers, program: str = "ivr") -> None:
    """Write a card, its sentences, a README, which starts `program`, and the schemas; raises OSError."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("ivr.editor", f"templates/{LANGUAGE}"),
        autoescape=False,  # noqa: S701 - YAML and Markdown, not HTML
        keep_trailing_newline=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["capital"] = languages.load(LANGUAGE).capital
    connected = "".join(number["number"] for number in answers["numbers"] if number["connect"])
    numbers = [_plain(number) | {"instead": _instead(number, answers["numbers"])} for number in answers["numbers"]]
    connect_key = phone.free_key(answers["emergency"], connected)
    facts = _plain(answers) | {"program": program, "connect_key": connect_key, "numbers": numbers}
    written = {path: environment.get_template(path).render(facts) for path in ("card.yaml", "README.md")}
    (directory / LANGUAGE).mkdir(parents=True)
    for path, text in written.items():
        (directory / path).write_text(text, encoding="utf-8")
    problems = Problems()
    card = cards.card(load.read_card(directory, problems), problems, LANGUAGE)
    ours = default_prompts() / LANGUAGE
    words = partial(_ours, load.load(default_prompts(), LANGUAGE).spoken[LANGUAGE].sentences, numbers)
    for file in ("menus", "numbers"):
        about = (ours / f"{file}.yaml").read_text(encoding="utf-8").partition("\n\n")[0]
        said = "".join(_written(texts.wanted(card)[file], words))
        (directory / LANGUAGE / f"{file}.yaml").write_text(f"{about}\n{said}", encoding="utf-8")
    # A new card has our sentences of every line, without those that only other cards need.
    unsaid = needed(example.everything()).keys() - needed(card).keys()
    lines: list[str] = []
    for text in (ours / "line.yaml").read_text(encoding="utf-8").splitlines(keepends=True):
        if f"line.{text.partition(':')[0]}" not in unsaid:
            lines.append(text)
            continue
        while lines[-1].startswith("#"):  # a note goes with its sentence
            lines.pop()
    (directory / LANGUAGE / "line.yaml").write_text("".join(lines), encoding="utf-8")
    schema.write(directory)


def _ours(ours: Sentences, numbers: Iterable[Answers], id_: str) -> str:
    """The words of a sentence of the new card: those of ours, which has learnt much, told of its own numbers."""
    _, of, *_, field = names = id_.split(".")
    asked = next((one for one in numbers if one["id"] == (names[-2] if field in ("long", "short") else of)), None)
    if asked is None:  # of the number for danger, or of the menu
        return DANGER.get(id_) or ours.word(id_)
    models = [id_ for id_, _ in Counter(id_.split(".")[1] for id_ in ours.lines if id_[:8] == "numbers.").most_common()]
    if field in ("long", "short"):
        _, pause, key = ours.word(f"menus.main.choices.{models[0]}.{field}").partition(" …")
        return f"{asked['choice']}{pause}{key}"
    if field in ("name", "about", "about_closed"):
        return str(asked[field.removesuffix("_closed")])
    field = "first" if field == "list" else field
    model = next(model for model in models if f"numbers.{model}.{field}" in ours.lines)
    words, name = ours.word(f"numbers.{model}.{field}"), ours.word(f"numbers.{model}.name")
    for change in (str, ours.language.capital):
        words = words.replace(change(name), change(asked["name"]))
    return words


def _written(names: texts.Needed, words: Callable[[str], str], indent: str = "") -> Iterator[str]:
    """Sentences as they stand in a file, each below its names."""
    for name, below in names.items():
        if isinstance(below, Mapping):
            yield from (f"{indent or chr(10)}{name}:\n", *_written(below, words, f"{indent}  "))
        elif not below.optional:
            yield f'{indent}{name}: "{words(below.id)}"\n'


def _answers(table: Table, questions: Iterable[str], problems: Problems) -> Answers:
    """The answers in a table; those that are said are judged as sentences."""
    answers: Answers = {}
    for question in questions:
        text = text_of(table.find(question))
        answers[question] = str(text or DEFAULTS.get(question, ""))
        if text and question in SAID:
            texts.judge(text, languages.load(LANGUAGE), problems)
    return answers


def _plain(answers: Answers) -> Answers:
    """Texts that can stand between double quotes."""
    texts_only = {question: answer for question, answer in answers.items() if isinstance(answer, str)}
    return {question: answer.replace('"', "'").replace("\\", "/") for question, answer in texts_only.items()}


def _instead(number: dict[str, str], numbers: Iterable[dict[str, str]]) -> list[str]:
    """The two, or what there is, to name where a number is closed: first those that are not known to close."""
    others = [other for other in numbers if other is not number]
    others.sort(key=lambda other: bool(other["hours"]))
    return [other["id"] for other in others[:2]] or ["danger"]
