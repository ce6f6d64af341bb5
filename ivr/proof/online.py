# SPDX-License-Identifier: EUPL-1.2
"""What only the network tells: whether the public address leads to this line, and the fallback elsewhere.

Each check returns None when all is well, and otherwise the problem.
"""

import socket
import ssl
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import requests

from ivr.answers import Answers
from ivr.editor.load import fingerprint
from ivr.messages.problems import Problem
from ivr.phone.events import Ended, Failed, Press, Waiting
from ivr.phone.interpreter import call
from ivr.phone.rules import TwimlError
from ivr.phone.transport import Fetch, Request, http, signed, trusted
from ivr.proof.proved import Result, judged
from ivr.settings import Settings
from ivr.twiml import OVERRIDES
from ivr.web.public import CARD

LEFT = 1 / 4
"""The part of its life from which on a certificate should have been renewed: certbot and Caddy do so at a third."""


def line(settings: Settings, fetch: Fetch | None = None) -> Problem | None:
    """Whether a line with these settings answers at the public address, as soon as Twilio wants it, and takes a key."""
    carry = signed(fetch or http(settings.public_url), settings.signing)
    conversation = call(carry, f"{settings.public_url}/voice{OVERRIDES}")
    try:
        event, pressed = next(conversation), False
        while not (isinstance(event, Waiting) and pressed):
            if isinstance(event, Failed):
                return _why(event, urlsplit(settings.public_url).path)
            if isinstance(event, Ended):
                return Problem("online-fallback-answers", {"url": settings.public_url})
            pressed = pressed or isinstance(event, Waiting)
            event = conversation.send(Press("*") if isinstance(event, Waiting) else None)
    except TwimlError as error:
        if error.code == 11200:
            return Problem("online-redirects", {"url": settings.public_url})
        return Problem("online-no-line", {"reason": str(error)})
    return None


def _why(failed: Failed, path: str) -> Problem:
    """Why a request failed, as far as one can tell from this side."""
    values = {"url": failed.url.partition("#")[0], "reason": failed.reason, "path": path}
    match failed.code, failed.status:
        case 11205, _:
            return Problem("online-silent", values)
        case _, 403:
            return Problem("online-signature", values)
        case _, 404:
            return Problem("online-path-kept" if path else "online-path-lost", values)
        case _, 502 | 503 | 504:
            return Problem("online-no-upstream", values | {"status": str(failed.status)})
        case _:
            return Problem("online-no-twiml", values)


def strangers(url: str) -> Problem | None:
    """Whether nobody gets an answer there without a signature, nor with a wrong one."""
    statuses = []
    for headers in ({}, {"X-Twilio-Signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}):
        try:
            statuses.append(http(url)(Request("POST", url, {"CallSid": "CA" + "0" * 32}, headers)).status)
        except OSError as error:
            return Problem("online-silent", {"url": url, "reason": str(error)})
    values = {"unsigned": str(statuses[0]), "wrongly": str(statuses[1])}
    return None if statuses == [403, 403] else Problem("online-strangers", values)


def server(settings: Settings, url: str, card: str) -> Problem | None:
    """Whether one of the servers behind the proxy answers, as a line with these settings does, with this card.

    `card` is the fingerprint of the one in the folder. A server that started before it was put there reads out another.
    """
    problem = line(settings, http(settings.public_url, url))
    if problem is None:
        ready = requests.get(f"{url}/health/ready", timeout=5, allow_redirects=False)
        values = {"server": url, "folder": str(settings.prompts)}
        return None if ready.headers.get(CARD) == card else Problem("online-server-card", values)
    return Problem("online-server-silent" if problem.message == "online-silent" else "online-server", {"server": url})


def certificates(settings: Settings, now: datetime) -> Iterator[Problem]:
    """The certificates, of the line and of the fallback, that end soon; one that is not valid fails other checks."""
    context = ssl.create_default_context(cafile=trusted())
    for url in filter(None, (settings.public_url, settings.fallback_url)):
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname:
            continue
        try:
            with (
                socket.create_connection((parts.hostname, parts.port or 443), timeout=5) as connection,
                context.wrap_socket(connection, server_hostname=parts.hostname) as encrypted,
            ):
                told = encrypted.getpeercert() or {}
        except OSError:
            continue
        began, ends = (
            datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told[when])), UTC) for when in ("notBefore", "notAfter")
        )
        if ends - now < (ends - began) * LEFT:
            yield Problem("online-certificate", {"host": parts.hostname, "date": f"{ends:%Y-%m-%d}"})


def fallback(settings: Settings, expected: bytes) -> Problem | None:
    """Whether callers hear `expected`, what the card says, as XML when the service does not answer.

    It must be on another machine: on the same one it fails together with the service.
    """
    url = settings.fallback_url
    if not url:
        return Problem("fallback-unset", {})
    ours, theirs = (_addresses(str(urlsplit(one).hostname)) for one in (settings.public_url, url))
    if ours & theirs:
        return Problem("fallback-here", {"url": url})
    try:
        answer = http(url)(Request("GET", url, {}))
    except OSError as error:  # no connection, or no answer in time
        return Problem("fallback-silent", {"url": url, "reason": str(error)})
    values = {"url": url, "status": str(answer.status), "type": answer.content_type or "-"}
    if answer.status != 200:
        return Problem("fallback-status", values)
    if answer.content_type.partition(";")[0] not in ("text/xml", "application/xml"):
        return Problem("fallback-type", values)
    if answer.body.strip() != expected.strip():  # a file ends with a new line
        return Problem("fallback-differs", values)
    return None


def _addresses(host: str) -> set[str]:
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
    except OSError:  # a host without an address shares none
        return set()


def ask(answers: Answers, settings: Settings, servers: Iterable[str] = ()) -> Iterator[Result]:
    """Run the checks that ask over the network: of the public address, of each server, the fallback, certificates."""
    yield judged("online", [line(settings)])
    if servers:
        card = fingerprint(settings.prompts)
        yield judged("servers", (server(settings, url, card) for url in servers))
    yield judged("fallback", [fallback(settings, answers.fallback)])
    yield judged("certificates", certificates(settings, datetime.now(UTC)), "warn")
