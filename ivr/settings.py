# SPDX-License-Identifier: EUPL-1.2
"""The environment, read once, into one frozen object."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from ivr.language import KNOWN
from ivr.messages.catalogue import say
from ivr.messages.problems import Problem, Problems, ProblemsError

VOICE = "Polly.Laura-Neural"
LANGUAGE = "nl-NL"
EDITOR_LANGUAGES = ("nl", "en")
HERE = "https://line.example"
"""The public address of a line that nobody calls over the internet."""

CREDENTIALS = "/run/credentials/"
"""Where systemd puts what LoadCredential= names."""

SIDS, SID = ("AC", "SK"), 34
"""How Twilio's names of an account and of a key begin, and their length: they are no secrets, and sign nothing."""

SHORTEST = 16
"""Characters of a secret of our own for test calls; a shorter one can be guessed, and then signs as Twilio does."""

LOG_LEVELS = ("debug", "info", "warning", "error")

PRINTED = {
    "IVR_PUBLIC_URL": "https://lijn.example.nl",
    "IVR_CALLER_ID": "+12025550100",
    "IVR_FALLBACK_URL": "https://elders.example.nl/fallback.xml",
    "IVR_SECURITY_CONTACT": "mailto:beheer@example.nl",
}
"""The values that deploy/ivr.env prints as examples: a line that is served or checked must have its own."""

_HERE = Path(__file__).parent

Wrong = Callable[..., None]
"""Notes a problem: the id of the message, and what fills it in."""


def default_prompts() -> Path:
    """The prompts of this repository, or those that the wheel carries."""
    checkout = _HERE.parent / "prompts"
    return checkout if (checkout / "card.yaml").exists() else _HERE / "prompts"


class SettingsError(ProblemsError):
    """Raised when settings are missing or malformed; holds which, what is wrong and what to do."""

    between = "\n"


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator decides.

    `tokens`: the account's auth tokens, any of which may have signed; so may `probe_tokens`, our own secrets that only
    test calls sign with. `public_url`: the base that Twilio calls.
    `caller_id`: our own number (E.164), shown on a connected call; None: every number is read out. `voice` and
    `language`: of <Say> (https://www.twilio.com/docs/voice/twiml/say) in the first language of the card; None: those of
    its folder. `editor_language`: of the messages about the card. `security_contact` and
    `security_expires`: of /.well-known/security.txt (RFC 9116), which is there only with both. `log_level`: from
    which level on is written down. `metrics_port`: where Prometheus may read on this machine; None: nothing is
    counted. `fallback_url`: where Twilio finds the fallback, for `ivr check --online` only.
    """

    tokens: tuple[str, ...] = field(default=(), repr=False)
    probe_tokens: tuple[str, ...] = field(default=(), repr=False, kw_only=True)
    public_url: str = HERE
    caller_id: str | None = None
    prompts: Path = field(default_factory=default_prompts)
    voice: str | None = None
    language: str | None = None
    editor_language: str = "nl"
    security_contact: str | None = None
    security_expires: date | None = None
    log_level: str = "info"
    metrics_port: int | None = None
    fallback_url: str | None = None

    @property
    def code(self) -> str | None:
        """The language that answers the phone, such as "nl"; None: the first that the card names."""
        return self.language and self.language.partition("-")[0]

    @property
    def signing(self) -> str:
        """What a call of ours is signed with: Twilio's own token only where there is no other."""
        return (self.probe_tokens or self.tokens)[0]

    def connecting(self) -> "Settings":
        """The same, with a caller id made up where there is none: all that a card connects is proved and shown."""
        return self if self.caller_id else replace(self, caller_id="+12025550100")

    def say(self, id_: str, /, **values: object) -> str:
        """A message, in the editor's language."""
        return say(self.editor_language, id_, **values)


def editor_language(environ: Mapping[str, str]) -> str:
    """The language of messages to an editor, also where other settings are wrong."""
    chosen = environ.get("IVR_EDITOR_LANGUAGE")
    return chosen if chosen in EDITOR_LANGUAGES else EDITOR_LANGUAGES[0]


def from_environ(environ: Mapping[str, str], *, serves: bool = True, calls: bool = False) -> Settings:
    """Read the settings; raises SettingsError with everything that is wrong.

    A line that `serves` answers the internet, so it must have a token and its public address. Who only `calls` one
    needs no token of Twilio's where there is one for test calls.
    """
    problems = Problems()
    wrong = partial(problems.add, None)
    asked = serves or calls
    probes = _probe_tokens(environ, wrong) if asked else ()
    tokens = twilio_tokens(environ, wrong) if serves or (calls and not probes) else ()
    if asked and not problems and not (tokens or (calls and probes)):
        wrong("setting-token-none" if serves else "setting-token-none-calls")
    if set(tokens) & set(probes):
        wrong("setting-probe-same")
    public_url = environ.get("IVR_PUBLIC_URL") or ("" if asked else HERE)
    if problem := public_url_problem(public_url):
        wrong(problem)
    caller_id = environ.get("IVR_CALLER_ID") or None
    if caller_id and not re.fullmatch(r"\+[1-9][0-9]{7,14}", caller_id):
        wrong("setting-caller-id", value=caller_id)
    voice = environ.get("IVR_VOICE") or None
    if voice and not re.fullmatch(r"(Polly|Google)\.[A-Za-z0-9-]+", voice):
        wrong("setting-voice", value=voice, example=VOICE)
    language = _language(environ, wrong)
    editor_language = environ.get("IVR_EDITOR_LANGUAGE") or "nl"
    if editor_language not in EDITOR_LANGUAGES:
        wrong("setting-editor-language", value=editor_language)
    prompts = Path(environ["IVR_PROMPTS"]) if environ.get("IVR_PROMPTS") else default_prompts()
    security_contact, security_expires = _security(environ, wrong)
    log_level = environ.get("IVR_LOG_LEVEL") or "info"
    if log_level not in LOG_LEVELS:
        wrong("setting-log-level", value=log_level, known=", ".join(LOG_LEVELS))
    metrics_port = environ.get("IVR_METRICS_PORT") or None
    if metrics_port and not (re.fullmatch(r"[0-9]{1,5}", metrics_port) and 0 < int(metrics_port) < 65536):
        wrong("setting-metrics-port", value=metrics_port)
    fallback_url = _fallback(environ, public_url, wrong)
    if problems:
        raise SettingsError(problems)
    return Settings(
        tokens=tokens,
        probe_tokens=probes,
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


def twilio_tokens(environ: Mapping[str, str], wrong: Wrong) -> tuple[str, ...]:
    """The auth tokens of the account; empty where none is set."""
    return _tokens(environ, "TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_FILE", wrong)


def _probe_tokens(environ: Mapping[str, str], wrong: Wrong) -> tuple[str, ...]:
    """The secrets of our own for test calls."""
    tokens = _tokens(environ, "IVR_PROBE_TOKEN", "IVR_PROBE_TOKEN_FILE", wrong)
    if any(len(token) < SHORTEST for token in tokens):
        wrong("setting-probe-short", least=str(SHORTEST))
    return tokens


def _tokens(environ: Mapping[str, str], variable: str, file_variable: str, wrong: Wrong) -> tuple[str, ...]:
    """The tokens, from the environment or from the file that it names. What a token is never stands in a message."""
    written, file = environ.get(variable, ""), environ.get(file_variable, "")
    if written and file:
        wrong("setting-token-twice", name=variable)
    elif file:
        try:
            written = Path(file).read_text(encoding="ascii")
        except (OSError, ValueError) as error:  # a file that is no text, or a name that no file can have
            message = "setting-token-file-unread" if isinstance(error, OSError) else "setting-token-file-binary"
            wrong(message, name=file_variable, file=file, reason=str(getattr(error, "strerror", "")))
            return ()
    tokens = tuple(filter(None, re.split(r"\s*[,\n]\s*", written.strip(" \r\n\t,"))))
    where = {"name": file_variable if file else variable, "file": file, "credential": Path(file).name}
    if file and not tokens:
        # What systemd hands over is a copy, and an empty one where it found nothing.
        wrong("setting-token-credential" if file.startswith(CREDENTIALS) else "setting-token-file-none", **where)
    elif kind := next((kind for token in tokens if (kind := token[:2]) in SIDS and len(token) == SID), None):
        wrong("setting-token-file-sid" if file else "setting-token-sid", kind=kind, **where)
    elif not all(token.isascii() and token.isalnum() for token in tokens):
        wrong("setting-token-file-wrong" if file else "setting-token-wrong", **where)
    return tokens


def _security(environ: Mapping[str, str], wrong: Wrong) -> tuple[str | None, date | None]:
    """Whom to tell about a weakness, and until when that holds (RFC 9116 wants both)."""
    contact, expires = environ.get("IVR_SECURITY_CONTACT") or None, environ.get("IVR_SECURITY_EXPIRES") or None
    if contact and not re.fullmatch(r"(mailto:[^\s@]+@[^\s@]+|https://[^\s]+|tel:\+[0-9-]+)", contact):
        wrong("setting-security-contact", value=contact)
    if (contact is None) != (expires is None):
        wrong("setting-security-half")
    try:
        return contact, date.fromisoformat(expires) if expires else None
    except ValueError:
        wrong("setting-security-expires", value=str(expires))
        return contact, None


def _language(environ: Mapping[str, str], wrong: Wrong) -> str | None:
    """The first language, as of <Say>."""
    language = environ.get("IVR_LANGUAGE") or None
    if language is None:
        return None
    if not re.fullmatch(r"[a-z]{2}-[A-Z]{2}", language):
        wrong("setting-language-form", value=language, example=LANGUAGE)
    elif language[:2] not in KNOWN:
        wrong("setting-language-unknown", value=language, known=", ".join(KNOWN))
    return language


def _fallback(environ: Mapping[str, str], public_url: str, wrong: Wrong) -> str | None:
    """Where Twilio finds the fallback: elsewhere, or it fails with the service."""
    url = environ.get("IVR_FALLBACK_URL") or None
    if url and not re.fullmatch(r"https://[a-z0-9.-]+(:[0-9]{1,5})?/[^\s?#]+", url):
        wrong("setting-fallback-wrong", value=url)
    elif url and not public_url_problem(public_url) and urlsplit(url).hostname == urlsplit(public_url).hostname:
        wrong("setting-fallback-here", value=url)
    return url


def public_url_problem(url: str) -> str | None:
    """What is wrong with a public base URL (the id of a message); None when nothing is.

    Signatures are made over the exact address (https://www.twilio.com/docs/usage/security), so it must be one
    that no proxy and no library writes in another way.
    """
    if not url:
        return "setting-url-none"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "setting-url-wrong"
    if parts.scheme not in ("https", "http") or not parts.hostname:
        return "setting-url-start"
    if parts.query or parts.fragment or "?" in url or "#" in url:
        return "setting-url-query"
    if url.endswith("/voice"):
        return "setting-url-voice"
    if url.endswith("/"):
        return "setting-url-slash"
    if parts.username is not None or not re.fullmatch(r"https?://[a-z0-9.\-:\[\]]+(/[A-Za-z0-9_\-/]*)?", url):
        return "setting-url-signs"
    if port is not None and (parts.scheme, port) in (("https", 443), ("http", 80)):
        return "setting-url-port"
    return None


def refuse_printed(settings: Settings) -> None:
    """Raise SettingsError where a value is still the example in PRINTED; of an address the host is compared."""
    given = {name: getattr(settings, name.removeprefix("IVR_").lower()) or "" for name in PRINTED}
    left = {name: value for name, value in given.items() if _host(value) == _host(PRINTED[name])}
    if left:
        raise SettingsError(Problem("setting-printed", {"name": name, "value": value}) for name, value in left.items())


def _host(value: str) -> str:
    return urlsplit(value).hostname or value
