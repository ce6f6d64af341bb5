# SPDX-License-Identifier: EUPL-1.2
"""Connection overrides: what the fragment of a webhook URL says about time-outs and retries.

https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides, quoted below. The fragment itself is
neither sent nor signed.
"""

import re
from dataclasses import replace

from ivr.phone.rules import TwimlError
from ivr.phone.transport import Answer, Fetch, Request

_DEFAULTS = {"ct": "5000", "rt": "15000", "tt": "15000", "rc": "1", "rp": "ct"}
_RANGES = {"ct": range(100, 10_001), "rt": range(100, 15_001), "tt": range(100, 15_001), "rc": range(6)}
_WORDS = {"rp": r"(4xx|5xx|ct|rt|all)(,(4xx|5xx|ct|rt|all))*", "e": r"[a-z-]+(,[a-z-]+)*", "sni": r"[yn]"}


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
