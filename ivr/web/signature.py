# SPDX-License-Identifier: EUPL-1.2
"""Is this request really from Twilio (https://www.twilio.com/docs/usage/webhooks/webhooks-security).

The address that was signed is the one Twilio called. It is built from the configured public base and the raw
request target: a decoded path, `Host` and `X-Forwarded-*` can all differ from what was signed.
"""

import base64
import hmac
from collections.abc import Iterable
from urllib.parse import urlsplit

HEADER = "X-Twilio-Signature"
VARIABLE = "HTTP_X_TWILIO_SIGNATURE"
"""The header, and the name under which WSGI hands it over."""


class Signature:
    """Checks requests against every token in use and every form in which an address is signed.

    `fragment` is what our addresses end with, from # on: Twilio does not sign it, Somleng does (deploy/engines.md).
    """

    def __init__(self, tokens: Iterable[str], public_url: str, fragment: str = "") -> None:
        self._keys = [hmac.new(token.encode(), digestmod="sha1") for token in tokens]
        # Twilio's own form of a plain address comes first.
        ends = dict.fromkeys(("", fragment))
        self._forms = [(base, end) for end in ends for base in _bases(public_url)]

    def genuine(self, target: str, form: Iterable[tuple[str, str]], given: str) -> bool:
        """Whether one of the tokens signed a POST: its raw request target, the fields of its form, the header.

        "Sort the list of POST variables alphabetically by the parameter name. Append the parameter name and
        value, with no delimiters." Twilio's own library takes each value of a repeated name once.

        No comparison ends at the first letter that differs. A genuine request ends at the first form that fits, which
        tells only what its sender signed; of any other every form and token is compared, however near it came.
        """
        if not target.startswith("/"):
            return False
        claimed = _bytes(given)
        fields = "".join(map("".join, sorted(set(form))))
        for base, end in self._forms:
            message = _bytes(f"{base}{target}{end}{fields}")
            # Not a generator: every token is compared, so that the time does not tell which one is used.
            if any([hmac.compare_digest(_signed(key, message), claimed) for key in self._keys]):  # noqa: C419
                return True
        return False


def _signed(key: hmac.HMAC, message: bytes) -> bytes:
    """The signature of a message; what is the same for every message was worked out when the key was made."""
    signed = key.copy()
    signed.update(message)
    return base64.b64encode(signed.digest())


def _bases(public_url: str) -> list[str]:
    """The public base without a port, and with its own or else the standard one.

    Twilio's own library accepts both, "since sig generation on back end is inconsistent" (request_validator.py).
    """
    parts = urlsplit(public_url)
    host = parts.netloc.removesuffix(f":{parts.port}")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return [parts._replace(netloc=netloc).geturl() for netloc in (host, f"{host}:{port}")]


def _bytes(text: str) -> bytes:
    """UTF-8, also of the half characters that a server may make of other bytes: nobody can have signed those."""
    return text.encode("utf-8", "surrogatepass")
