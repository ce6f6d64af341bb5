# SPDX-License-Identifier: EUPL-1.2
"""How a request of the line reaches a service: the line itself, or one over HTTP, and with Twilio's signature."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from twilio.request_validator import RequestValidator, remove_port

from ivr import recording
from ivr.answers import Answers
from ivr.line import Line


@dataclass(frozen=True)
class Request:
    """What Twilio sends; the form is the body, and `timeout` the seconds to connect and to wait for bytes."""

    method: str
    url: str
    form: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: tuple[float, float] = (5.0, 15.0)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    content_type: str
    body: bytes


Fetch: TypeAlias = Callable[[Request], Answer]
"""Raises ConnectionError when nothing answers and TimeoutError when it takes too long; all else is a bug."""


def direct(answers: Answers, clock: Callable[[], datetime]) -> Fetch:
    """Return a fetch that asks a line itself: nothing is sent, so nothing is signed.

    A URL elsewhere raises ConnectionError.
    """

    def fetch(request: Request) -> Answer:
        if (sound := below(answers.sounds, request.url)) is not None:
            return Answer(200, "audio/x-wav", _recording(answers.line, sound.removeprefix("/")))
        target = "" if request.url == answers.url else below(answers.url, request.url)
        if target is None:
            raise ConnectionError(f"{request.url} does not stand under {answers.url}")
        address, _, query = target.removeprefix("/").partition("?")
        body = answers.go_on(address, query, request.form, clock()) if target else answers.start(clock())
        return Answer(200, "text/xml", body)

    return fetch


def _recording(line: Line, address: str) -> bytes:
    """A file of the line's own recordings. Raises ConnectionError where one is gone by now."""
    try:
        wanted = [(pause, line.recordings[name]) for pause, name in recording.pieces(address)]
        _, parts = recording.joined(wanted, lambda file, begin, length: file.read_bytes()[begin : begin + length])
        return b"".join(parts)
    except (KeyError, OSError) as error:
        raise ConnectionError(f"{address}: {error}") from error


def http(public_url: str, connect_to: str | None = None, *, verify: bool | str = True) -> Fetch:
    """Return a fetch over HTTP that follows no redirects.

    What stands under `public_url` is asked of `connect_to`, if given, with the public Host: for a service
    without its proxy that is "http://127.0.0.1:8000". `verify` is the path of a bundle of certificates,
    by default that of the system; False trusts every certificate.
    """
    import requests  # noqa: PLC0415 - a call in the terminal does not need it

    def fetch(request: Request) -> Answer:
        url, headers = request.url, dict(request.headers)
        target = below(public_url, url)
        if connect_to is not None and target is not None:
            url, headers["Host"] = connect_to + target, urlsplit(public_url).netloc
        with requests.Session() as session:
            session.trust_env = False  # a proxy of this machine is not on Twilio's way
            try:
                response = session.request(
                    request.method,
                    url,
                    data=dict(request.form),
                    headers=headers,
                    timeout=request.timeout,
                    allow_redirects=False,
                    verify=trusted() if verify is True else verify,
                )
            except requests.ReadTimeout as error:
                raise TimeoutError(f"no answer in {request.timeout[1]:g} s") from error
            except requests.RequestException as error:
                raise ConnectionError(f"no connection: {_reason(error)}") from error
        return Answer(response.status_code, response.headers.get("Content-Type", ""), response.content)

    return fetch


def trusted() -> str:
    """The authorities that the system trusts, those of its organisation too; where it names none, those of requests.

    As everywhere in Python, SSL_CERT_FILE names other ones.
    """
    import ssl  # noqa: PLC0415 - as above

    from requests.utils import DEFAULT_CA_BUNDLE_PATH  # noqa: PLC0415

    named = (ssl.get_default_verify_paths().cafile, "/etc/ssl/certs/ca-certificates.crt")
    return next((file for file in named if file and Path(file).exists()), DEFAULT_CA_BUNDLE_PATH)


def _reason(error: BaseException) -> str:
    """The innermost reason, in a few words: the libraries wrap it several times."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    return str(getattr(error, "strerror", None) or error)


def signed(fetch: Fetch, token: str) -> Fetch:
    """Return the fetch with an `X-Twilio-Signature` on every request.

    https://www.twilio.com/docs/usage/webhooks/webhooks-security: it covers the URL, for https without the
    port, and the sorted fields of a POST.
    """
    validator = RequestValidator(token)

    def signing(request: Request) -> Answer:
        parts = urlsplit(request.url)
        url = remove_port(parts) if parts.scheme == "https" and parts.port else request.url
        signature = validator.compute_signature(url, dict(request.form))
        return fetch(replace(request, headers={**request.headers, "X-Twilio-Signature": signature}))

    return signing


def below(public_url: str, url: str) -> str | None:
    """Return the request target that the service sees, or None for a URL that is not under the public one."""
    target = url.removeprefix(public_url)
    return target if target != url and target.startswith(("/", "?")) else None
