# SPDX-License-Identifier: EUPL-1.2
"""The preflight: named checks over the card, the sentences and the settings, each of which passes, warns or fails.

The proofs hold for every caller and every day, need no network, and `ivr serve` runs them before it starts. The
warnings depend on today's date or on how the line is run, and never stop a start.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from ivr.answers import Answers
from ivr.editor.load import Read, fingerprint, left_out
from ivr.editor.translate import languages_beside, standing
from ivr.messages.problems import Problem
from ivr.proof import online
from ivr.proof.proved import Result
from ivr.proof.warnings import WARNINGS, Looked
from ivr.settings import Settings


def languages(read: Read, folder: Path) -> Result:
    """The languages of the card in which something is missing or wrong, and drafts with a file that cannot be read.

    The line starts without the former, and nobody hears the latter.
    """
    told = left_out(read)
    first, *offered = read.card.languages
    for code in languages_beside(folder, first):
        if code not in offered and code not in read.left_out:
            told += standing(folder, code, read.card, read.spoken[first].sentences).broken
    return Result("languages", "fail" if told else "pass", tuple(told))


MISTAKES = ("found-voice",)
"""What the checks that only warn find, and is a mistake all the same: `ivr check` fails, and a start does not."""


def warn(on: Looked) -> Iterator[Result]:
    """Run the checks that only warn."""
    for name, check in WARNINGS.items():
        findings = tuple(check(on))
        wrong = any(finding.message in MISTAKES for finding in findings)
        yield Result(name, "fail" if wrong else "warn" if findings else "pass", findings)


def ask(answers: Answers, settings: Settings, servers: Iterable[str] = ()) -> Iterator[Result]:
    """Run the checks that ask over the network.

    Does the public address lead to this line, does each of these `servers` answer by itself, is the fallback there, and
    for how long are the certificates valid?
    """
    yield _asked("online", online.line(settings))
    if servers:
        card = fingerprint(settings.prompts)
        silent = tuple(filter(None, (online.server(settings, url, card) for url in servers)))
        yield Result("servers", "fail" if silent else "pass", silent)
    yield _asked("fallback", online.fallback(settings, answers.fallback))
    ending = tuple(online.certificates(settings, datetime.now(UTC)))
    yield Result("certificates", "warn" if ending else "pass", ending)


def _asked(name: str, problem: Problem | None) -> Result:
    findings = (problem,) if problem else ()
    return Result(name, "fail" if findings else "pass", findings)
