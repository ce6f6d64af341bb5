# SPDX-License-Identifier: EUPL-1.2
"""Where a call goes next, and what comes back when Twilio asks for that.

Where only the name of a verb is given, its page stands under https://www.twilio.com/docs/voice/twiml/. What the
fragment of an address says about time-outs and retries is neither sent nor signed: the connection overrides of
https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides, quoted below.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlencode, urljoin
from xml.etree.ElementTree import Element

from ivr.phone.events import Failed
from ivr.phone.rules import TwimlError
from ivr.phone.transport import Answer, Fetch, Request

_DEFAULTS = {"ct": "5000", "rt": "15000", "tt": "15000", "rc": "1", "rp": "ct"}
_RANGES = {"ct": range(100, 10_001), "rt": range(100, 15_001), "tt": range(100, 15_001), "rc": range(6)}
_WORDS = {"rp": r"(4xx|5xx|ct|rt|all)(,(4xx|5xx|ct|rt|all))*", "e": r"[a-z-]+(,[a-z-]+)*", "sni": r"[yn]"}


class Goto(NamedTuple):
    """The document that comes next; the URL is absolute and has its connection overrides."""

    url: str
    method: str = "POST"
    form: Mapping[str, str] = {}


class FetchError(Exception):
    """Raised when Twilio could not fetch what it needs."""

    def __init__(self, event: Failed) -> None:
        super().__init__(event)
        self.event = event


def request(fetch: Fetch, goto: Goto, parameters: Mapping[str, str]) -> Answer:
    """Request a URL. Twilio follows a redirect without the form, and Digits are lost: refused here."""
    url, form = goto.url, {**parameters, **goto.form}
    if goto.method == "GET" and form:
        target, mark, fragment = url.partition("#")
        url, form = f"{target}{'&' if '?' in target else '?'}{urlencode(form)}{mark}{fragment}", {}
    try:
        answer = deliver(fetch, goto.method, url, form)
    except (ConnectionError, TimeoutError) as error:
        raise FetchError(Failed(goto.url, 11205, str(error))) from error
    if 300 <= answer.status < 400:
        raise TwimlError(11200, f"{goto.url}: HTTP status {answer.status}: Twilio follows, Digits are lost")
    if answer.status >= 400:
        raise FetchError(Failed(goto.url, 11217, f"HTTP status {answer.status}"))
    return answer


def follow(goto: Goto, verb: Element, url: str, form: Mapping[str, str]) -> Goto:
    """Return where a verb leads.

    gather: "If no action is provided, Twilio will by default make a POST request to the current document's
    URL"; redirect: POST "is the default".
    """
    return Goto(absolute(goto, url), verb.get("method", "POST"), form)


def absolute(goto: Goto, url: str) -> str:
    """Resolve a URL against the current document, without the connection overrides of that one request."""
    if url.startswith(("http://", "https://")):
        return url  # to the letter, as it will be signed
    return urljoin(goto.url.partition("#")[0], url)


def deliver(fetch: Fetch, method: str, url: str, form: dict[str, str]) -> Answer:
    """Request a URL as its fragment asks, and return the last answer.

    `rc` is "the number of retry attempts Twilio will make if its connection to your webhook fails", `rp` says
    what else fails, and `tt` is "the total time allowed for all timeouts including retries": by default one
    slow answer uses all of it, so that `rp=all` alone repeats none. A retry carries an idempotency token.

    Raises ConnectionError or TimeoutError when the last attempt ended so, and TwimlError for a fragment that
    is not documented.
    """
    settings = _settings(url)
    policy = set(settings["rp"].replace("all", "4xx,5xx,ct,rt").split(","))
    timeout = int(settings["ct"]) / 1000, int(settings["rt"]) / 1000
    request = Request(method, url.partition("#")[0], form, timeout=timeout)
    retries, spent = int(settings["rc"]), 0
    while True:
        final = retries == 0
        try:
            answer = fetch(request)
        except ConnectionError:
            if final or "ct" not in policy:
                raise
        except TimeoutError:
            spent += int(settings["rt"])
            if final or "rt" not in policy or spent >= int(settings["tt"]):
                raise
        else:
            if final or f"{answer.status // 100}xx" not in policy:
                return answer
        retries -= 1
        request = replace(request, headers={"I-Twilio-Idempotency-Token": "00000000-0000-0000-0000-000000000000"})


def _settings(url: str) -> dict[str, str]:
    settings = dict(_DEFAULTS)
    for pair in filter(None, url.partition("#")[2].split("&")):
        name, _, value = pair.partition("=")
        if name in _RANGES:
            valid = re.fullmatch(r"[0-9]{1,5}", value) is not None and int(value) in _RANGES[name]
        else:
            valid = name in _WORDS and re.fullmatch(_WORDS[name], value) is not None
        if not valid:
            raise TwimlError(11243, f"{url}: {pair!r} is not a connection override that Twilio documents")
        settings[name] = value
    return settings
