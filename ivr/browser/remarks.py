# SPDX-License-Identifier: EUPL-1.2
"""What readers wrote in the file that was mailed to them, put together by sentence."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from ivr.editor.load import fingerprint
from ivr.editor.translations import digest
from ivr.line import Line
from ivr.messages.problems import Place, Problem, ProblemsError
from ivr.settings import Settings


class Remark(NamedTuple):
    """What a reader thinks of a sentence, as it was on the card with this fingerprint, and its number there.

    `moment` and `position` say in which call; on the map there is none.
    """

    name: str
    card: str
    language: str
    number: int
    sentence: str
    verdict: str
    remark: str
    moment: str = ""
    position: str = ""


def read(file: Path) -> list[Remark]:
    """The remarks in a file that the page saved. Raises ProblemsError where it has none, and OSError."""
    try:
        told = json.loads(file.read_text(encoding="utf-8-sig"), object_hook=_on_one_line)
    except (ValueError, RecursionError):
        raise ProblemsError([Problem("phone-remarks-broken", {}, Place(file))]) from None
    with suppress(TypeError, KeyError):
        found = [Remark(told["name"], told["card"], **one) for one in told["remarks"]]
        if all(map(_right, found)):
            return found
    raise ProblemsError([Problem("phone-remarks-foreign", {}, Place(file))])


def _on_one_line(row: dict[str, object]) -> dict[str, object]:
    """What a stranger wrote, without what a terminal would obey."""

    def plain(text: str) -> str:
        return "".join(letter if letter.isprintable() else " " for letter in text)

    return {name: plain(value) if isinstance(value, str) else value for name, value in row.items()}


def _right(remark: Remark) -> bool:
    """Whether each part is what the page writes there."""
    kinds = Remark.__annotations__.values()
    known = remark.verdict in ("", "good", "other", "wrong")
    return known and all(type(part) is kind for part, kind in zip(remark, kinds, strict=True))


def together(
    chosen: Settings, line: Line, numbers: Mapping[str, Mapping[str, int]], remarks: Sequence[Remark]
) -> Iterator[str]:
    """Each remark once, by sentence, below who read which card; `numbers` has those of today's map, by language.

    What was read as it is now can be noted on the card: below its readers stands the `reviewed_said` of each language.
    """
    now = fingerprint(chosen.prompts)
    for card in dict.fromkeys(remark.card for remark in remarks):
        on_card = [remark for remark in remarks if remark.card == card]
        names = dict.fromkeys(remark.name or "…" for remark in on_card)
        message = "phone-remarks-now" if card == now else "phone-remarks-other"
        yield chosen.say(message, card=card, names=", ".join(names))
        read = {remark.language for remark in on_card if card == now}
        for code in line.card.languages:
            if code in read:
                yield chosen.say("phone-remarks-said", language=code, said=digest(line.spoken(code).sentences))

    def place(remark: Remark) -> tuple[str, int, str]:
        return remark.language, numbers.get(remark.language, {}).get(remark.sentence, remark.number), remark.sentence

    for (language, number, sentence), ours in groupby(
        sorted({*remarks}, key=lambda remark: (place(remark), remark)), place
    ):
        message = "phone-remarks-at" if sentence in numbers.get(language, {}) else "phone-remarks-changed"
        yield "\n" + chosen.say(message, number=number, language=language, sentence=sentence)
        for remark in ours:
            verdict = chosen.say(f"phone-verdict-{remark.verdict}") if remark.verdict else ""
            told = ". ".join(filter(None, (verdict, remark.remark)))
            where = ", ".join(filter(None, (remark.moment, remark.position)))
            yield f"- {remark.name or '…'}: {told}" + f" ({where})" * bool(where)
