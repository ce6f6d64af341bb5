# SPDX-License-Identifier: EUPL-1.2
"""What our pages promise is there, and what is there is in our pages."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from ivr.commands import main as cli

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "deploy" / "settings.md").read_text(encoding="utf-8")
PAGES = sorted(ROOT.glob("*.md")) + sorted((ROOT / "deploy").glob("*.md")) + sorted((ROOT / "prompts").glob("*.md"))
PAGES += sorted((ROOT / "docs").glob("*.md"))


def test_every_setting_has_its_row() -> None:
    """Each variable that is read of the environment, wherever in `ivr/`, has its row, and no other has one."""
    code = "".join(file.read_text("utf-8") for file in (ROOT / "ivr").rglob("*.py"))
    read = set(re.findall(r'"((?:IVR|TWILIO|CALL)_[A-Z0-9_]+)"', code))
    rows = re.findall(r"^\| (`(?:IVR|TWILIO|CALL)_.*?) \|", SETTINGS, re.MULTILINE)
    told = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    ends = {"API_KEY": "_SECRET", "TOKEN": "_FILE"}
    assert told == read | {name + more for name in read for end, more in ends.items() if name.endswith(end)}


def test_every_dependency_has_its_reason() -> None:
    """Each direct dependency stands in the table that says why."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    table = README[README.index("## Dependencies") :].lower()
    names = {re.split(r"[\[>=]", line)[0] for line in project["dependencies"]}
    assert not {name for name in names if not re.search(rf"\b{name}\b", table)}


def test_every_make_target_that_a_page_names_exists() -> None:
    """`make call` and the like do what a page says, for each that is named."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in PAGES:
        named = set(re.findall(r"(?:`|^    )make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
        assert named <= targets, page


def test_every_command_that_a_page_names_exists() -> None:
    """`ivr call` and the like exist, for each that is named."""
    for page in PAGES:
        named = set(re.findall(r"(?:`|^    |bin/)ivr ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
        assert named <= set(cli.COMMANDS), page


def test_every_test_that_a_page_names_exists() -> None:
    """Where a page says which test shows something, there is one of that name."""
    there = {
        name
        for file in (ROOT / "tests").rglob("*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert set(re.findall(r"`(test_\w+)`", text)) <= there, page
        assert all((ROOT / file).exists() for file in re.findall(r"`(tests/[\w/.-]+)`", text)), page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    """A link to a file of this repository leads to one, and what stands behind # to a heading in it."""
    for name, heading in re.findall(r"\]\((?!https?:|mailto:)([^)#]*)#?([^)]*)\)", page.read_text(encoding="utf-8")):
        target = page.parent / name if name else page
        assert target.exists(), name
        assert not heading or heading in anchors(target), f"{name}#{heading}"


def test_the_picture_of_the_telephone_is_small() -> None:
    """The first screen of the README has one picture, with words for who does not see it, that costs nobody much."""
    (picture,) = re.findall(r'<img src="([^"]+)" width="\d+" alt="[^"]{40,}">', (ROOT / "README.md").read_text("utf-8"))
    assert (ROOT / picture).stat().st_size < 100_000


def anchors(page: Path) -> set[str]:
    """What a link to a heading of a page is called: its words in lower case, with hyphens for spaces."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_renovate_sees_every_pin_of_our_own() -> None:
    """What the Makefile and the build of Asterisk pin by themselves is found by the patterns in renovate.json."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    manager, asterisk = json.loads((ROOT / "renovate.json").read_text(encoding="utf-8"))["customManagers"]
    (pattern,) = manager["matchStrings"]
    assert len(re.findall(pattern.replace("(?<", "(?P<"), makefile)) == makefile.count("==") > 0
    build = (ROOT / "deploy/asterisk/make-package").read_text(encoding="utf-8")
    assert len(re.findall(asterisk["matchStrings"][0].replace("(?<", "(?P<"), build)) == 1
