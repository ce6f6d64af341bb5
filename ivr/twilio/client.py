# SPDX-License-Identifier: EUPL-1.2
"""Twilio's client, for the region that serves and for US1; it tries again while Twilio is busy, and raises TwilioError.

https://www.twilio.com/docs/global-infrastructure/using-the-twilio-rest-api-in-a-non-us-region: each region has its own
records and its own credentials, and a host without a region is the one of US1.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import sleep
from typing import Any
from urllib.parse import urlsplit

import requests
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from ivr.messages.problems import Problem, ProblemsError

PATIENCE = 15.0
"""Seconds that an answer may take."""

TRIES = 6
LONGEST_WAIT = 60.0
"""How often a request is tried while Twilio is busy, and the most seconds between two tries."""

HOME = "us1"
"""The region of a host without a region: routes, permissions, bundles and the account itself are asked for there."""


class TwilioError(ProblemsError):
    """Raised when Twilio, or what was set, does not let us go on: the id of a message, and its values.

    `status` is that of the HTTP answer, 0 where there was none; `code` is Twilio's own number of the error. What Twilio
    wrote is left out on purpose: it quotes addresses, and those hold the SIDs of calls.
    """

    def __init__(self, message: str, status: int = 0, code: int = 0, **values: object) -> None:
        told = {"status": status, "code": code, **values}
        super().__init__([Problem(message, {name: str(value) for name, value in told.items()})])
        self.status, self.code = status, code


@contextmanager
def understood() -> Iterator[None]:
    """Raise TwilioError for what an answer causes in which a field is missing or odd."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError, TwilioException):
        raise TwilioError("twilio-no-api", host="twilio.com") from None


class Courier(TwilioHttpClient):  # type: ignore[misc] # twilio ships no types
    """Carries the client's requests: waits when Twilio asks for it, and raises TwilioError for what fails."""

    def __init__(self) -> None:
        super().__init__(timeout=PATIENCE)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401 - as the client does
        """Make a request; one that got 429 was not processed (https://www.twilio.com/docs/api/errors/20429)."""
        host, tried = str(urlsplit(url).hostname), 1
        try:
            while (response := super().request(method, url, *args, **kwargs)).status_code == 429 and tried < TRIES:
                asked = str(response.headers.get("Retry-After", ""))
                sleep(min(float(asked) if asked.isdecimal() else 2.0 ** (tried - 1), LONGEST_WAIT))
                tried += 1
        except requests.Timeout:
            raise TwilioError("twilio-slow", host=host, seconds=f"{PATIENCE:g}") from None
        except requests.RequestException:
            raise TwilioError("twilio-no-network", host=host) from None
        if response.status_code >= 300:
            raise _refused(response, host)
        if response.text and _read(response) is None:  # a page that asks to log in to a network, for example
            raise TwilioError("twilio-no-api", host=host)
        return response


def _read(response: Response) -> dict[str, Any] | None:
    """What an answer says; None where it is not what the API says."""
    try:
        told = json.loads(response.text)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _refused(response: Response, host: str) -> TwilioError:
    """An answer that is no success; the client itself forgets the code of a page that fails."""
    status, told = response.status_code, _read(response) or {}
    code = told.get("code")
    code = code if isinstance(code, int) else 0
    known = {401: "twilio-credentials", 403: "twilio-rights", 404: "twilio-not-found", 429: "twilio-too-many"}
    message = known.get(status, "twilio-down" if status >= 500 else "twilio-refused")
    return TwilioError(message, status, code, host=host)


@dataclass(frozen=True)
class Twilio:
    """An account, with its clients: `here` is that of the region that serves.

    It is for the number's record, the calls and what was recorded.
    """

    account: str
    region: str
    here: Client
    us1: Client | None

    @property
    def home(self) -> Client:
        """For routes, permissions, bundles, Voice Insights and the account. Raises TwilioError without a US1 key."""
        if self.us1 is None:
            raise TwilioError("twilio-no-us1-key", region=self.region)
        return self.us1


def _client(login: tuple[str, str], account: str, **where: str) -> Client:
    # Not empty, or the client would read this machine's environment, and take the region from that.
    return Client(*login, account_sid=account, http_client=Courier(), environment={"": ""}, **where)


def account_of(environ: Mapping[str, str], token: str | None) -> Twilio:
    """Read it under Twilio's usual names; `token` is the line's own auth token. Raises TwilioError."""
    account = environ.get("TWILIO_ACCOUNT_SID", "")
    if not re.fullmatch("AC[0-9a-f]{32}", account):
        raise TwilioError("twilio-account-sid")
    region, edge = environ.get("TWILIO_REGION", ""), environ.get("TWILIO_EDGE", "")
    if not (re.fullmatch("[a-z]{2}[0-9]", region) and re.fullmatch("[a-z-]+", edge)):
        raise TwilioError("twilio-region-edge")
    login = _key(environ, "TWILIO_API_KEY") or ((account, token) if token else None)
    if login is None:
        raise TwilioError("twilio-no-credentials")
    home = login if region == HOME else _key(environ, "TWILIO_US1_API_KEY")
    here = _client(login, account, region=region, edge=edge)
    return Twilio(account, region, here, _client(home, account) if home else None)


def _key(environ: Mapping[str, str], name: str) -> tuple[str, str] | None:
    sid, secret = environ.get(name, ""), environ.get(f"{name}_SECRET", "")
    if not sid and not secret:
        return None
    if not re.fullmatch("SK[0-9a-f]{32}", sid) or not secret:
        raise TwilioError("twilio-key", name=name)
    return sid, secret
