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
from ivr.editor.translations import languages_beside, standing
from ivr.proof import online
from ivr.proof.proved import Result, judged
from ivr.proof.warnings import WARNINGS, Looked
from ivr.settings import Settings


def languages(read: Read, folder: Path) -> Result:
    """The languages without which the line starts, and drafts, which nobody hears, with a file that cannot be read."""
    told = left_out(read)
    first, *offered = read.card.languages
    for code in languages_beside(folder, first):
        if code not in offered and code not in read.left_out:
            told += standing(folder, code, read.card, read.spoken[first].sentences).broken
    return judged("languages", told)


def warn(on: Looked) -> Iterator[Result]:
    """Run the checks that only warn. A voice that Twilio does not have fails here all the same, and no start."""
    for name, check in WARNINGS.items():
        findings = tuple(check(on))
        yield judged(name, findings, "fail" if "found-voice" in {one.message for one in findings} else "warn")


def ask(answers: Answers, settings: Settings, servers: Iterable[str] = ()) -> Iterator[Result]:
    """Run the checks that ask over the network: of the public address, of each server, the fallback, certificates."""
    yield judged("online", [online.line(settings)])
    if servers:
        card = fingerprint(settings.prompts)
        yield judged("servers", (online.server(settings, url, card) for url in servers))
    yield judged("fallback", [online.fallback(settings, answers.fallback)])
    yield judged("certificates", online.certificates(settings, datetime.now(UTC)), "warn")
