# SPDX-License-Identifier: EUPL-1.2
"""What `ivr diff` tells of languages."""

from collections.abc import Iterator
from pathlib import Path

from ivr.editor.load import make_line
from ivr.messages.catalogue import Catalogue
from tests.conftest import LINES, says, with_edits
from tests.differences import differences, line_of


def in_languages(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """What changed about the languages of a card, and what is told."""
    ours = LINES["ours"]
    for count, (file, old, new) in enumerate(
        [
            ("card.yaml", "languages: [nl, en]", "languages: [nl, en, pl]"),
            ("card.yaml", "    instead: [police]\n", "    instead: [police]\n    speaks:\n      en: verzonnen\n"),
            ("en/language.yaml", "Polly.Amy-Neural", "Polly.Emma-Neural"),
            ("en/language.yaml", "offer: English?", "offer: In English?"),
            ("en/language.yaml", "You can still call them.", "Do call them."),
            ("en/line.yaml", "nomatch: ", "nomatch: Well. "),
            ("en/line.yaml", "danger: ", "danger: Well. "),
        ]
    ):
        changed = with_edits(folder / str(count), (file, old, new))
        yield new.strip(), differences(ours, make_line(changed))


def test_what_changes_in_another_language_is_told(tmp_path: Path) -> None:
    """A sentence, the voice, the offer, what is known to be spoken, and the list itself: none passes in silence."""
    languages, speaks, voice, offer, unknown, nomatch, danger = (told for _, told in in_languages(tmp_path))
    assert languages[0].startswith("De talen zijn nu nl, en, pl. Eerder: nl, en.")
    assert speaks == [f"Bij {says('numbers.essm.name')} staat nu dat ze deze talen spreken: en. Eerder: niets."]
    assert voice[0] == "[en] De stem is nu Polly.Emma-Neural en-GB. Eerder: Polly.Amy-Neural en-GB."
    assert offer[0].startswith("[en] Offer is nu: In English? … Press {key}. Eerder: English?")
    assert unknown[0].startswith("[en] Speaks_unknown is nu: ")
    assert nomatch[0].startswith("[en] ")
    assert "Well." in nomatch[0]
    fallback = Catalogue("nl").say("diff-fallback")
    assert [fallback in told for told in (languages, speaks, voice, nomatch, danger)] == [
        True,
        False,
        True,
        False,
        True,
    ]


def test_another_first_language_is_told(tmp_path: Path) -> None:
    """Where another language answers the phone than before, that is told, though each has sentences that are unsaid."""
    with_edits(tmp_path, ("card.yaml", "languages: [nl, en]", "languages: [en, nl]"))
    with (tmp_path / "nl" / "language.yaml").open("a", encoding="utf-8") as dutch:
        dutch.write("to_en: Weer Engels? … Druk op {key}.\nspeaks_unknown: Dat is niet bekend.\n")
    first, *others = differences(LINES["ours"], line_of(tmp_path))
    assert first.startswith("De talen zijn nu en")
    assert any(says("line.danger", language="en") in told for told in others)
