# SPDX-License-Identifier: EUPL-1.2
"""Any call to any card: hypothesis presses keys, stays silent and lets connections end as it likes."""

import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from hypothesis import HealthCheck, given, settings, stateful
from hypothesis import strategies as st

from ivr.app import create_app
from ivr.editor.load import make_line
from ivr.phone.transport import Answer, Fetch, Request, signed
from ivr.proof import proved
from tests.caller import Caller
from tests.cards import CARDS
from tests.cards.made import Plan, plans, write
from tests.conftest import BY_DAY, BY_NIGHT, LINES, PUBLIC_URL, SETTINGS, TOKEN, answers
from tests.in_process import wsgi

KEYPAD = "0123456789*#"

READ = {CARDS[name]: line for name, line in LINES.items()}
"""The lines of our own cards, by folder: drawn again and again, and each the same."""


def line_of(prompts: Path, at: object = BY_DAY) -> tuple[Fetch, dict[str, set[str]]]:
    """What carries requests to the line of a card, and where each key of each of its menus leads."""
    settings = replace(SETTINGS, prompts=prompts)
    line = READ.get(prompts) or make_line(settings)
    card, app = line.card, create_app(settings, lambda: at, line)  # type: ignore[arg-type, return-value]
    leads = {f"{menu.id}/{key}": {target} for menu in card.menus.values() for key, target in menu.keys.items()}
    return signed(wsgi(app, PUBLIC_URL), TOKEN), leads


class AnyCall(stateful.RuleBasedStateMachine):
    """A call to one of our cards, or to a made one, by day or by night."""

    answers: ClassVar[dict[object, Answer]] = {}

    @stateful.initialize(card=st.one_of(st.sampled_from(sorted(CARDS)), plans), at=st.sampled_from([BY_DAY, BY_NIGHT]))
    def answer(self, card: str | Plan, at: object) -> None:
        """The line answers."""
        self.folder = tempfile.TemporaryDirectory()
        prompts = CARDS[card] if isinstance(card, str) else Path(self.folder.name)
        if isinstance(card, Plan):
            write(card, prompts)
        fetch, _ = line_of(prompts, at)

        def twice(request: Request) -> Answer:
            """A webhook that Twilio repeats gets the same answer, and so does anybody else who comes there."""
            answer = fetch(request)
            assert fetch(request) == answer
            heard = (str(card), at, request.url, request.form.get("Digits"), request.form.get("DialCallStatus"))
            assert self.answers.setdefault(heard, answer) == answer
            return answer

        self.fetch = twice
        self.call_again()

    @stateful.precondition(lambda self: self.call.over)
    @stateful.rule()
    def call_again(self) -> None:
        """Somebody can always call again."""
        self.call = Caller(self.fetch, f"{PUBLIC_URL}/voice")

    @stateful.precondition(lambda self: not self.call.over and not self.call.dialled)
    @stateful.rule(key=st.sampled_from(KEYPAD), at_once=st.booleans())
    def press(self, key: str, at_once: bool) -> None:  # noqa: FBT001 - hypothesis draws it
        """A key is pressed, perhaps before the line has finished."""
        self.call.press(key, at_once=at_once)

    @stateful.precondition(lambda self: not self.call.over and not self.call.dialled)
    @stateful.rule()
    def stay_silent(self) -> None:
        """A whole wait passes."""
        self.call.silence()

    @stateful.precondition(lambda self: self.call.dialled)
    @stateful.rule(status=st.sampled_from(["completed", "busy", "no-answer", "failed", "canceled", "new"]))
    def connection_ends(self, status: str) -> None:
        """A connection ends."""
        self.call.transfer(status)

    @stateful.invariant()
    def something_useful_is_heard(self) -> None:
        """Every answer speaks, and never a digit."""
        if hasattr(self, "call"):
            said = self.call.said
            assert said or self.call.over
            assert not re.search(r"\d", " ".join(said))

    def teardown(self) -> None:
        """The card is thrown away."""
        if hasattr(self, "folder"):
            self.folder.cleanup()


TestAnyCall = AnyCall.TestCase
TestAnyCall.settings = settings(max_examples=60, stateful_step_count=25)


@given(plan=plans)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_every_card_passes_the_proofs(plan: Plan) -> None:
    """Whatever the shape of a card, the proofs about its dialogue hold."""
    with tempfile.TemporaryDirectory() as folder:
        write(plan, Path(folder))
        line = make_line(replace(SETTINGS, prompts=Path(folder)))
        found = {result.name for result in proved.prove(answers(line), measure=False) if result.status == "fail"}
    assert not found


@given(old=plans.filter(lambda plan: len(plan.numbers) > 2), shift=st.integers(1, 2), keys=st.text("1234#", min_size=1))
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_two_versions_of_a_card_lead_nobody_astray(old: Plan, shift: int, keys: str) -> None:
    """While two replicas have different cards, a key leads where the caller heard that it would, or to the menu."""
    new = replace(old, shift=old.shift + shift)
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        write(old, Path(first))
        write(new, Path(second))
        (one, heard_by_one), (other, heard_by_other) = line_of(Path(first)), line_of(Path(second))
        turns = [(one, heard_by_one), (other, heard_by_other)]
        answers: list[Answer] = []

        def in_turn(request: Request) -> Answer:
            answers.append(turns[len(answers) % 2][0](request))
            return answers[-1]

        call = Caller(in_turn, f"{PUBLIC_URL}/voice")
        for key in keys:
            if call.dialled:
                call.transfer("busy")
            offered = turns[(len(answers) - 1) % 2][1]
            place = here(answers[-1])
            if call.over:
                break
            call.press(key)
            reached = here(answers[-1])
            if place.startswith("menu/") and f"{place.split('/')[1]}/{key}" in offered:
                promised = offered[f"{place.split('/')[1]}/{key}"]
                assert reached.split("/")[0] in ("menu", "list") or reached.split("/")[1] in promised | {"alarm"}


def here(answer: Answer) -> str:
    """The place that an answer speaks from, read out of the address where it goes on."""
    found = re.search(r"/voice/([a-z0-9/-]+)/(?:keys|outcome)", answer.body.decode())
    assert found
    return found[1]
