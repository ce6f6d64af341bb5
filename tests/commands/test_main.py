# SPDX-License-Identifier: EUPL-1.2
import json
import os
import pty
import select
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.commands import main as cli
from ivr.phone import handsets
from ivr.phone.events import Ended, Failed
from ivr.phone.interpreter import Call
from ivr.phone.transcript import Transcript
from ivr.phone.transport import Answer
from tests.conftest import BY_DAY, LINE, line_at, says, with_edits
from tests.transcripts import CALLS


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of this machine's line takes part; the line has a caller id."""
    for name in [name for name in os.environ if name.startswith(("IVR_", "TWILIO_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("IVR_CALLER_ID", "+12025550100")


def ivr(*arguments: str) -> Result:
    """Run the command in process."""
    return CliRunner().invoke(cli.main, arguments, prog_name="ivr")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["chek"], "chek is hier niet bekend.\nAlles wat hier kan: ivr --help"),
        (["check", "--strikt"], "--strikt is hier niet bekend.\nAlles wat hier kan: ivr check --help"),
        (["new"], "Hier ontbreekt nog: DIRECTORY.\nAlles wat hier kan: ivr new --help"),
    ],
)
def test_what_a_command_does_not_know_is_told_in_the_editor_s_language(arguments: list[str], told: str) -> None:
    """Whoever mistypes a command or an option reads in their own language what is not known, and where all of it is."""
    result = ivr(*arguments)
    assert (result.exit_code, result.stderr) == (2, f"Fout: {told}\n")


@pytest.mark.parametrize("name", ["adviespunt", "in-gesprek", "stilte-nacht"])
def test_a_call_prints_the_transcript(name: str) -> None:
    """`ivr call` with the line under a transcript's title prints that transcript, with the menu itself in its place."""
    title, command, _, call = (CALLS / f"{name}.txt").read_text(encoding="utf-8").split("\n", 3)
    arguments = command.removeprefix("$ ivr ").replace("'", "").split(" ")
    result = ivr(*arguments)
    assert result.exit_code == 0
    menu = (CALLS / "stilte-dag.txt").read_text(encoding="utf-8").partition("\n\n")[2].partition("\nBeller ")[0]
    assert result.stdout == call.replace("Lijn    [het menu: zie stilte-dag.txt]", menu), title


def test_a_call_is_told_to_machines() -> None:
    """With `--json` each moment is one object: what is said, what the line waits for, what was pressed, and the end."""
    moments = [json.loads(told) for told in ivr("call", "--keys", "3", "--json").stdout.splitlines()]
    pressed = moments.index({"event": "press", "keys": "3"})
    assert moments[pressed - 1] == {"event": "waiting", "seconds": 10}
    assert LINE.sentences.word("numbers.essm.name") in moments[pressed + 2]["text"].casefold()
    assert moments[-1] == {"event": "ended", "by": "line"}
    assert ivr("call", "--json").exit_code == 0


def test_a_call_needs_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A newcomer without any setting hears the line, and is told beside it that nothing is connected."""
    monkeypatch.delenv("IVR_CALLER_ID")
    result = ivr("call", "--at", "2026-11-25T14:00", "--keys", "39")
    assert "er wordt niets doorverbonden" in result.stderr
    assert "er wordt niets doorverbonden" not in result.stdout
    assert says("line.typed_other") in result.stdout


def test_a_call_says_beside_it_which_language_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who made a mistake in the second language is told why key 8 does nothing, and hears the line all the same."""
    with_edits(tmp_path, ("en/menus.yaml", " … Press {key}.", "."))
    monkeypatch.setenv("IVR_PROMPTS", str(tmp_path))
    result = ivr("call", "--keys", "8")
    assert "doet de lijn het zonder: en." in result.stderr
    assert f"{tmp_path}/en/menus.yaml:" in result.stderr
    assert "English" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--keys", "3x"], "--keys kent niet: x."),
        (["--at", "kerst"], "Invalid value for '--at'"),
        (["https://line.example", "--at", "2026-12-25T23:00"], "--at is voor een gesprek hier"),
        ([], "Er is geen terminal om toetsen in te drukken. Gebruik --keys"),
        (["--keys", "b"], "De lijn wacht op een toets, en b is hoe een verbinding afloopt."),
        (["--at", "2026-11-25T14:00", "--keys", "393"], "hier hoort c, b, n, f of *, en niet 3."),
        (["--at", "2026-11-25T14:00", "--keys", "1__5"], "Het gesprek was afgelopen voordat 5 ingedrukt kon worden."),
    ],
)
def test_a_mistake_in_a_call_is_told(arguments: list[str], says: str) -> None:
    """What does not fit is said in a sentence, without a traceback."""
    result = ivr("call", *arguments)
    assert result.exit_code != 0
    assert says in result.stderr
    assert "Traceback" not in result.output


def test_a_wrong_setting_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that cannot be used stops the call with its name and the cure."""
    monkeypatch.setenv("IVR_CALLER_ID", "020")
    assert "In IVR_CALLER_ID staat '020'." in ivr("call", "--keys", "3").stderr


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer(302, "text/html", b""), "Digits are lost"),
        (Answer(200, "text/xml", b"<Response><Wave/></Response>"), "unknown element 'Wave'"),
        (Answer(500, "text/html", b""), "Op de lijn ging iets mis, en niets antwoordde"),
    ],
    ids=["redirect", "wrong TwiML", "error"],
)
def test_a_line_that_fails_is_told(monkeypatch: pytest.MonkeyPatch, answer: Answer, says: str) -> None:
    """A line elsewhere that redirects, sends wrong TwiML or fails ends the command with a sentence and not with 0."""
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "abc")
    monkeypatch.setattr("ivr.phone.transport.http", lambda *_, **__: lambda _: answer)
    result = ivr("call", "https://line.example", "--keys", "")
    assert result.exit_code == 1
    assert says in result.stderr


PATIENCE = 30
"""Seconds after which somebody who sees nothing new hangs up."""


@contextmanager
def terminal(*steps: tuple[str, str]) -> Iterator[list[str]]:
    """Standard input and output are a terminal, with somebody who presses a key when its text appears.

    Yields what the screen has shown.
    """
    person, machine = pty.openpty()
    screen: list[str] = []

    def follow() -> None:
        """Press each key when its text appears."""
        shown = ""
        for text, key in steps:
            while text not in shown:
                shown += read()
            shown = shown[shown.index(text) :]
            os.write(person, key.encode())
        with suppress(OSError):  # how a terminal says that nobody holds its other end any more
            while read():
                pass

    def read() -> str:
        if not select.select([person], [], [], PATIENCE)[0]:
            os.write(person, b"q")
        screen.append(os.read(person, 4096).decode())
        return screen[-1]

    somebody = threading.Thread(target=follow)
    somebody.start()
    with open(os.dup(machine), encoding="utf-8") as stdin, open(machine, "w", encoding="utf-8") as stdout:  # noqa: PTH123
        before, sys.stdin, sys.stdout = (sys.stdin, sys.stdout), stdin, stdout
        try:
            yield screen
        finally:
            sys.stdin, sys.stdout = before
    somebody.join()
    os.close(person)


def by_hand(*steps: tuple[str, str]) -> str:
    """Make a call in the terminal; returns what the screen showed."""
    with terminal(*steps) as screen:
        handsets.in_terminal(line_at(BY_DAY), Transcript("nl"))
    return "".join(screen)


def test_a_key_acts_at_once() -> None:
    """In the terminal a key interrupts what is said, no Enter needed; `q` hangs up."""
    screen = by_hand((says("line.danger"), "3"), (says("numbers.essm.first"), "q"))
    assert says("menus.main.choices.police.long") not in screen
    assert screen.endswith("(de beller hangt op)\r\n")


def test_silence_can_be_skipped() -> None:
    """Space goes on to the next sentence and through a silence; a key without a meaning is passed over."""
    screen = by_hand((says("line.danger"), "x1"), (says("numbers.danger.first"), " " * 20))
    assert "blijft stil (5 s)" in screen
    assert screen.endswith("(de lijn hangt op)\r\n")


def test_a_connection_is_played_by_hand() -> None:
    """At a connection the person chooses how it ends, or hangs up."""
    skip = (says("numbers.essm.connect"), "    ")
    screen = by_hand(
        (says("line.danger"), "3"),
        (says("numbers.essm.first"), "9"),
        skip,
        ("c: gesprek", "xb"),
        (says("numbers.essm.busy"), "9"),
        skip,
        ("c: gesprek", "q"),
    )
    assert says("numbers.essm.busy") in screen
    assert screen.endswith("(de beller hangt op)\r\n")


def test_what_is_no_speech_is_passed_over() -> None:
    """A failure of the line asks nothing of the person at the keys."""

    def call() -> Call:
        yield Failed("https://line.example", 11200, "stuk")
        yield Ended("error")

    with terminal() as screen:
        handsets.in_terminal(call(), Transcript("nl"))
    assert "(er ging iets mis bij de lijn: stuk)" in "".join(screen)


def test_a_terminal_that_is_gone_hangs_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """When the terminal closes, the caller has hung up."""
    nothing = tmp_path / "nothing"
    nothing.touch()
    with nothing.open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert handsets._key(1.0) == "q"  # noqa: SLF001 - a terminal cannot be closed under a test


def test_the_command_uses_the_terminal() -> None:
    """`ivr call` without --keys is a call by hand."""
    with terminal((says("line.danger"), "q")) as screen, pytest.raises(SystemExit) as end:
        cli.main(["call"])
    assert end.value.code == 0
    assert "".join(screen).endswith("(de beller hangt op)\r\n")


@pytest.mark.parametrize("command", [("call", "--keys", ""), ("map",)], ids=["call", "map"])
def test_a_language_that_the_card_does_not_offer_is_told(command: tuple[str, ...]) -> None:
    """--language names those that there are."""
    result = ivr(*command, "--language", "tlh")
    assert result.exit_code == 2
    assert "staat niet op deze kaart. Wat er wel op staat: nl, en." in result.stderr
