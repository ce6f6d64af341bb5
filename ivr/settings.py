# SPDX-License-Identifier: EUPL-1.2
"""The environment, read once, into one frozen object."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

VOICE = "Polly.Laura-Neural"
LANGUAGE = "nl-NL"
EDITOR_LANGUAGES = ("nl", "en")

_HERE = Path(__file__).parent


def default_prompts() -> Path:
    """The prompts of this repository, or those that the wheel carries."""
    checkout = _HERE.parent / "prompts"
    return checkout if (checkout / "card.yaml").exists() else _HERE / "prompts"


class SettingsError(Exception):
    """Raised when settings are missing or malformed; says which, what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator decides.

    `tokens`: the account's auth tokens, any of which may have signed. `public_url`: the base that Twilio calls.
    `caller_id`: our own number (E.164), shown on a connected call; None: every number is read out. `voice` and
    `language`: of <Say> (https://www.twilio.com/docs/voice/twiml/say), set every time since the defaults are
    account settings. `editor_language`: of the messages about the card.
    """

    tokens: tuple[str, ...] = field(repr=False)
    public_url: str
    caller_id: str | None = None
    prompts: Path = field(default_factory=default_prompts)
    voice: str = VOICE
    language: str = LANGUAGE
    editor_language: str = "nl"


def from_environ(environ: Mapping[str, str]) -> Settings:
    """Read the settings; raises SettingsError with everything that is wrong, one sentence a line."""
    wrong: list[str] = []
    tokens = tuple(filter(None, (token.strip() for token in environ.get("TWILIO_AUTH_TOKEN", "").split(","))))
    if not tokens:
        wrong.append(
            "TWILIO_AUTH_TOKEN is not set. Copy the auth token from the Twilio console; several, separated by "
            "commas, are accepted while you change it."
        )
    elif not all(token.isascii() and token.isalnum() for token in tokens):
        wrong.append("TWILIO_AUTH_TOKEN holds something that is not a token. Use letters and digits, and commas.")
    public_url = environ.get("IVR_PUBLIC_URL", "")
    if problem := public_url_problem(public_url):
        wrong.append(f"IVR_PUBLIC_URL {problem} Write the base that Twilio calls, such as https://lijn.example.nl.")
    caller_id = environ.get("IVR_CALLER_ID") or None
    if caller_id and not re.fullmatch(r"\+[1-9]\d{7,14}", caller_id):
        wrong.append(
            f"IVR_CALLER_ID is {caller_id!r}. Write your own Twilio number with + and the country code, without "
            "spaces, or leave it out: then nothing is connected and every number is read out."
        )
    voice = environ.get("IVR_VOICE") or VOICE
    if not re.fullmatch(r"(Polly|Google)\.[A-Za-z0-9-]+", voice):
        wrong.append(f"IVR_VOICE is {voice!r}. Write a voice that Twilio documents for <Say>, such as {VOICE}.")
    language = environ.get("IVR_LANGUAGE") or LANGUAGE
    if not re.fullmatch(r"[a-z]{2}-[A-Z]{2}", language):
        wrong.append(f"IVR_LANGUAGE is {language!r}. Write a language and a country, such as {LANGUAGE}.")
    editor_language = environ.get("IVR_EDITOR_LANGUAGE") or "nl"
    if editor_language not in EDITOR_LANGUAGES:
        wrong.append(f"IVR_EDITOR_LANGUAGE is {editor_language!r}. Write nl or en.")
    prompts = Path(environ["IVR_PROMPTS"]) if environ.get("IVR_PROMPTS") else default_prompts()
    if wrong:
        raise SettingsError("\n".join(wrong))
    return Settings(tokens, public_url, caller_id, prompts, voice, language, editor_language)


def public_url_problem(url: str) -> str | None:
    """What is wrong with a public base URL, as the end of a sentence; None when nothing is.

    Signatures are made over the exact address (https://www.twilio.com/docs/usage/security), so it must be one
    that no proxy and no library writes in another way.
    """
    if not url:
        return "is not set."
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "is not a web address."
    if parts.scheme not in ("https", "http") or not parts.hostname:
        return "does not start with https:// and a host name."
    if parts.query or parts.fragment or "?" in url or "#" in url:
        return "has a query or a fragment, which it cannot have."
    if url.endswith("/"):
        return "ends with a slash, which it cannot have."
    if parts.username is not None or not re.fullmatch(r"https?://[a-z0-9.\-:\[\]]+(/[A-Za-z0-9_\-/]*)?", url):
        return "has signs that an address of the line cannot have; use small letters for the host, and no user name."
    if port is not None and (parts.scheme, port) in (("https", 443), ("http", 80)):
        return "names the port that is meant anyway; leave it out."
    return None
