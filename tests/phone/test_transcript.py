# SPDX-License-Identifier: EUPL-1.2
import pytest

from ivr.phone.events import CallEvent, Dialling, Ended, Failed, HangUp, Outcome, Press, Said, Waiting
from ivr.phone.transcript import Transcript

SAID = (
    Said("Eén,", 0.1, interruptible=True),
    Said("twee.", 0.5, interruptible=True),
    Said("Drie", 0, interruptible=True),
)


@pytest.mark.parametrize(
    ("moments", "written"),
    [
        ((Said("", 0.4, interruptible=True), *SAID), "Lijn    Eén, … twee.\n        Drie\n"),
        (
            (*SAID, Press("3"), *SAID[1:]),
            "Lijn    Eén, … twee.\n        Drie\nBeller  drukt op 3\n\nLijn    twee.\n        Drie\n",
        ),
        ((SAID[0], HangUp(), Ended("caller")), "Lijn    Eén,\n        (de beller hangt op)\n"),
        (
            (Failed("https://line.example", 11200, "stuk"), Ended("error")),
            "        (er ging iets mis bij de lijn: stuk)\n        (het gesprek is weggevallen)\n",
        ),
        (
            (Dialling("+12025550101", "+12025550100", 25, 60, hangup_on_star=True), Outcome("canceled")),
            "        (de lijn belt +12025550101 en toont +12025550100)\n        (de verbinding lukt niet)\n\n",
        ),
        ((Outcome("answered"),), "        (er was een gesprek, en het is afgelopen)\n\n"),
    ],
)
def test_a_call_is_written_down(moments: tuple[CallEvent, ...], written: str) -> None:
    """Short pauses are ellipses, longer ones new lines, and what is not speech stands in brackets."""
    transcript = Transcript("nl")
    assert "".join(transcript.note(moment) for moment in (*moments, Waiting(10))) == written


def test_a_silence_is_written_down() -> None:
    """A wait that passes is the caller's silence, in the editor's language."""
    assert Transcript("en").silence(10) == "Caller  stays silent (10 s)\n\n"
