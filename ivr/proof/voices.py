# SPDX-License-Identifier: EUPL-1.2
"""The voices that Twilio has for the languages that we ship, and does not call beta.

Its "Basic" voices are left out, since they know no pauses, and so are its "Generative" ones, which are a public beta.

About Ukrainian two sources of Twilio disagree: this table has no voice for it, and its npm package `twilio` (6.3.1,
`VoiceResponse.d.ts`) lists `Google.uk-UA-Standard-A`. Only a call with a real account can tell.
"""

import tomllib
from importlib import resources

_TABLE = tomllib.loads(resources.files("ivr.proof").joinpath("voices.toml").read_text(encoding="utf-8"))
SOURCE: str = _TABLE["source"]
DATE: str = _TABLE["date"]
VOICES: dict[str, list[str]] = _TABLE["voices"]
