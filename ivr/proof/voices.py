# SPDX-License-Identifier: EUPL-1.2
"""The voices that Twilio has for the languages that we ship, and does not call beta.

Copied from Twilio's own table. Its "Basic" voices are left out, since they know no pauses, and so are its "Generative"
ones, which are a public beta. Twilio may change or remove a voice without notice: after a look at SOURCE, adapt
this, and DATE.

About Ukrainian two sources of Twilio disagree: this table has no voice for it, and its npm package `twilio` (6.3.1,
`VoiceResponse.d.ts`) lists `Google.uk-UA-Standard-A`. Only a call with a real account can tell.
"""

SOURCE = "https://www.twilio.com/docs/voice/twiml/say/text-speech#available-voices-and-languages"

DATE = "2026-11-25"
"""When the table was read, in a stored copy of the page that bears no date of its own."""

VOICES = {
    "nl-NL": "Polly.Laura-Neural Polly.Lotte Polly.Ruben Google.nl-NL-Standard-F Google.nl-NL-Standard-G "
    "Google.nl-NL-Wavenet-F Google.nl-NL-Wavenet-G",
    "nl-BE": "Polly.Lisa-Neural Google.nl-BE-Standard-C Google.nl-BE-Standard-D Google.nl-BE-Wavenet-C "
    "Google.nl-BE-Wavenet-D",
    "en-GB": "Polly.Amy Polly.Amy-Neural Polly.Arthur-Neural Polly.Brian Polly.Brian-Neural Polly.Emma "
    "Polly.Emma-Neural Google.en-GB-Standard-N Google.en-GB-Standard-O Google.en-GB-Wavenet-N "
    "Google.en-GB-Wavenet-O Google.en-GB-Neural2-N Google.en-GB-Neural2-O",
    "es-ES": "Polly.Conchita Polly.Enrique Polly.Lucia Polly.Lucia-Neural Polly.Sergio-Neural Google.es-ES-Standard-A "
    "Google.es-ES-Standard-E Google.es-ES-Standard-F Google.es-ES-Standard-G Google.es-ES-Standard-H "
    "Google.es-ES-Wavenet-E Google.es-ES-Wavenet-F Google.es-ES-Wavenet-G Google.es-ES-Wavenet-H "
    "Google.es-ES-Neural2-G Google.es-ES-Neural2-H",
    "pl-PL": "Polly.Ewa Polly.Jacek Polly.Jan Polly.Maja Polly.Ola-Neural Google.pl-PL-Standard-F "
    "Google.pl-PL-Standard-G Google.pl-PL-Wavenet-F Google.pl-PL-Wavenet-G",
    "bg-BG": "Google.bg-BG-Standard-B",
    "ro-RO": "Polly.Carmen Google.ro-RO-Standard-B Google.ro-RO-Wavenet-B",
}
"""The voices of each language and country, as `voice` and `language` of <Say> name them."""


def unknown(voice: str, locale: str) -> bool:
    """Whether the table does not have a voice for a language and country, such as "pl-PL"."""
    return voice not in VOICES.get(locale, "").split()
