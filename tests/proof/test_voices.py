# SPDX-License-Identifier: EUPL-1.2

from datetime import date

import pytest
import yaml

from ivr.proof import voices
from ivr.settings import LANGUAGE, VOICE, default_prompts


def test_each_language_that_we_ship_has_a_voice_that_is_known() -> None:
    """The voice and the locale of each `language.yaml`, and the usual ones, stand in the table."""
    assert VOICE in voices.VOICES[LANGUAGE]
    for file in default_prompts().glob("??/language.yaml"):
        language = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert language["voice"] in voices.VOICES[language["locale"]], file


@pytest.mark.parametrize(
    ("voice", "locale"),
    [
        ("Polly.Laura", "nl-NL"),
        ("Polly.Ola-Neural", "ro-RO"),
        ("Polly.Lucia-Generative", "es-ES"),
        ("Google.pl-PL-Chirp3-HD-Kore", "pl-PL"),
        ("Polly.Ola-Neural", "uk-UA"),
        ("", "nl-NL"),
    ],
)
def test_other_voices_are_not(voice: str, locale: str) -> None:
    """A name that is misspelt, of another language, in beta, or of a language without a voice is unknown."""
    assert voice not in voices.VOICES.get(locale, ())


def test_the_table_says_where_it_comes_from() -> None:
    """It names Twilio's page and the day on which it was read."""
    assert voices.SOURCE.startswith("https://www.twilio.com/docs/")
    assert date.fromisoformat(voices.DATE) <= date.today()  # noqa: DTZ011 - a day that is past everywhere
