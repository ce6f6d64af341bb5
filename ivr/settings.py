# SPDX-License-Identifier: EUPL-1.2
"""The environment, read once, into one frozen object."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ivr.language import KNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

VOICE = "Polly.Laura-Neural"
LANGUAGE = "nl-NL"
EDITOR_LANGUAGES = ("nl", "en")
HERE = "https://line.example"
"""The public address of a line that nobody calls over the internet."""

LOG_LEVELS = ("debug", "info", "warning", "error")

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
    account settings. `editor_language`: of the messages about the card. `security_contact` and
    `security_expires`: of /.well-known/security.txt (RFC 9116), which is there only with both. `log_level`: from
    which level on is written down. `metrics_port`: where Prometheus may read on this machine; None: nothing is
    counted. `fallback_url`: where Twilio finds the fallback, for `ivr check --online` only.
    """

    tokens: tuple[str, ...] = field(default=(), repr=False)
    public_url: str = HERE
    caller_id: str | None = None
    prompts: Path = field(default_factory=default_prompts)
    voice: str = VOICE
    language: str = LANGUAGE
    editor_language: str = "nl"
    security_contact: str | None = None
    security_expires: date | None = None
    log_level: str = "info"
    metrics_port: int | None = None
    fallback_url: str | None = None

    @property
    def code(self) -> str:
        """The language that is spoken, such as "nl"."""
        return self.language.partition("-")[0]


def editor_language(environ: Mapping[str, str]) -> str:
    """The language of messages to an editor, also where other settings are wrong."""
    chosen = environ.get("IVR_EDITOR_LANGUAGE")
    return chosen if chosen in EDITOR_LANGUAGES else EDITOR_LANGUAGES[0]


def from_environ(environ: Mapping[str, str], *, serves: bool = True) -> Settings:
    """Read the settings; raises SettingsError with everything that is wrong, one sentence a line.

    A line that `serves` answers the internet, so it must have a token and its public address.
    """
    wrong: list[str] = []
    tokens = _tokens(environ, wrong) if serves else ()
    public_url = environ.get("IVR_PUBLIC_URL") or ("" if serves else HERE)
    if problem := public_url_problem(public_url):
        wrong.append(f"IVR_PUBLIC_URL {problem} Write the base that Twilio calls, such as https://lijn.example.nl.")
    caller_id = environ.get("IVR_CALLER_ID") or None
    if caller_id and not re.fullmatch(r"\+[1-9][0-9]{7,14}", caller_id):
        wrong.append(
            f"IVR_CALLER_ID is {caller_id!r}. Write your own Twilio number with + and the country code, without "
            "spaces, or leave it out: then nothing is connected and every number is read out."
        )
    voice = environ.get("IVR_VOICE") or VOICE
    if not re.fullmatch(r"(Polly|Google)\.[A-Za-z0-9-]+", voice):
        wrong.append(f"IVR_VOICE is {voice!r}. Write a voice that Twilio documents for <Say>, such as {VOICE}.")
    language = _language(environ, wrong)
    editor_language = environ.get("IVR_EDITOR_LANGUAGE") or "nl"
    if editor_language not in EDITOR_LANGUAGES:
        wrong.append(f"IVR_EDITOR_LANGUAGE is {editor_language!r}. Write nl or en.")
    prompts = Path(environ["IVR_PROMPTS"]) if environ.get("IVR_PROMPTS") else default_prompts()
    security_contact, security_expires = _security(environ, wrong)
    log_level = environ.get("IVR_LOG_LEVEL") or "info"
    if log_level not in LOG_LEVELS:
        wrong.append(f"IVR_LOG_LEVEL is {log_level!r}. Write one of {', '.join(LOG_LEVELS)}.")
    metrics_port = environ.get("IVR_METRICS_PORT") or None
    if metrics_port and not (re.fullmatch(r"[0-9]{1,5}", metrics_port) and 0 < int(metrics_port) < 65536):
        wrong.append(f"IVR_METRICS_PORT is {metrics_port!r}. Write a port such as 9464, or leave it out.")
    fallback_url = _fallback(environ, public_url, wrong)
    if wrong:
        raise SettingsError("\n".join(wrong))
    return Settings(
        tokens=tokens,
        public_url=public_url,
        caller_id=caller_id,
        prompts=prompts,
        voice=voice,
        language=language,
        editor_language=editor_language,
        security_contact=security_contact,
        security_expires=security_expires,
        log_level=log_level,
        metrics_port=int(metrics_port) if metrics_port else None,
        fallback_url=fallback_url,
    )


def _tokens(environ: Mapping[str, str], wrong: list[str]) -> tuple[str, ...]:
    """The tokens, from the environment or from the file that it names. What a token is never stands in a message."""
    written, file = environ.get("TWILIO_AUTH_TOKEN", ""), environ.get("TWILIO_AUTH_TOKEN_FILE", "")
    name = "TWILIO_AUTH_TOKEN"
    if written and file:
        wrong.append("TWILIO_AUTH_TOKEN and TWILIO_AUTH_TOKEN_FILE are both set. Leave one out.")
    elif file:
        name = f"The file of TWILIO_AUTH_TOKEN_FILE, {file},"
        try:
            written = Path(file).read_text(encoding="ascii")
        except OSError as error:
            wrong.append(f"{name} cannot be read: {error.strerror}. Mount it where this user may read it.")
            return ()
        except UnicodeDecodeError:
            wrong.append(f"{name} is no text. Write the token in it, and nothing else.")
            return ()
    tokens = tuple(re.split(r"\s*[,\n]\s*", written.strip(" \r\n\t,")))
    if tokens == ("",):
        wrong.append(
            f"{name} is {'empty' if file else 'not set'}. Copy the auth token from the Twilio console; several, "
            "separated by commas, are accepted while you change it."
        )
    elif not all(token.isascii() and token.isalnum() for token in tokens):
        wrong.append(f"{name} holds something that is not a token. Use letters and digits, and commas.")
    return tokens


def _security(environ: Mapping[str, str], wrong: list[str]) -> tuple[str | None, date | None]:
    """Whom to tell about a weakness, and until when that holds (RFC 9116 wants both)."""
    contact, expires = environ.get("IVR_SECURITY_CONTACT") or None, environ.get("IVR_SECURITY_EXPIRES") or None
    if contact and not re.fullmatch(r"(mailto:[^\s@]+@[^\s@]+|https://[^\s]+|tel:\+[0-9-]+)", contact):
        wrong.append(f"IVR_SECURITY_CONTACT is {contact!r}. Write mailto: and an address, or a page with https://.")
    if (contact is None) != (expires is None):
        wrong.append("IVR_SECURITY_CONTACT and IVR_SECURITY_EXPIRES go together. Set both, or neither.")
    try:
        return contact, date.fromisoformat(expires) if expires else None
    except ValueError:
        wrong.append(f"IVR_SECURITY_EXPIRES is {expires!r}. Write a date within a year, such as 2027-11-01.")
        return contact, None


def _language(environ: Mapping[str, str], wrong: list[str]) -> str:
    """The language that is spoken, as of <Say>."""
    language = environ.get("IVR_LANGUAGE") or LANGUAGE
    if not re.fullmatch(r"[a-z]{2}-[A-Z]{2}", language):
        wrong.append(f"IVR_LANGUAGE is {language!r}. Write a language and a country, such as {LANGUAGE}.")
    elif language[:2] not in KNOWN:
        wrong.append(f"IVR_LANGUAGE is {language!r}, which the line does not speak. It speaks: {', '.join(KNOWN)}.")
    return language


def _fallback(environ: Mapping[str, str], public_url: str, wrong: list[str]) -> str | None:
    """Where Twilio finds the fallback: elsewhere, or it fails with the service."""
    url = environ.get("IVR_FALLBACK_URL") or None
    if url and not re.fullmatch(r"https://[a-z0-9.-]+(:[0-9]{1,5})?/[^\s?#]+", url):
        wrong.append(f"IVR_FALLBACK_URL is {url!r}. Write https://, another host and the file, or leave it out.")
    elif url and not public_url_problem(public_url) and urlsplit(url).hostname == urlsplit(public_url).hostname:
        wrong.append(
            f"IVR_FALLBACK_URL is {url!r}, on the host of IVR_PUBLIC_URL, and fails when that fails. Put fallback.xml "
            "on other hosting."
        )
    return url


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
    if url.endswith("/voice"):
        return "ends with /voice, which the line adds itself; leave that out."
    if url.endswith("/"):
        return "ends with a slash, which it cannot have."
    if parts.username is not None or not re.fullmatch(r"https?://[a-z0-9.\-:\[\]]+(/[A-Za-z0-9_\-/]*)?", url):
        return "has signs that an address of the line cannot have; use small letters for the host, and no user name."
    if port is not None and (parts.scheme, port) in (("https", 443), ("http", 80)):
        return "names the port that is meant anyway; leave it out."
    return None
