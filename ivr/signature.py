# SPDX-License-Identifier: EUPL-1.2
"""Is this request really from Twilio (https://www.twilio.com/docs/usage/webhooks/webhooks-security).

The address that was signed is the one Twilio called. It is built from the configured public base and the raw
request target: a decoded path, `Host` and `X-Forwarded-*` can all differ from what was signed.
"""

from __future__ import annotations

import base64
import hmac
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADER = "X-Twilio-Signature"


class Signature:
    """Checks requests against every token in use, one computation a token and in constant time."""

    def __init__(self, tokens: Iterable[str], public_url: str) -> None:
        self._keys = [token.encode() for token in tokens]
        self._base = _as_signed(public_url)

    def genuine(self, target: str, form: Iterable[tuple[str, str]], given: str) -> bool:
        """Whether one of the tokens signed a POST: its raw request target, the fields of its form, the header.

        "Sort the list of POST variables alphabetically by the parameter name. Append the parameter name and
        value, with no delimiters." Twilio's own library takes each value of a repeated name once.
        """
        if not target.startswith("/"):
            return False
        signed = self._base + target + "".join(name + value for name, value in sorted(set(form)))
        message, claimed = _bytes(signed), _bytes(given)
        computed = [base64.b64encode(hmac.digest(key, message, "sha1")) for key in self._keys]
        # Not a generator: every token is compared, so that the time tells nothing.
        return any([hmac.compare_digest(one, claimed) for one in computed])  # noqa: C419


def _as_signed(public_url: str) -> str:
    """The public base as Twilio writes it for a signature: of an https address the port is left out."""
    parts = urlsplit(public_url)
    if parts.scheme == "https" and parts.port:
        parts = parts._replace(netloc=parts.netloc.removesuffix(f":{parts.port}"))
    return parts.geturl()


def _bytes(text: str) -> bytes:
    """UTF-8, also of the half characters that a server may make of other bytes: nobody can have signed those."""
    return text.encode("utf-8", "surrogatepass")
