# SPDX-License-Identifier: EUPL-1.2
"""Is this request really from Twilio (https://www.twilio.com/docs/usage/webhooks/webhooks-security).

The address that was signed is the one Twilio called. It is built from the configured public base and the raw
request target: a decoded path, `Host` and `X-Forwarded-*` can all differ from what was signed.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from twilio.request_validator import RequestValidator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Request

HEADER = "X-Twilio-Signature"


class Signature:
    """Checks requests against every token in use, one computation a token and in constant time."""

    def __init__(self, tokens: Iterable[str], public_url: str) -> None:
        self._validators = [RequestValidator(token) for token in tokens]
        self._public_url = public_url

    def genuine(self, request: Request) -> bool:
        """Whether one of the tokens signed this request; what cannot be checked is not genuine."""
        given = request.headers.get(HEADER, "").encode()
        target = request.environ.get("RAW_URI", "")
        if not target.startswith("/"):
            return False
        try:
            expected = [
                validator.compute_signature(self._public_url + target, request.form).encode()
                for validator in self._validators
            ]
        except UnicodeEncodeError:  # a lone surrogate: bytes that nobody can have signed
            return False
        return any([hmac.compare_digest(given, one) for one in expected])  # noqa: C419 - every token is compared
