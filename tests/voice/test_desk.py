# SPDX-License-Identifier: EUPL-1.2
"""Everything that somebody does who records, on a card of our own in a folder."""

import errno
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.editor import recordings
from ivr.editor.recordings import Entry
from ivr.messages.problems import CardError, Problem, RecordError
from ivr.phone import espeak
from ivr.sentences import Digits, Words
from ivr.voice import audio, sheet
from ivr.voice import desk as desks
from ivr.voice.audio import Take
from ivr.voice.desk import Desk
from tests.cards import edit
from tests.conftest import SETTINGS, says
from tests.recorded import TODAY, line_of, listed, ours, record, tone
from tests.voice.test_audio import GOOD, speech, wav

CHANGED = f"Goed. {says('line.list')}"
DANGER = says("line.danger", emergency="één, één, twee")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of our card."""
    return ours(tmp_path)


def opened(folder: Path, language: str | None = None) -> Desk:
    """Somebody sits down."""
    return Desk.open(replace(SETTINGS, prompts=folder, caller_id=None), language, TODAY)


def entry(desk: Desk, text: str = DANGER) -> Entry:
    """What the list has of a text."""
    return desk.now.entries[text]


def keep(folder: Path, samples: bytes, text: str = DANGER) -> None:
    """AB reads a line."""
    desk = opened(folder)
    desk.keep(entry(desk, text), samples, "AB")


def accept(folder: Path, by: str = "CD") -> None:
    """Somebody has heard everything that was not heard yet."""
    desk = opened(folder)
    desk.accept(desk.entries(desk.now.unheard), by)


def files(folder: Path, code: str = "nl") -> list[str]:
    """What lies beside the list."""
    return sorted(path.name for path in (folder / code / recordings.FOLDER).glob("*") if path.suffix != ".yaml")


def test_every_line_has_a_number_that_stays(folder: Path) -> None:
    """A changed sentence is a new number, and the others keep theirs; nothing is written before there is a reason."""
    desk = opened(folder)
    assert len(desk.now.missing) == 122
    assert (entry(desk).number, entry(desk).line) == (1, "line.danger")
    assert not (folder / "nl" / recordings.FOLDER).exists()
    desk.save()
    edit(folder, "nl/line.yaml", "list: ", "list: Goed. ")
    again = opened(folder)
    assert entry(again, CHANGED).number == 123
    assert entry(again) == entry(desk)


def test_a_draft_is_recorded_like_a_language_that_is_offered(folder: Path) -> None:
    """Any folder beside the card can be recorded; one with mistakes, or of no language, is refused."""
    edit(folder, "card.yaml", "languages: [nl, en]\n", "")
    desk = opened(folder, "en")
    assert len(desk.now.missing) == 129  # four are Dutch names
    assert any("Press eight" in text for text in desk.now.wanted)
    with pytest.raises(CardError, match="no folder xx/"):
        opened(folder, "xx")
    shutil.copytree(folder / "en", folder / "xx")
    with pytest.raises(LookupError):
        opened(folder, "xx")
    edit(folder, "en/line.yaml", "nomatch: ", "nomat: ")
    with pytest.raises(CardError):
        opened(folder, "en")


def test_a_recording_is_kept_and_replaced(folder: Path) -> None:
    """A new one takes the place of the old, and must be heard again; the very same need not."""
    keep(folder, tone(1, 8000))
    accept(folder)
    first = entry(opened(folder))
    assert first.accepted
    keep(folder, tone(1, 8000))
    assert entry(opened(folder)) == first
    keep(folder, tone(2, 8000))
    kept = entry(opened(folder))
    assert not kept.accepted
    assert files(folder) == [kept.file] != [first.file]
    assert DANGER not in line_of(folder).spoken("nl").recorded


def test_a_second_person_hears_it(folder: Path) -> None:
    """Whoever read a line cannot accept it."""
    for text in list(opened(folder).now.wanted)[:8]:
        keep(folder, tone(1, 8000), text)
    with pytest.raises(RecordError, match="ab has read these lines: 1, 2, 3, 4, 5 …"):
        accept(folder, "ab")
    accept(folder)
    assert not opened(folder).now.unheard


@pytest.mark.parametrize("by", ["A\u00a0B", "A\tB", "A\u200bB", "A'B\\", 'A "B"', "\U0001f468\u200d\U0001f469", ""])
def test_initials_with_what_nobody_sees_are_refused(folder: Path, by: str) -> None:
    """What was pasted along would make the list unreadable for everybody; a name with an accent does not."""
    keep(folder, tone(1, 8000))
    desk = opened(folder)
    with pytest.raises(RecordError, match="cannot be initials"):
        desk.keep(entry(desk), tone(2, 8000), by)
    with pytest.raises(RecordError, match="cannot be initials"):
        accept(folder, by)
    accept(folder, "Ö. de Wit-Ž. 2")
    assert entry(opened(folder)).accepted


def test_a_folder_of_a_studio_is_taken_in(folder: Path, tmp_path: Path) -> None:
    """Each file by its number, whatever else is there; what is wrong with one is told, and the others are kept."""
    studio = tmp_path / "studio"
    studio.mkdir()
    (studio / ".DS_Store").write_bytes(b"x")
    (tmp_path / "secret.wav").write_bytes(GOOD)
    (studio / "001.wav").write_bytes(GOOD)
    (studio / "2 take 3.wav").write_bytes(wav(speech(rate=48000), 48000, "PCM_24"))
    (studio / "003.wav").write_bytes(GOOD)
    (studio / "3b.wav").write_bytes(GOOD)
    (studio / "004.wav").write_bytes(GOOD[:5000])
    (studio / "005.wav").symlink_to(tmp_path / "secret.wav")
    (studio / "006").mkdir()
    (studio / "999.wav").write_bytes(GOOD)
    (studio / "intro.wav").write_bytes(GOOD)
    os.mkfifo(studio / "007.wav")
    told = {file: one for file, _, one in opened(folder).take_in(studio, "AB")}
    messages = {file: one.message if isinstance(one, Problem) else "" for file, one in told.items()}
    assert messages == {
        "001.wav": "",
        "2 take 3.wav": "",
        "003.wav": "import-twice",
        "3b.wav": "import-twice",
        "004.wav": "audio-half",
        "005.wav": "import-outside",
        "006": "import-outside",
        "007.wav": "import-outside",
        "999.wav": "import-number",
        "intro.wav": "import-name",
    }
    assert isinstance(told["001.wav"], Take)
    assert len(files(folder)) == 2
    assert all(one.said(language) for one in told.values() if isinstance(one, Problem) for language in ("nl", "en"))


def test_a_file_that_may_not_be_read_is_told(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the next is taken in."""
    (tmp_path / "studio").mkdir()
    (tmp_path / "studio" / "1.wav").write_bytes(GOOD)
    monkeypatch.setattr(audio, "take", lambda _: (_ for _ in ()).throw(PermissionError(errno.EACCES, "denied")))
    ((*_, told),) = opened(folder).take_in(tmp_path / "studio", "AB")
    assert isinstance(told, Problem)
    assert told.message == "import-unread"


def test_a_disk_that_is_full_in_the_middle_loses_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was there is still there, and nothing is half written, whether the sound or the list has no room."""
    keep(folder, tone(1, 8000))
    (folder / "studio").mkdir()
    (folder / "studio" / "1.wav").write_bytes(GOOD)
    before = listed(folder, "nl").read_bytes(), files(folder)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RecordError, match="could not be written: No space left"):
        keep(folder, tone(2, 8000))
    with pytest.raises(RecordError, match="could not be written: No space left"):
        list(opened(folder).take_in(folder / "studio", "AB"))
    assert (listed(folder, "nl").read_bytes(), files(folder)) == before
    assert entry(opened(folder)).file == files(folder)[0]


def test_a_list_that_cannot_be_read_is_not_written_over(folder: Path) -> None:
    """What stands in it would be forgotten."""
    opened(folder).save()
    edit(folder, "nl/recordings/recordings.yaml", "  line: ", "  lijn: ")
    with pytest.raises(CardError):
        opened(folder)


def test_two_programs_write_one_list(folder: Path) -> None:
    """What somebody accepts in a terminal stays when the reader's program, which began before, keeps the next line."""
    keep(folder, tone(1, 8000))
    reads = opened(folder)
    accept(folder)
    second = says("menus.main.about")
    reads.keep(entry(reads, second), tone(2, 8000), "AB")
    now = opened(folder)
    assert entry(now).accepted
    assert entry(now, second).file


def test_what_is_left_is_told(folder: Path) -> None:
    """Missing, stale with what was read, and unheard, each line in one of them."""
    record(folder, "nl", but=[DANGER])
    edit(folder, "nl/line.yaml", "list: ", "list: Goed. ")
    edit(folder, "nl/recordings/recordings.yaml", "  heard_by: 'CD'\n", "")
    now = opened(folder).now
    assert now.missing == [DANGER, CHANGED]
    assert {text: one.text for text, one in now.stale.items()} == {CHANGED: says("line.list")}
    assert now.unheard == [says("menus.main.about")]


def test_a_second_look_finds_what_is_odd(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too quiet, too loud, too long or too short for its text beside the reader's other lines; one sound twice."""
    monkeypatch.setattr(espeak, "available", lambda: False)
    texts = list(opened(folder).now.wanted)[:9]
    usual = {text: desks._expected(text, "nl") for text in texts}  # noqa: SLF001
    for number, text in enumerate(texts):
        loud = 0.02 if number == 1 else 0.11
        seconds = usual[text] * {3: 2.0, 4: 0.5}.get(number, 1.0)
        samples = audio.to_bytes(speech(seconds, loud=loud, around=0))
        keep(folder, samples, text)
        if number in (5, 6):
            keep(folder, tone(1, len(texts[5]) * 500), text)
    problems = list(opened(folder).doubts())
    found = [(problem.message, problem.values["number"], problem.values.get("percent", "")[:1]) for problem in problems]
    assert {("record-quiet", "2", ""), ("record-length", "4", "+"), ("record-length", "5", "-")} <= {*found}
    assert ("record-twins", "6", "") in found
    assert all(problem.said(language) for problem in problems for language in ("nl", "en"))


def test_the_sheet_is_what_one_reads_aloud(folder: Path) -> None:
    """Numbers as on the card, keys as on the telephone, letters as letters; what is to be read, and what changed."""
    record(folder, "nl", but=[DANGER])
    edit(folder, "nl/line.yaml", "list: ", "list: Goed. ")
    desk = opened(folder)
    page = sheet.page(desk)
    assert says("line.danger", emergency="1-1-2") in page
    assert f"{says('numbers.essm.first')} … 010 · 236 · 52 · 56." in page
    assert "010 …… 236 …… 52 …… 56" in page
    assert "E-S-S-M." in page
    assert "Druk op 9." in page
    assert ">veranderd<" in page
    assert page.count(">nog niet ingelezen<") == 1
    assert '<th scope="row">001</th>' in page
    assert sheet.page(opened(folder, "en")).count(">nog niet ingelezen<") == 125


def test_a_number_abroad_keeps_its_plus() -> None:
    """It is read."""
    assert sheet._printed(Digits("+31 10 236")) == Words("+31 · 10 · 236")  # noqa: SLF001
