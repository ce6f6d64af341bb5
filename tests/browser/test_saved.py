# SPDX-License-Identifier: EUPL-1.2
"""A card that is changed while its telephone is open in the browser."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.browser.places import begin
from ivr.position import Kind
from ivr.review.diff import Change
from ivr.review.places import Area
from tests.browser.visitor import NOW, Page, Told, client
from tests.conftest import BY_DAY, LINE, SETTINGS, says


def test_a_saved_file_is_spoken_in_the_next_call(tmp_path: Path) -> None:
    """A call that goes on is not changed; a mistake is told as the loader tells it until it is mended."""
    prompts = tmp_path / "prompts"
    shutil.copytree(SETTINGS.prompts, prompts)
    somebody, file = client(prompts), prompts / "nl" / "line.yaml"
    good = file.read_text(encoding="utf-8")
    state: Callable[[], Told] = lambda: somebody.get("/state").json or {}  # noqa: E731 - asked again and again
    before, running = state(), Page(somebody)
    known: Told = somebody.get(f"/state?version={before['version']}").json or {}
    assert known == {"version": before["version"]}
    save(file, good.replace("danger: ", "danger: Brand! "), 1)
    assert state()["version"] > before["version"]
    running.until("waiting")
    running.does(keys="*")
    running.until("said", says("line.danger"))
    Page(somebody).until("said", "Brand!")
    save(file, good.replace("danger: ", "danger: 1 "), 2)
    assert f"{file}:" in state()["wrong"]
    assert "^" in state()["wrong"]
    refused: Told = somebody.post("/begin", json={"at": "now"}).json or {}
    assert refused["refused"].startswith("Er is een fout in de kaart of de zinnen.")
    save(file, good, 3)
    assert state()["wrong"] == ""
    Page(somebody).until("said", says("line.danger"))


def test_a_mistake_in_another_language_is_told_and_the_line_does_without(tmp_path: Path) -> None:
    """Who breaks a sentence of the second language reads where, and the first one is still called."""
    prompts = tmp_path / "prompts"
    shutil.copytree(SETTINGS.prompts, prompts)
    file = prompts / "en" / "menus.yaml"
    save(file, file.read_text(encoding="utf-8").replace(" … Press {key}.", ".", 1), 1)
    somebody = client(prompts)
    told: Told = somebody.get("/state").json or {}
    assert "doet de lijn het zonder: en." in told["wrong"]
    assert f"{file}:" in told["wrong"]
    assert {language for _, language, _ in told["groups"]} == {"nl"}
    Page(somebody).until("said", says("line.danger"))


def test_the_difference_is_one_click_away(tmp_path: Path) -> None:
    """What changes for callers since the last commit is told as `ivr diff` tells it; a mistake is told instead."""
    shutil.copytree(SETTINGS.prompts, tmp_path, dirs_exist_ok=True)
    somebody = client(tmp_path)
    assert 'id="diff"' in somebody.get("/").text
    told: Callable[[], Told] = lambda: somebody.get("/diff").json or {}  # noqa: E731 - asked again and again
    assert "git" in told()["heading"]  # nothing was ever committed there
    (tmp_path / "card.yaml").write_text("name: x\n", encoding="utf-8")
    assert "card.yaml" in told()["heading"]


CLOSED, WORK = says("numbers.essm.closed"), says("chapters.labour.about", language="en")


@pytest.mark.starts("git")
def test_what_changed_is_heard_in_one_click(tmp_path: Path) -> None:
    """Each change that callers hear names a call that comes to it: where, when, and up to which words."""
    prompts = committed(tmp_path)
    for name, old, new in (
        ("nl/numbers.yaml", CLOSED, f"Let op. {CLOSED}"),
        ("en/chapters.yaml", WORK, f"Well. {WORK}"),
        ("nl/numbers.yaml", "first: De politie, zonder spoed. …", "first: De politie. …"),
        ("card.yaml", "checked: 2026-11-24", "checked: 2026-11-25"),
    ):
        file = prompts / name
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    told: Told = client(prompts).get("/diff").json or {}
    heard = [found and (found["at"], found["position"], found["until"]) for _, found in told["told"]]
    number = "nul, één, nul … twee, drie, zes … vijf, twee … vijf, zes."
    typed = says("numbers.essm.closed_typed", opens="morgenochtend half negen")
    closed = "Let op. " + says("numbers.essm.closed", opens="morgenochtend half negen")
    assert heard == [
        *[None] * 5,
        ("now", "number/police", "De politie. … nul, negen … nul, nul … acht, acht … vier, vier."),
        ("tonight", "number/essm", f"{closed} … {number}"),
        None,  # until further notice, which it is at none of these moments
        ("tonight", "number/essm/typed", f"Let op. {typed} … {number}"),
        ("now", "en/chapter/labour", f"Well. {WORK}"),
    ]
    for found in filter(None, heard):
        page = Page(client(prompts), at=found[0], position=found[1])
        assert found[2].startswith(page.until("said", found[2].split(" … ")[0])["text"])


def save(file: Path, text: str, seconds: int) -> None:
    """Save a file, so many seconds later than it was."""
    file.write_text(text, encoding="utf-8")
    os.utime(file, (NOW.timestamp() + seconds, NOW.timestamp() + seconds))


def test_what_is_heard_at_none_of_the_moments_has_no_button() -> None:
    """A sentence that is heard only at another moment, such as a notice that does not run, begins no call."""
    notice = Change("heard", ("line.notice",), (Area(Kind.MENU, LINE.card.start.id),))
    assert begin(LINE, notice, {"now": BY_DAY}) is None


def committed(folder: Path) -> Path:
    """Our card in a repository of its own, as it is committed."""
    prompts = Path(shutil.copytree(SETTINGS.prompts, folder / "prompts"))
    commit(folder)
    return prompts


def commit(folder: Path) -> None:
    """Make a repository of a folder as it is."""
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example", "-C", str(folder)]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "so"]):
        subprocess.run([*git, *command], check=True)
