# SPDX-License-Identifier: EUPL-1.2
import pytest

from ivr.phone.goto import deliver
from ivr.phone.rules import TwimlError
from ivr.phone.transport import Answer, Request
from ivr.twiml import OVERRIDES

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
    (request,) = attempts("#ct=2000&rt=4000&tt=12000&rc=2&rp=all", FINE)
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


@pytest.mark.parametrize("failure", [ConnectionError(), TimeoutError(), Answer(404, "", b""), Answer(503, "", b"")])
def test_our_overrides_have_every_failure_retried(failure: Answer | Exception) -> None:
    """What `rp=all` retries is retried as often as `rc` says, and then is what the line ends up with."""
    attempts(OVERRIDES, failure, failure, FINE)
    attempts(OVERRIDES, failure, failure, failure)
    attempts(OVERRIDES.replace("rc=2", "rc=0"), failure)


def test_the_retries_share_one_limit_of_time() -> None:
    """Time-outs use up the total, which ends the attempts before there are no more retries."""
    attempts("#ct=2000&rt=4000&tt=8000&rc=5&rp=all", TimeoutError(), TimeoutError())


def test_a_fault_in_the_service_is_no_failed_connection() -> None:
    """An exception that a fetch does not promise passes at once: in a test it is a bug of the service."""
    with pytest.raises(ZeroDivisionError):
        deliver(lambda _: Answer(1 // 0, "", b""), "POST", f"https://line.example/{OVERRIDES}", {})


@pytest.mark.parametrize("fragment", ["#rc=2", "#top", OVERRIDES + "&sni=y", OVERRIDES * 2])
def test_another_fragment_is_refused(fragment: str) -> None:
    """A fragment that our lines do not write is error 11243, before anything is sent."""
    with pytest.raises(TwimlError, match="no connection overrides") as caught:
        attempts(fragment, FINE)
    assert caught.value.code == 11243


def test_our_overrides_are_those_that_twilio_documents() -> None:
    """Each stands within the bounds of https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides."""
    named = dict(override.split("=") for override in OVERRIDES.removeprefix("#").split("&"))
    assert named.pop("rp") == "all"
    for name, least, most in (("ct", 100, 10_000), ("rt", 100, 15_000), ("tt", 100, 15_000), ("rc", 0, 5)):
        assert least <= int(named.pop(name)) <= most
    assert named == {}
