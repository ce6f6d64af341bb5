# SPDX-License-Identifier: EUPL-1.2
import pytest

from ivr.phone.goto import deliver
from ivr.phone.rules import TwimlError
from ivr.phone.transport import Answer, Request

TOKEN = "I-Twilio-Idempotency-Token"
FINE = Answer(200, "text/xml", b"<Response/>")


def attempts(fragment: str, *outcomes: Answer | Exception) -> list[Request]:
    """Delivers to a service that does these things in turn; the last is what the line must end up with."""
    made: list[Request] = []

    def fetch(request: Request) -> Answer:
        outcome = outcomes[len(made)]
        made.append(request)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    last = outcomes[-1]
    if isinstance(last, Exception):
        with pytest.raises(type(last)):
            deliver(fetch, "POST", f"https://line.example/x?a=1{fragment}", {"Digits": "1"})
    else:
        assert deliver(fetch, "POST", f"https://line.example/x?a=1{fragment}", {"Digits": "1"}) is last
    assert len(made) == len(outcomes)
    return made


def test_the_fragment_is_not_sent() -> None:
    """A request goes to the URL without its connection overrides, and carries the time-outs among them."""
    (request,) = attempts("#ct=2000&rt=4000&tt=12000&rc=2&rp=all&e=dublin,frankfurt&sni=y", FINE)
    assert request == Request("POST", "https://line.example/x?a=1", {"Digits": "1"}, {}, (2.0, 4.0))
    assert attempts("", FINE)[0].timeout == (5.0, 15.0)


def test_by_default_one_failed_connection_is_retried() -> None:
    """Without overrides Twilio retries once, and only when the connection fails."""
    first, second = attempts("", ConnectionError(), FINE)
    assert TOKEN not in first.headers
    assert TOKEN in second.headers
    attempts("", ConnectionError(), ConnectionError())
    attempts("", TimeoutError())
    attempts("", Answer(503, "", b""))
    attempts("", Answer(404, "", b""))


@pytest.mark.parametrize(
    ("policy", "failure"),
    [("ct", ConnectionError()), ("rt", TimeoutError()), ("4xx", Answer(404, "", b"")), ("5xx", Answer(503, "", b""))],
)
def test_the_retry_policy_says_what_is_retried(policy: str, failure: Answer | Exception) -> None:
    """`rp` retries what it names, alone, in a list or as all, and as often as `rc` says."""
    for named in (policy, f"{policy},ct", "all"):
        attempts(f"#rt=1000&rc=2&rp={named}", failure, failure, FINE)
    attempts(f"#rt=1000&rc=2&rp={policy}", failure, failure, failure)
    attempts(f"#rc=0&rp={policy}", failure)
    attempts(f"#rt=1000&rc=2&rp={'5xx' if policy != '5xx' else '4xx'}", failure)


def test_the_retries_share_one_limit_of_time() -> None:
    """Time-outs use up the total: `rp=all` alone retries no slow answer, as one takes all 15 seconds."""
    attempts("#rp=all&rc=2", TimeoutError())
    attempts("#rp=all&rc=5&rt=4000&tt=8000", TimeoutError(), TimeoutError())


def test_a_fault_in_the_service_is_no_failed_connection() -> None:
    """An exception that a fetch does not promise passes at once: in a test it is a bug of the service."""
    with pytest.raises(ZeroDivisionError):
        deliver(lambda _: Answer(1 // 0, "", b""), "POST", "https://line.example/#rp=all&rc=2", {})


@pytest.mark.parametrize(
    "fragment", ["rc=6", "rc=x", "rc=", "ct=99", "rt=15001", "tt=0", "rp=3xx", "rp=", "e=", "sni=1", "xx=1", "top"]
)
def test_an_override_that_is_not_documented_is_refused(fragment: str) -> None:
    """A fragment that Twilio does not document is error 11243, before anything is sent."""
    with pytest.raises(TwimlError, match="is not a connection override") as caught:
        attempts(f"#{fragment}", FINE)
    assert caught.value.code == 11243
