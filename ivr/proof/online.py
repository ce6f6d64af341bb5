# SPDX-License-Identifier: EUPL-1.2
"""What only the network tells: whether the public address leads to this line, and the fallback elsewhere.

Each check returns None when all is well, and otherwise what is wrong and what to do about it.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ivr.phone.events import Ended, Failed, Press, Waiting
from ivr.phone.interpreter import call
from ivr.phone.rules import TwimlError
from ivr.phone.transport import Request, http, signed

if TYPE_CHECKING:
    from ivr.phone.transport import Answer, Fetch
    from ivr.settings import Settings


def line(settings: Settings, fetch: Fetch | None = None) -> str | None:
    """Whether a line with these settings answers at the public address, and takes a key there.

    `fetch` carries unsigned requests; by default over the network, with Twilio's time-outs.
    """
    statuses: list[int] = []
    carry = signed(fetch or http(settings.public_url), settings.tokens[0])

    def noting(request: Request) -> Answer:
        answer = carry(request)
        statuses.append(answer.status)
        return answer

    conversation = call(noting, f"{settings.public_url}/voice")
    try:
        event = next(conversation)
        while not (isinstance(event, Waiting) and len(statuses) > 1):
            if isinstance(event, Failed):
                return _why(event, statuses, urlsplit(settings.public_url).path)
            if isinstance(event, Ended):
                return f"{settings.public_url} speaks and hangs up without waiting for a key: is it the fallback?"
            event = conversation.send(Press("*") if isinstance(event, Waiting) else None)
    except TwimlError as error:
        if error.code == 11200:
            return (
                f"{settings.public_url} redirects, and Twilio then loses the caller's key. Set IVR_PUBLIC_URL to where "
                "it redirects to, or let the proxy pass the request on."
            )
        return f"What answers is no line: {error}. Look where the proxy passes the request on to."
    return None


def _why(failed: Failed, statuses: list[int], path: str) -> str:
    """Why a request failed, as far as one can tell from this side."""
    url = failed.url.partition("#")[0]
    match failed.code, statuses[-1:]:
        case 11205, _:
            return (
                f"{url} does not answer: {failed.reason}. Is the proxy running, does the name lead to it, and is its "
                "certificate valid?"
            )
        case _, [403]:
            return (
                f"{url} refuses our signature. The line there has another TWILIO_AUTH_TOKEN or another IVR_PUBLIC_URL "
                "than is set here, or the proxy rewrites the address on its way."
            )
        case _, [404]:
            cure = f"take {path} off the address" if path else "leave the address as it is"
            return f"{url} is not found. The proxy must {cure} before it passes the request on to the line."
        case _, [502 | 503 | 504 as status]:
            return (
                f"{url} gives {status}: the proxy reaches no line. Does `ivr serve` run where the proxy looks for it?"
            )
        case _:
            return f"{url} gives no TwiML: {failed.reason}. Look where the proxy passes the request on to."


def fallback(settings: Settings, expected: bytes) -> str | None:
    """Whether callers hear `expected`, what the card says, when the service does not answer."""
    if not settings.fallback_url:
        return (
            "IVR_FALLBACK_URL is not set, so nobody knows what callers hear when the service fails. Put fallback.xml "
            "on other hosting, and write its address."
        )
    elsewhere = fallback_elsewhere(settings.public_url, settings.fallback_url)
    return elsewhere or fallback_answers(settings.fallback_url, expected)


def fallback_elsewhere(public_url: str, fallback_url: str) -> str | None:
    """Whether the fallback would survive the service; it does not on the same machine."""
    ours, theirs = str(urlsplit(public_url).hostname), str(urlsplit(fallback_url).hostname)
    if _addresses(ours) & _addresses(theirs):
        return (
            f"The fallback {fallback_url} stands on the same machine as the service, and fails when that fails. Put "
            "fallback.xml on other hosting."
        )
    return None


def fallback_answers(fallback_url: str, expected: bytes, fetch: Fetch | None = None) -> str | None:
    """Whether the fallback answers, as XML, with what the card says now (`expected`)."""
    try:
        answer = (fetch or http(fallback_url))(Request("GET", fallback_url, {}))
    except OSError as error:  # no connection, or no answer in time
        return f"The fallback {fallback_url} does not answer: {error}."
    if answer.status != 200:
        return f"The fallback {fallback_url} gives {answer.status}. Put fallback.xml there."
    if answer.content_type.partition(";")[0] not in ("text/xml", "application/xml"):
        return (
            f"The fallback {fallback_url} comes as {answer.content_type or 'nothing'}, which Twilio refuses. Let that "
            "host serve .xml as text/xml."
        )
    if answer.body.strip() != expected.strip():  # a file ends with a new line
        return (
            f"The fallback {fallback_url} does not say what the card says. Put the fallback.xml of this release there."
        )
    return None


def _addresses(host: str) -> set[str]:
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
    except OSError:  # what has no address shares none
        return set()
