# SPDX-License-Identifier: EUPL-1.2
"""The proofs over a line, each of which passes or fails: what `ivr serve` waits for before it starts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ivr.answers import Answers
from ivr.messages.catalogue import Catalogue
from ivr.messages.problems import Problem
from ivr.proof.proofs import PROOFS
from ivr.proof.walked import Walked


@dataclass(frozen=True, slots=True)
class Result:
    """What one check found: "pass", "warn" or "fail"."""

    name: str
    status: str
    findings: tuple[Problem, ...] = ()

    def title(self, language: str) -> str:
        """What the check promises, in a sentence."""
        return Catalogue(language).say(f"check-{self.name}")


def judged(name: str, found: Iterable[Problem | None], status: str = "fail") -> Result:
    """What a check found, if anything: then it has this status, else it passes."""
    findings = tuple(filter(None, found))
    return Result(name, status if findings else "pass", findings)


def prove(answers: Answers, *, measure: bool) -> Iterator[Result]:
    """Run the checks that hold for every caller on every day.

    `measure`: with espeak-ng, where it is installed; else waits are estimated, which is quicker and less exact.
    """
    walked = Walked(answers, measure=measure)
    for name, proof in PROOFS.items():
        yield judged(name, proof(walked))


def wrong(answers: Answers) -> dict[str, tuple[Problem, ...]]:
    """What the proofs find, by the code of the language that it keeps from being served; empty where all may be served.

    What is wrong with the first language alone stands under it. Each other one is proved together with the first.
    """
    if not (together := _found(answers)):
        return {}
    first, *others = answers.line.card.languages
    if alone := _found(answers.only(first)):
        return {first: alone}
    found = {code: _found(answers.only(first, code)) for code in others}
    return {code: problems for code, problems in found.items() if problems} or dict.fromkeys(others, together)


def _found(answers: Answers) -> tuple[Problem, ...]:
    return tuple(finding for result in prove(answers, measure=False) for finding in result.findings)
