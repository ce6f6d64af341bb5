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

PRINTED = {
    "IVR_PUBLIC_URL": "https://lijn.example.nl",
    "IVR_CALLER_ID": "+12025550100",
    "IVR_FALLBACK_URL": "https://elders.example.nl/fallback.xml",
    "IVR_SECURITY_CONTACT": "mailto:beheer@example.nl",
}
"""The values that deploy/ivr.env prints as examples: a line that is served or checked must have its own."""

FORMS = {
    "IVR_CALLER_ID": r"\+[1-9][0-9]{7,14}",
    "IVR_VOICE": r"(Polly|Google)\.[A-Za-z0-9-]+",
    "IVR_LANGUAGE": f"({'|'.join(KNOWN)})-[A-Z][A-Z]",
    "IVR_EDITOR_LANGUAGE": "|".join(EDITOR_LANGUAGES),
    "IVR_SECURITY_CONTACT": r"mailto:[^\s@]+@[^\s@]+|https://[^\s]+|tel:\+[0-9-]+",
    "IVR_LOG_LEVEL": "debug|info|warning|error",
    "IVR_METRICS_PORT": "[1-9][0-9]{0,3}|[1-5][0-9]{4}",
    "IVR_FALLBACK_URL": r"https://[a-z0-9.-]+(:[0-9]{1,5})?/[^\s?#]+",
}
"""What a setting looks like; the message about another one is named after it."""

ADDRESS = re.compile(r"(https?)://[a-z0-9.-]+(?::(?P<port>[0-9]{1,5}))?(?:/[A-Za-z0-9_-]+)*")
"""A public base URL."""

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
    probes = tokens_of(environ, "IVR_PROBE_TOKEN", wrong) if asked else ()
    if any(len(token) < SHORTEST for token in probes):
        wrong("setting-probe-short", least=str(SHORTEST))
    tokens = tokens_of(environ, "TWILIO_AUTH_TOKEN", wrong) if serves or (calls and not probes) else ()
    if asked and not problems and not (tokens or (calls and probes)):
        wrong("setting-token-none" if serves else "setting-token-none-calls")
    if set(tokens) & set(probes):
        wrong("setting-probe-same")
    public_url = environ.get("IVR_PUBLIC_URL") or ("" if asked else HERE)
    if problem := public_url_problem(public_url):
        wrong(problem)
    given = {name: environ.get(name) or None for name in FORMS}
    for name, value in given.items():
        if value and not re.fullmatch(FORMS[name], value):
            message = name.replace("IVR_", "setting-").replace("_", "-").lower()
            wrong(message, value=value, languages=", ".join(KNOWN))
    expires = _expires(environ, wrong)
    fallback_url, metrics_port = given["IVR_FALLBACK_URL"], given["IVR_METRICS_PORT"]
    if not problems and fallback_url and urlsplit(fallback_url).hostname == urlsplit(public_url).hostname:
        wrong("setting-fallback-here", value=fallback_url)
    if problems:
        raise SettingsError(problems)
    return Settings(
        tokens=tokens,
        probe_tokens=probes,
        public_url=public_url,
        caller_id=given["IVR_CALLER_ID"],
        prompts=Path(environ["IVR_PROMPTS"]) if environ.get("IVR_PROMPTS") else default_prompts(),
        voice=given["IVR_VOICE"],
        language=given["IVR_LANGUAGE"],
        editor_language=editor_language(environ),
        security_contact=given["IVR_SECURITY_CONTACT"],
        security_expires=expires,
        log_level=given["IVR_LOG_LEVEL"] or "info",
        metrics_port=int(metrics_port) if metrics_port else None,
        fallback_url=fallback_url,
    )


def tokens_of(environ: Mapping[str, str], variable: str, wrong: Wrong) -> tuple[str, ...]:
    """The tokens in a variable, or in the file that `variable`_FILE names; empty where none is set.

    What a token is never stands in a message.
    """
    written, file = environ.get(variable, ""), environ.get(f"{variable}_FILE", "")
    where = {"name": f"{variable}_FILE ({file})" if file else variable, "credential": Path(file).name}
    if written and file:
        wrong("setting-token-twice", name=variable)
    elif file:
        try:
            written = Path(file).read_text(encoding="ascii", errors="replace")
        except OSError as error:
            wrong("setting-token-file-unread", **where, reason=str(error.strerror))
            return ()
    tokens = tuple(filter(None, re.split(r"\s*[,\n]\s*", written.strip(" \r\n\t,"))))
    if file and not tokens:
        # What systemd hands over is a copy, and an empty one where it found nothing.
        wrong("setting-token-credential" if file.startswith(CREDENTIALS) else "setting-token-file-none", **where)
    elif kind := next((kind for token in tokens if (kind := token[:2]) in SIDS and len(token) == SID), None):
        wrong("setting-token-sid", **where, kind=kind)
    elif not all(token.isascii() and token.isalnum() for token in tokens):
        wrong("setting-token-wrong", **where)
    return tokens


def _expires(environ: Mapping[str, str], wrong: Wrong) -> date | None:
    """Until when it holds whom to tell about a weakness (RFC 9116 wants both)."""
    expires = environ.get("IVR_SECURITY_EXPIRES", "")
    if bool(expires) != bool(environ.get("IVR_SECURITY_CONTACT")):
        wrong("setting-security-half")
    try:
        return date.fromisoformat(expires) if expires else None
    except ValueError:
        wrong("setting-security-expires", value=expires)
        return None


def public_url_problem(url: str) -> str | None:
    """What is wrong with a public base URL (the id of a message); None when nothing is.

    Signatures are made over the exact address (https://www.twilio.com/docs/usage/security), so it must be one
    that no proxy and no library writes in another way.
    """
    if not url:
        return "setting-url-none"
    form = ADDRESS.fullmatch(url)
    usual = (("https", "443"), ("http", "80"))
    if form is None or form.groups() in usual or int(form["port"] or 1) > 65535 or url.endswith("/voice"):
        return "setting-url-wrong"
    return None


def refuse_printed(settings: Settings) -> None:
    """Raise SettingsError where a value is still the example in PRINTED; of an address the host is compared."""
    given = {name: getattr(settings, name.removeprefix("IVR_").lower()) or "" for name in PRINTED}
    left = {name: value for name, value in given.items() if _host(value) == _host(PRINTED[name])}
    if left:
        raise SettingsError(Problem("setting-printed", {"name": name, "value": value}) for name, value in left.items())


def _host(value: str) -> str:
    return urlsplit(value).hostname or value
