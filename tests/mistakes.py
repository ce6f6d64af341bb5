# SPDX-License-Identifier: EUPL-1.2
"""Broken cards: each case says what an editor did to the good card in `broken/card/`, and what they read then.

`make messages` writes anew what they read, to be judged and approved; nothing else does.
`broken/README.md` says what a case looks like.
"""

import re
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jsonschema
import yaml

from ivr.editor import schema
from ivr.editor.load import load, make_line
from ivr.messages.catalogue import Catalogue
from ivr.messages.problems import CardError
from ivr.proof.doubts import second_looks
from ivr.settings import Settings

HERE = Path(__file__).parent / "broken"
GOOD = HERE / "card"

REPLY = re.compile("\n>>>(.*)\n")
"""Between what the editor did and what they read."""

UNDERLINED = " Het schema onderstreept het ook."
"""Stands there when an editor's tool shows the mistake while it is typed."""

OTHERS = tuple(
    "block stopped refused usage odd- system- call- new- map- check- found- setting- online- fallback- twilio- phone- "
    "diff- translate- publish- record- recording- audio- import- sheet- page- doctor-".split()
)
MESSAGES = [id_ for id_ in Catalogue("nl").texts if not id_.startswith(OTHERS)]
"""The messages about a card."""

README = HERE.parent.parent / "prompts" / "README.md"
MARKER = "<!-- Hieronder schrijft `make messages`. -->\n\n"
"""In the README for editors, before what each message says."""

INVISIBLE = str.maketrans({"␉": "\t", "⍽": "\N{NO-BREAK SPACE}", "␀": "\N{ZERO WIDTH SPACE}", "␃": "\x03", "␄": "\x04"})
"""Signs that stand in a case for what nobody could see there."""


@dataclass(frozen=True, slots=True)
class Case:
    """One broken card: what is wrong with it, the changes, whether a tool underlines it, and the approved message."""

    path: Path
    title: str
    changes: str
    underlined: bool
    message: str


def cases(folder: Path = HERE) -> list[Case]:
    """Every case in a folder."""
    return [_case(path) for path in sorted(folder.glob("*.txt"))]


def _case(path: Path) -> Case:
    done, remark, message = REPLY.split(path.read_text(encoding="utf-8"), maxsplit=1)
    title, _, changes = done.partition("\n\n")
    return Case(path, title.removeprefix("# "), changes, remark == UNDERLINED, message.rstrip("\n"))


def change(file: Path, old: str, new: str) -> None:
    """Put one text in a file in the place of another, which stands there once."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def broken(case: Case, folder: Path) -> Path:
    """Make the card of a case in a folder."""
    shutil.copytree(GOOD, folder, dirs_exist_ok=True)
    for changed in re.split("^--- ", case.changes, flags=re.MULTILINE)[1:]:
        head, _, hunks = changed.partition("\n")
        name, _, how = head.partition(" ")
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        for hunk in filter(None, hunks.strip("\n").split("\n\n") if how != "vervangen" else ()):
            text = _changed(text, hunk, case)
        match how.split():
            case []:
                file.write_text(text, encoding="utf-8", newline="")
            case ["bewaard", "als", encoding]:
                file.write_text(text, encoding=encoding, newline="")
            case ["weggehaald"]:
                file.unlink()
            case ["leeggemaakt"]:
                file.write_text("", encoding="utf-8")
            case ["hernoemd", "naar", other]:
                file.rename(folder / other)
            case ["vervangen"]:
                file.write_text(_sides(hunks.strip("\n"))[1], encoding="utf-8", newline="")
            case _:
                raise ValueError(f"{case.path}: {head}")
    return folder


def _changed(text: str, hunk: str, case: Case) -> str:
    before, after = _sides(hunk)
    after = re.sub(r"<(.*?) \*([0-9]+)>", lambda match: match[1] * int(match[2]), after)
    if f"\n{text}\n".count(f"\n{before}\n") != 1:
        raise ValueError(f"{case.path}: this does not stand in the good card once:\n{before}")
    return f"\n{text}\n".replace(f"\n{before}\n", f"\n{after}\n")[1:-1]


def _sides(hunk: str) -> tuple[str, str]:
    """What stood there, and what stands there now."""
    before, after = ("\n".join(line[1:] for line in hunk.split("\n") if line[0] in side) for side in ("- ", "+ "))
    return before, after.translate(INVISIBLE)


def mistakes(folder: Path) -> CardError | None:
    """The mistakes in a folder, as the line finds them when it starts; None when there are none."""
    try:
        load(folder, "nl")
    except CardError as error:
        return error
    return None


def judged(folder: Path) -> CardError | None:
    """The mistakes in a folder or, where there are none, what `ivr check` warns about; None when all is well."""
    try:
        read = load(folder, "nl")
    except CardError as error:
        return error
    found = second_looks(make_line(Settings(prompts=folder).connecting(), read), read.places)
    return CardError(found) if found else None


@cache
def known(case: Case) -> tuple[CardError | None, Path]:
    """What is wrong with the card of a case, and the folder that it was in: judged once, for all tests that ask."""
    with tempfile.TemporaryDirectory() as name:
        return judged(broken(case, Path(name))), Path(name)


def said(folder: Path, language: str = "nl") -> str:
    """What an editor reads about the card in a folder; empty when all is well."""
    return told(judged(folder), folder, language)


def told(error: CardError | None, folder: Path, language: str = "nl") -> str:
    """What an editor reads about what is wrong in a folder; empty when all is well."""
    return error.text(language).replace(f"{folder}/", "") if error else ""


class Core(yaml.BaseLoader):
    """YAML 1.2 as an editor's tool reads it, as far as a card goes: what looks like a whole number is one."""

    def whole_number(self, node: yaml.ScalarNode) -> int:
        """The number that a scalar looks like."""
        return int(node.value)


Core.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("[-+]?[0-9]+$"), list("-+0123456789"))
Core.add_constructor("tag:yaml.org,2002:int", Core.whole_number)


SCHEMAS = {name: jsonschema.Draft7Validator(made) for name, made in schema.files().items()}


def as_a_tool_sees(file: Path) -> object:
    """A file as JSON, in which every name is a text."""

    def with_text_names(value: object) -> object:
        if isinstance(value, dict):
            return {str(name): with_text_names(item) for name, item in value.items()}
        return value

    return with_text_names(yaml.load(file.read_text(encoding="utf-8"), Core))  # noqa: S506 - whole numbers and texts


def underlined(folder: Path) -> bool:
    """Whether the schemas show a mistake in a card or its sentences. Of what is no YAML they say nothing."""
    files = {folder / "card.yaml": "card.schema.json"}
    files |= {file: f"schema/{file.stem}.schema.json" for file in folder.glob("??/*.yaml")}
    found = False
    for file, name in files.items():
        if name not in SCHEMAS or not file.exists():
            continue
        try:
            found |= not SCHEMAS[name].is_valid(as_a_tool_sees(file))
        except (UnicodeError, yaml.YAMLError):
            continue
    return found


def explained() -> str:
    """Each message about a card once, as an editor reads it, after what they did: the end of `prompts/README.md`."""
    first: dict[str, str] = {}
    for case in sorted(cases(), key=lambda case: case.path.stem not in MESSAGES):
        error, _ = known(case)
        for problem in error.problems if error else ():
            first.setdefault(problem.message, f"- *{case.title}.* {problem.said('nl')}\n")
    return "".join(first[id_] for id_ in MESSAGES)


def main() -> None:
    """Write what an editor reads into every case, and into the README for editors."""
    for case in cases():
        with tempfile.TemporaryDirectory() as name:
            folder = broken(case, Path(name))
            remark, message = UNDERLINED if underlined(folder) else "", said(folder)
        case.path.write_text(f"# {case.title}\n\n{case.changes}\n>>>{remark}\n{message}\n", encoding="utf-8")
    by_hand = README.read_text(encoding="utf-8").partition(MARKER)[0]
    README.write_text(by_hand + MARKER + explained(), encoding="utf-8")


if __name__ == "__main__":
    main()
