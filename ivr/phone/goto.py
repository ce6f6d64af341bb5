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

_OVERRIDES = re.compile(r"ct=(\d+)&rt=(\d+)&tt=(\d+)&rc=(\d)&rp=all")
"""As our lines write them: milliseconds to connect, to wait for an answer and for all attempts; and the retries."""

_DEFAULTS = 5000, 15000, 15000, 1


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
        raise FetchError(Failed(goto.url, 11217, f"HTTP status {answer.status}", answer.status))
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

    `rc` is "the number of retry attempts Twilio will make if its connection to your webhook fails"; with `rp=all` what
    is slow or an HTTP error fails too. `tt` is "the total time allowed for all timeouts including retries": by default
    one slow answer uses all of it, so that `rp=all` alone repeats none. A retry carries an idempotency token.

    Raises ConnectionError or TimeoutError when the last attempt ended so, and TwimlError for another fragment.
    """
    address, _, fragment = url.partition("#")
    overrides = _OVERRIDES.fullmatch(fragment)
    if fragment and not overrides:
        raise TwimlError(11243, f"{url}: {fragment!r} are no connection overrides that our lines write")
    connect, wait, left, retries = map(int, overrides.groups()) if overrides else _DEFAULTS
    request = Request(method, address, form, timeout=(connect / 1000, wait / 1000))
    while True:
        try:
            answer = fetch(request)
            if answer.status < 400 or not overrides or not retries:
                return answer
        except ConnectionError:
            if not retries:
                raise
        except TimeoutError:
            left -= wait
            if not overrides or not retries or left <= 0:
                raise
        retries -= 1
        request = replace(request, headers={"I-Twilio-Idempotency-Token": "00000000-0000-0000-0000-000000000000"})
