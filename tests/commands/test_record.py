# SPDX-License-Identifier: EUPL-1.2
"""`ivr record` as somebody types it."""

import builtins
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.commands.main import main
from tests.cards import edit
from tests.conftest import says
from tests.recorded import line_of, ours, record
from tests.voice.test_audio import GOOD

DANGER = says("line.danger", emergency="één, één, twee")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of our card, which the command reads."""
    folder = ours(tmp_path)
    monkeypatch.setenv("IVR_PROMPTS", str(folder))
    monkeypatch.setenv("IVR_EDITOR_LANGUAGE", "en")
    return folder


def run(*words: str) -> Result:
    """Type a command."""
    return CliRunner().invoke(main, ["record", *words])


@pytest.mark.starts
def test_from_the_sheet_to_a_line_that_is_played(folder: Path, tmp_path: Path) -> None:
    """The sheet, a folder of a studio, one for the rest, a second pair of ears, and nothing is left."""
    sheet = run("sheet")
    assert sheet.exit_code == 0
    assert says("line.danger", emergency="1-1-2") in sheet.output
    studio = tmp_path / "studio"
    studio.mkdir()
    for name in ("001.wav", "x.wav"):
        (studio / name).write_bytes(GOOD)
    taken = run("import", "--by", "AB", str(studio))
    assert taken.exit_code == 1
    assert "✓ 001.wav: line 001, 1.1 seconds of silence cut off" in taken.output
    assert "✗ x.wav: The name does not tell" in taken.output
    assert "Still to be read: 121. Still to be heard, by somebody else: 1." in taken.output
    (studio / "x.wav").unlink()
    assert run("import", "--by", "AB", str(studio)).exit_code == 0
    for number in range(2, 123):
        (studio / f"{number:03d}.wav").write_bytes(GOOD)
    assert run("import", "--by", "AB", str(studio)).exit_code == 0
    status = run("status")
    assert status.exit_code == 1
    assert "nl: 122 of 122 lines were read." in status.output
    assert f"Read, and heard by nobody (122):\n  001  {DANGER}\n" in status.output
    assert "have the same sound and another text" in status.output
    assert "Heard and right" not in run("accept", "--by", "AB").output
    assert run("accept", "--by", "CD", "--all").output.startswith("Heard and right: 122.")
    assert len(line_of(folder).spoken("nl").recorded) == 122


def test_what_is_wrong_is_told_in_words(folder: Path) -> None:
    """A language that is none, and what is to be accepted."""
    assert "There is no folder xx/ yet." in run("status", "--language", "xx").output
    (folder / "xx").symlink_to(folder / "en")
    assert "The line does not know the language xx." in run("status", "--language", "xx").output
    assert run("accept", "--by", "CD").exit_code == 2


def test_what_is_stale_or_damaged_is_told(folder: Path) -> None:
    """With what was read before, and with the file."""
    record(folder, "nl")
    edit(folder, "nl/line.yaml", "\nlist: ", "\nlist: Goed. ")
    first = line_of(folder).spoken("nl").recorded[DANGER]
    first.file.unlink()
    told = run("status").output
    assert f"(what was read: {says('line.list')})" in told
    assert f"The recording of line 1 (nl) cannot be read: No such file or directory. Put {first.file.name} back" in told


def test_a_server_can_do_without_the_libraries(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is named that is missing; nothing else of the line asks for it."""
    real = builtins.__import__

    def absent(name: str, *rest: object, **more: object) -> object:
        if name == "ivr.voice.desk":
            raise ModuleNotFoundError(name="numpy")
        return real(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", absent)
    assert "Recording needs more: numpy is missing. Install the line with the extra record" in run("status").output
    assert folder.exists()


def test_the_page_is_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its address and the language that is read are told."""
    monkeypatch.setattr("werkzeug.serving.BaseWSGIServer.serve_forever", lambda _: None)
    result = run("--port", "0", "--language", "en")
    assert (result.exit_code, folder.exists()) == (0, True)
    assert "http://127.0.0.1:" in result.output
