# SPDX-License-Identifier: EUPL-1.2
"""A call as Twilio carries it out: follows TwiML, yields what the caller hears and what the line waits for.

It never sleeps and touches no screen. Each rule quotes the page of Twilio's documentation that it follows;
where only a name is given, that page stands under https://www.twilio.com/docs/voice/twiml/.
"""

from collections.abc import Generator
from typing import TypeAlias, TypeVar
from xml.etree.ElementTree import Element

from ivr.phone.events import Action, Dialling, Ended, Failed, HangUp, LineEvent, Outcome, Press, Said, Waiting
from ivr.phone.goto import FetchError, Goto, absolute, follow, request
from ivr.phone.rules import TwimlError, parse, text_of
from ivr.phone.speech import language, pieces, played
from ivr.phone.transport import Fetch
from ivr.recording import unpack

MAX_DOCUMENTS = 200
CALLER, CALLED = "+12025550143", "+12025550100"
APOLOGY = Said("An application error has occurred. Goodbye.", 0.0, interruptible=False)

_Result = TypeVar("_Result")
_Steps: TypeAlias = Generator[LineEvent, Action, _Result]
Call: TypeAlias = _Steps[None]


class _CallerGoneError(Exception):
    """Raised when the caller hangs up."""


def call(fetch: Fetch, url: str, *, fallback_url: str | None = None, fallback_method: str = "POST") -> Call:
    """Call the number whose voice URL is `url`; the last event is always Ended.

    Send what the caller does after each event: None to listen on, Press, HangUp, or after Dialling an
    Outcome; a connection that is sent anything else was completed. A key where no Gather listens is lost.

    "If Twilio is unable to retrieve or execute TwiML from your web server, a request is immediately made to
    the number's Fallback URL", with ErrorCode and ErrorUrl; without one, or when that fails too, Twilio says
    sorry in English (https://www.twilio.com/docs/usage/security/availability-reliability). So it goes here
    when no answer comes, or an HTTP error, or a content type that is not XML. Wrong TwiML and a redirect are
    faults of the service: they raise TwimlError, as does a call of more than 200 documents, which goes round in
    circles. Twilio lets some of it pass with a warning; this phone never does.
    """
    line, documents = _Line(fetch), 0
    goto: Goto | None = Goto(url)
    try:
        while (here := goto) is not None:
            documents += 1
            if documents > MAX_DOCUMENTS:
                raise TwimlError(12200, f"{here.url}: after {MAX_DOCUMENTS} documents the call has no end")
            try:
                goto = yield from line.carry_out(here)
            except FetchError as error:
                failed = error.event
                yield from _hear(failed)
                if fallback_url is None or here.url == fallback_url:
                    yield from _hear(APOLOGY)
                    yield Ended("error")
                    return
                reason = {"ErrorCode": str(failed.code), "ErrorUrl": failed.url.partition("#")[0]}
                goto = Goto(fallback_url, fallback_method, reason)
        yield Ended("line")
    except _CallerGoneError:
        yield Ended("caller")


class _Line:
    """The verbs, and what stays the same during a call."""

    def __init__(self, fetch: Fetch) -> None:
        self.fetch = fetch
        self.parameters = {
            "CallSid": "CA" + "0" * 32,
            "AccountSid": "AC" + "0" * 32,
            "From": CALLER,
            "Caller": CALLER,
            "To": CALLED,
            "Called": CALLED,
            "CallStatus": "ringing",
            "ApiVersion": "2010-04-01",
            "Direction": "inbound",
        }

    def carry_out(self, goto: Goto) -> _Steps[Goto | None]:
        """Fetch a document and carry out its verbs; at the end of it the call ends.

        redirect: "All verbs after <Redirect> are unreachable and ignored."
        """
        answer = request(self.fetch, goto, self.parameters)
        self.parameters["CallStatus"] = "in-progress"
        if answer.content_type.partition(";")[0].strip().lower() not in {"text/xml", "application/xml"}:
            raise FetchError(Failed(goto.url, 12300, f"content type {answer.content_type!r}, not text/xml"))
        for verb in parse(answer.body, goto.url):
            following: Goto | None = None
            match verb.tag:
                case "Hangup":
                    return None
                case "Redirect":
                    following = follow(goto, verb, text_of(verb), {})
                case "Gather":
                    following = yield from self.gather(goto, verb)
                case "Dial":
                    following = yield from self.dial(goto, verb)
                case _:
                    for sound in self.sounds(goto, verb, interruptible=False):
                        yield from _hear(sound)
            if following is not None:
                return following
        return None

    def gather(self, goto: Goto, verb: Element) -> _Steps[Goto | None]:
        """Speak the prompts and collect keys.

        gather: "After the first digit is received the audio will stop playing." The timeout starts after the
        prompts, and again with each digit: "Twilio will wait 10 seconds for the caller to press another key
        before submitting". "If the 'timeout' is reached before the caller enters any digits, or if the caller
        enters the 'finishOnKey' value before entering any other digits, Twilio will not make a request to the
        'action' URL but instead continue processing the current TwiML document with the verb immediately
        following the <Gather>." No page promises that a key after the last one that a Gather takes is kept
        for the next Gather: it is lost.
        """
        keys = ""
        for sound in (sound for prompt in verb for sound in self.sounds(goto, prompt, interruptible=True)):
            keys = yield from _hear(sound)
            if keys:
                break
        digits, finished = _digits(verb, keys)
        while not finished:
            more = yield from _hear(Waiting(int(verb.get("timeout", "5"))))
            if not more:
                break
            keys += more
            digits, finished = _digits(verb, keys)
        return follow(goto, verb, verb.get("action", ""), {"Digits": digits}) if digits else None

    def dial(self, goto: Goto, verb: Element) -> _Steps[Goto | None]:
        """Connect the caller to a number.

        dial: "Twilio will make a GET or POST request to the action URL (if provided) when the <Dial> call
        ends"; of a caller who hung up nobody would hear the answer. "If you do not provide an action URL in your
        <Dial> and the original caller is still on the line, Twilio will continue to render the original TwiML
        document."
        """
        action = yield Dialling(
            text_of(verb),
            caller_id=verb.get("callerId", self.parameters["Caller"]),
            timeout=int(verb.get("timeout", "30")),
            time_limit=int(verb.get("timeLimit", "14400")),
            hangup_on_star=verb.get("hangupOnStar") == "true",
        )
        if isinstance(action, HangUp):
            raise _CallerGoneError
        if "action" not in verb.attrib:
            return None
        status = action.status if isinstance(action, Outcome) else "completed"
        seconds = "60" if status in {"completed", "answered"} else "0"
        form = {"DialCallStatus": status, "DialCallSid": "CA" + "1" * 32, "DialCallDuration": seconds}
        return follow(goto, verb, verb.attrib["action"], form)

    def sounds(self, goto: Goto, verb: Element, *, interruptible: bool) -> list[Said]:
        """Return what a Say or a Play lets hear.

        play: "Twilio does not send its standard HTTP parameters when making requests to <Play> URLs." What a
        missing recording does to a call is not documented; here the call fails.
        """
        if verb.tag == "Say":
            return [Said(text, silence, interruptible, language(verb)) for text, silence in pieces(verb)]
        url = absolute(goto, text_of(verb))
        answer = request(self.fetch, Goto(url, "GET"), {})
        if not answer.content_type.startswith("audio/"):
            raise FetchError(Failed(url, 12300, f"content type {answer.content_type!r}, not audio"))
        try:
            return played(unpack(answer.body)[1], interruptible=interruptible)
        except ValueError as error:
            raise TwimlError(12300, f"{url}: this phone plays only recordings of a line: {error}") from error


def _hear(event: LineEvent) -> _Steps[str]:
    """Let the handset hear an event; return the keys that were pressed."""
    match (yield event):
        case HangUp():
            raise _CallerGoneError
        case Press(keys):
            return keys
        case _:
            return ""


def _digits(verb: Element, keys: str) -> tuple[str, bool]:
    """Return the Digits that a Gather makes of the keys so far, and whether it is finished.

    gather: "Note that the 'finishOnKey' value is not sent"; with an empty one "<Gather> captures all input
    and no key will end the <Gather> when pressed". "When the caller enters the fifth digit of '94117', Twilio
    will immediately submit the data to the 'action' URL."
    """
    finish, most = verb.get("finishOnKey", "#"), int(verb.get("numDigits", len(keys) + 1))
    before, end, _ = keys.partition(finish) if finish else (keys, "", "")
    return before[:most], bool(end) or len(before) >= most
