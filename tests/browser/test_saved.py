# SPDX-License-Identifier: EUPL-1.2
"""A card that is changed while its telephone is open in the browser."""

import html
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.browser import file as whole
from ivr.browser.play import begin
from ivr.position import Kind
from ivr.review.in_words import Area
from ivr.review.rows import Change
from tests.browser.visitor import NOW, Told, client
from tests.cards import edit, more
from tests.conftest import BY_DAY, LINE, SETTINGS, says, with_edits


def test_a_saved_file_makes_another_page(tmp_path: Path) -> None:
    """Until it is saved it is the same; a mistake is told as the loader tells it, beside the last good page."""
    prompts = more.one(tmp_path)
    somebody, file = client(prompts), prompts / "nl" / "line.yaml"
    good = file.read_text(encoding="utf-8")
    state: Callable[[], Told] = lambda: somebody.get("/state").json or {}  # noqa: E731 - asked again and again
    assert somebody.get("/").text == somebody.get("/").text
    assert state()["version"] == "1"
    save(file, good.replace("danger: ", "danger: Brand! "), 1)
    assert state() == {"version": "2", "wrong": ""}
    assert "Brand!" in somebody.get("/").text
    save(file, good.replace("danger: ", "danger: 1 "), 2)
    assert f"{file}:" in state()["wrong"]
    assert "^" in state()["wrong"]
    wrong = somebody.get("/").text
    assert "Brand!" in wrong
    assert str(file) in wrong
    refused = client(prompts).get("/")
    assert f"{file}:" in refused.text
    assert refused.headers["Refresh"] == "2"
    save(file, good, 3)
    assert state() == {"version": "3", "wrong": ""}
    call = {"version": "2", "at": "2026-11-25T14:00", "keys": "3", "language": "nl"}
    assert somebody.get("/told", query_string=call).json == {}, "it began with sentences that are gone"


def test_a_mistake_in_another_language_is_told_and_the_line_does_without(tmp_path: Path) -> None:
    """Who breaks a sentence of the second language reads where, and the first one is still called."""
    somebody = client(with_edits(tmp_path, ("en/menus.yaml", " … Press {key}.", ".")).prompts)
    told: Told = somebody.get("/state").json or {}
    assert "doet de lijn het zonder: en." in told["wrong"]
    assert f"{tmp_path}/en/menus.yaml:" in told["wrong"]
    assert 'data-language="en"' not in somebody.get("/").text


CLOSED, WORK = says("numbers.essm.closed"), says("chapters.labour.about", language="en")


@pytest.mark.starts("git")
def test_what_changed_is_heard_in_one_click(tmp_path: Path) -> None:
    """Each change that callers hear names a call that comes to it: where, when, and up to which words."""
    prompts = committed(tmp_path)
    for name, old, new in (
        ("nl/numbers.yaml", f" closed: {CLOSED}", f" closed: Let op. {CLOSED}"),
        ("nl/numbers.yaml", f" closed_typed: {CLOSED}", f" closed_typed: Let op. {CLOSED}"),
        ("en/chapters.yaml", WORK, f"Well. {WORK}"),
        ("nl/numbers.yaml", "first: De politie, zonder spoed. …", "first: De politie. …"),
        ("card.yaml", "checked: 2026-11-24", "checked: 2026-11-25"),
    ):
        edit(prompts, name, old, new)
    page = client(prompts).get("/").text
    found = re.findall('data-begin="([^"]*)" data-at="([^"]*)" data-until="([^"]*)"', page)
    typed = says("numbers.essm.closed_typed", opens="morgenochtend half negen")
    closed = says("numbers.essm.closed", opens="morgenochtend half negen")
    assert [(position, at, html.unescape(until).partition(" … nul")[0]) for position, at, until in found] == [
        ("number/police", "2026-11-25T14:00", "De politie."),
        ("number/essm", "2026-11-25T23:00", f"Let op. {closed}"),
        ("number/essm/typed", "2026-11-25T23:00", f"Let op. {typed}"),
        ("en/chapter/labour", "2026-11-25T14:00", f"Well. {WORK}"),
    ]
    chosen = replace(SETTINGS, prompts=prompts)
    for number, begins in (("nla", ["en/chapter/labour"]), ("m", [])):
        own = whole.page(chosen, NOW, before="HEAD", number=number)
        assert re.findall('data-begin="([^"]*)" data-at', own) == begins, "not what changes for another organisation"
        assert ("Er verandert niets" in own) == (not begins)


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
