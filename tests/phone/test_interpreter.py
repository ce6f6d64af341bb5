# SPDX-License-Identifier: EUPL-1.2
import io
import re
import wave
from functools import cache
from itertools import chain, cycle, repeat
from urllib.parse import parse_qs
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr.phone.events import (
    Action,
    Dialling,
    Ended,
    Event,
    Failed,
    HangUp,
    Outcome,
    Paused,
    Played,
    Press,
    Said,
    Waiting,
)
from ivr.phone.interpreter import APOLOGY, MAX_DOCUMENTS, call
from ivr.phone.rules import VERBS, TwimlError
from ivr.phone.transport import Answer, Fetch, Request

from .conftest import Page, Pages, Site

URL = "https://line.example/voice"
NUMBER = "+12025550101"


def follow(fetch: Fetch, *actions: Action, url: str = URL, **options: str | bool) -> list[Event]:
    """Makes a call in which these actions follow the first events; from then on the caller listens."""
    line = call(fetch, url, **options)  # type: ignore[arg-type]  # the names are given in each test
    events = [next(line)]
    left = iter(actions)
    while not isinstance(events[-1], Ended):
        events.append(line.send(next(left, None)))
    with pytest.raises(StopIteration):
        next(line)
    return events


def said(text: str, *, interruptible: bool = False) -> Said:
    """Returns a piece of speech without a pause."""
    return Said(text, 0.0, interruptible)


def noting(fetch: Fetch) -> tuple[Fetch, list[Request]]:
    """Returns the fetch, and the list of what it is asked."""
    requests: list[Request] = []

    def noted(request: Request) -> Answer:
        requests.append(request)
        return fetch(request)

    return noted, requests


def wav(seconds: int) -> bytes:
    """Returns a silent recording."""
    file = io.BytesIO()
    with wave.open(file, "wb") as audio:
        audio.setnchannels(1)
        audio.setsampwidth(2)
        audio.setframerate(8000)
        audio.writeframes(bytes(2 * 8000 * seconds))
    return file.getvalue()


def test_a_document_is_carried_out_in_order(site: Site) -> None:
    """Verbs follow one another, and at the end of the document the call ends."""
    fetch = site({"/voice": '<Say>Een<break time="1s"/>twee</Say><Pause/><Pause length="3"/>'})
    assert follow(fetch) == [
        Said("Een", 1.0, interruptible=False),
        said("twee"),
        Paused(1, interruptible=False),
        Paused(3, interruptible=False),
        Ended("line"),
    ]


def test_a_loop_says_it_again(site: Site) -> None:
    """`loop` is how often a Say is heard."""
    assert follow(site({"/voice": '<Say loop="3">Een</Say>'})) == [said("Een")] * 3 + [Ended("line")]


def test_after_a_hangup_nothing_is_reached(site: Site) -> None:
    """A Hangup ends the call, whatever stands after it."""
    assert follow(site({"/voice": "<Hangup/><Say>Een</Say>"})) == [Ended("line")]


def test_a_redirect_goes_on_elsewhere(site: Site) -> None:
    """A Redirect leaves the rest of the document; its URL may be relative to the document, or absolute."""
    for there in ("b", "/a/b", "https://line.example/a/b"):
        fetch = site({"/a/voice": f"<Redirect>{there}</Redirect><Say>never</Say>", "/a/b": "<Say>Twee</Say>"})
        assert follow(fetch, url="https://line.example/a/voice") == [said("Twee"), Ended("line")]


def test_every_request_says_which_call_it_is(site: Site) -> None:
    """A request carries the fields that Twilio always sends; the call rings first and is in progress then."""
    fetch, requests = noting(site({"/voice": "<Redirect>/b</Redirect>", "/b": ""}))
    follow(fetch, caller="anonymous", called="+12025550199")
    assert requests[0].method == "POST"
    assert requests[0].form == {
        "CallSid": "CA" + "0" * 32,
        "AccountSid": "AC" + "0" * 32,
        "From": "anonymous",
        "Caller": "anonymous",
        "To": "+12025550199",
        "Called": "+12025550199",
        "CallStatus": "ringing",
        "ApiVersion": "2010-04-01",
        "Direction": "inbound",
    }
    assert requests[1].form == {**requests[0].form, "CallStatus": "in-progress"}


def test_a_get_carries_its_fields_in_the_url(site: Site) -> None:
    """With method GET the fields come after the query that is there, and the body is empty."""
    pages: Pages = {
        "/voice": '<Redirect method="GET">/b?x=1#rc=2</Redirect>',
        "/b": "",
    }
    fetch, requests = noting(site(pages))
    follow(fetch)
    assert requests[1].method == "GET"
    assert requests[1].form == {}
    query = parse_qs(requests[1].url.partition("?")[2], strict_parsing=True)
    assert query["x"] == ["1"]
    assert query["From"] == ["+12025550143"]


def test_a_gather_speaks_and_then_waits(site: Site) -> None:
    """The timeout, 5 seconds if none is given, starts after the prompts; then the next verb has its turn."""
    fetch = site({"/voice": "<Gather><Say>Kies</Say><Pause/></Gather><Say>Stil</Say>"})
    assert follow(fetch) == [
        said("Kies", interruptible=True),
        Paused(1, interruptible=True),
        Waiting(5),
        said("Stil"),
        Ended("line"),
    ]


def test_silence_after_which_nothing_stands_ends_the_call(site: Site) -> None:
    """A Gather that hears nothing, last in its document, ends the call."""
    assert follow(site({"/voice": '<Gather timeout="9"/>'})) == [Waiting(9), Ended("line")]


def digits(attributes: str, *actions: Action) -> str | None:
    """Returns the Digits that a Gather of two prompts sent for these actions, if it sent any."""
    found: list[str] = []

    def fetch(request: Request) -> Answer:
        found.extend(value for name, value in request.form.items() if name == "Digits")
        gather = f'<Gather {attributes} action="/keys"><Say>Kies</Say><Say>nu</Say></Gather>'
        inside = gather if request.url == URL else ""
        return Answer(200, "text/xml", f"<Response>{inside}</Response>".encode())

    follow(fetch, *actions)
    assert len(found) < 2
    return found[0] if found else None


WAITED = (None, None)  # both prompts of `digits` were heard to the end


def test_the_timeout_submits_what_was_pressed() -> None:
    """Without numDigits the keys are sent when the finish key comes, or none within the timeout."""
    assert digits("", *WAITED, Press("1"), Press("2"), None) == "12"
    assert digits("", *WAITED, Press("1"), Press("2#")) == "12"
    assert digits("", *WAITED, Press("1*2#3")) == "1*2"


def test_the_finish_key_submits_at_once(site: Site) -> None:
    """After the finish key the line waits no longer."""
    fetch = site({"/voice": '<Gather action="/keys"/>', "/keys": "<Say>Dank</Say>"})
    assert follow(fetch, Press("1#")) == [Waiting(5), said("Dank"), Ended("line")]


def test_num_digits_submits_at_once() -> None:
    """With numDigits the last of them sends the keys; the ones after it are lost."""
    assert digits('numDigits="2"', *WAITED, Press("1"), Press("2")) == "12"
    assert digits('numDigits="2"', *WAITED, Press("1234")) == "12"
    assert digits('numDigits="2"', *WAITED, Press("1#")) == "1"
    assert digits('numDigits="1"', *WAITED, Press("*")) == "*"


def test_the_finish_key_can_be_another_or_none() -> None:
    """The finish key is not among the Digits; with an empty one every key is."""
    assert digits('finishOnKey="*"', *WAITED, Press("#1*")) == "#1"
    assert digits('finishOnKey=""', *WAITED, Press("1#*"), None) == "1#*"
    assert digits('finishOnKey="" numDigits="1"', *WAITED, Press("#")) == "#"


def test_a_bare_finish_key_is_nothing_pressed() -> None:
    """The finish key before any other sends nothing: the next verb has its turn, as after silence."""
    assert digits("", *WAITED, Press("#")) is None
    assert digits("", *WAITED, None) is None


def test_an_empty_result_is_sent_if_asked() -> None:
    """With actionOnEmptyResult silence reaches the action too, with empty Digits."""
    assert digits('actionOnEmptyResult="true"', *WAITED, None) == ""
    assert digits('actionOnEmptyResult="false"', *WAITED, None) is None


def test_a_key_stops_the_prompt(site: Site) -> None:
    """Barge-in: a key during a prompt stops it, and what is still missing is waited for at once."""
    gather = '<Gather numDigits="2" action="/keys"><Say>Kies</Say><Say>nu</Say></Gather>'
    fetch = site({"/voice": gather, "/keys": "<Say>Dank</Say>"})
    kies = said("Kies", interruptible=True)
    assert follow(fetch, Press("12")) == [kies, said("Dank"), Ended("line")]
    assert follow(fetch, Press("1"), Press("2")) == [kies, Waiting(5), said("Dank"), Ended("line")]


def test_a_key_outside_a_gather_is_lost(site: Site) -> None:
    """Where no Gather listens a key does nothing, now or later."""
    fetch = site({"/voice": '<Say>Een</Say><Pause/><Gather numDigits="1" action="/keys"/><Say>Stil</Say>'})
    events = [said("Een"), Paused(1, interruptible=False), Waiting(5), said("Stil"), Ended("line")]
    assert follow(fetch, Press("1"), Press("1")) == events


def test_keys_too_many_are_lost_for_the_next_gather(site: Site) -> None:
    """What is pressed after the last key of a Gather does not reach the next one."""
    fetch = site({"/voice": '<Gather numDigits="1" action="/keys"/>', "/keys": '<Gather numDigits="1"/>'})
    assert follow(fetch, Press("12")) == [Waiting(5), Waiting(5), Ended("line")]


def test_without_an_action_the_document_is_asked_again(site: Site) -> None:
    """A Gather's action is by default its own document, without the overrides that were for the first time."""
    fetch, requests = noting(site({"/voice": ["<Gather/>", "<Say>Dank</Say>"]}))
    follow(fetch, Press("1#"), url=f"{URL}?a=1#rt=1000")
    assert [request.url for request in requests] == [f"{URL}?a=1"] * 2
    assert [request.timeout for request in requests] == [(5.0, 1.0), (5.0, 15.0)]
    assert requests[1].form["Digits"] == "1"


def test_a_dial_with_an_action_ends_its_document(site: Site) -> None:
    """With an action the outcome of the connection is sent there, and later verbs are not reached."""
    attributes = 'action="/after" callerId="+12025550100" timeout="20" timeLimit="600" hangupOnStar="true"'
    dial = f"<Dial {attributes}><Number>{NUMBER}</Number></Dial><Say>never</Say>"
    fetch, requests = noting(site({"/voice": dial, "/after": "<Say>Terug</Say>"}))
    dialling = Dialling(NUMBER, "+12025550100", 20, 600, hangup_on_star=True)
    assert follow(fetch, Outcome("busy")) == [dialling, said("Terug"), Ended("line")]
    form = requests[1].form
    assert form["DialCallStatus"] == "busy"
    assert form["DialCallDuration"] == "0"
    assert form["CallStatus"] == "in-progress"
    assert form["DialCallSid"].startswith("CA")
    assert form["DialCallSid"] != form["CallSid"]


def test_a_dial_without_an_action_goes_on(site: Site) -> None:
    """Without an action the next verb has its turn; by default the caller's own number is shown."""
    fetch = site({"/voice": f"<Dial>{NUMBER}</Dial><Say>Terug</Say>"})
    dialling = Dialling(NUMBER, "+12025550143", 30, 14400, hangup_on_star=False)
    assert follow(fetch, Outcome("no-answer")) == [dialling, said("Terug"), Ended("line")]


@pytest.mark.parametrize("action", [None, Press("*"), Outcome("completed")])
def test_a_connection_that_nothing_disturbs_is_completed(site: Site, action: Action) -> None:
    """Listening on, or a key, lets a connection run its course."""
    fetch, requests = noting(site({"/voice": f'<Dial action="/after">{NUMBER}</Dial>', "/after": ""}))
    follow(fetch, action)
    assert requests[1].form["DialCallStatus"] == "completed"
    assert requests[1].form["DialCallDuration"] == "60"


def test_hanging_up_ends_the_call_anywhere(site: Site) -> None:
    """A caller who hangs up hears nothing more, and no Gather sends anything."""
    fetch = site({"/voice": '<Say>Een</Say><Gather action="/keys"/>'})
    assert follow(fetch, HangUp()) == [said("Een"), Ended("caller")]
    assert follow(fetch, None, HangUp()) == [said("Een"), Waiting(5), Ended("caller")]


@pytest.mark.parametrize("after", ["<Say>unheard</Say>", Answer(500, "", b"")])
def test_hanging_up_on_a_connection_is_reported(site: Site, after: Page) -> None:
    """The action of a Dial is asked also when the caller ends the connection; nobody hears the answer."""
    fetch, requests = noting(site({"/voice": f'<Dial action="/after">{NUMBER}</Dial>', "/after": after}))
    assert follow(fetch, HangUp())[1:] == [Ended("caller")]
    assert requests[1].form["CallStatus"] == "completed"
    assert requests[1].form["DialCallStatus"] == "completed"
    assert follow(site({"/voice": f"<Dial>{NUMBER}</Dial>"}), HangUp())[1:] == [Ended("caller")]


def test_an_outcome_belongs_to_a_connection(site: Site) -> None:
    """A handset that reports an outcome where nothing is dialled has a bug."""
    with pytest.raises(TypeError, match="only a connection has an outcome"):
        follow(site({"/voice": "<Say>Een</Say>"}), Outcome("busy"))


def test_a_recording_is_fetched_and_lasts(site: Site) -> None:
    """A Play asks for its file without the fields of the call, and lasts as long as the recording."""
    play = '<Gather><Play loop="2">a.wav</Play></Gather>'
    fetch, requests = noting(site({"/voice": play, "/a.wav": Answer(200, "audio/wav", wav(2))}))
    played = Played("https://line.example/a.wav", 2.0, interruptible=True)
    assert follow(fetch) == [played, played, Waiting(5), Ended("line")]
    assert requests[1] == Request("GET", "https://line.example/a.wav", {})


@pytest.mark.parametrize(
    ("answer", "code"), [(Answer(404, "text/html", b""), 11217), (Answer(200, "text/html", b""), 12300)]
)
def test_a_missing_recording_fails_the_call(site: Site, answer: Answer, code: int) -> None:
    """A recording that is not there, or is no audio, is fatal, and named as what failed."""
    events = follow(site({"/voice": "<Play>/a.wav</Play>", "/a.wav": answer}))
    assert [event.code for event in events if isinstance(event, Failed)] == [code]
    assert [event.url for event in events if isinstance(event, Failed)] == ["https://line.example/a.wav"]
    assert events[-1] == Ended("error")


@pytest.mark.parametrize("audio", [b"", b"RIFF", wav(1).replace(b"\x40\x1f\x00\x00", bytes(4), 1)])
def test_a_recording_that_cannot_be_measured_is_refused(site: Site, audio: bytes) -> None:
    """This phone reads WAV only, and says so."""
    with pytest.raises(TwimlError, match=r"a\.wav: this phone plays only uncompressed WAV"):
        follow(site({"/voice": "<Play>/a.wav</Play>", "/a.wav": Answer(200, "audio/wav", audio)}))


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (Answer(500, "text/html", b""), 11217),
        (Answer(404, "text/html", b""), 11217),
        (ConnectionError("refused"), 11205),
        (TimeoutError("slow"), 11205),
        (Answer(200, "text/html; charset=utf-8", b"<Response/>"), 12300),
        (Answer(200, "", b"<Response/>"), 12300),
    ],
)
def test_a_failure_goes_to_the_fallback(site: Site, page: Page, code: int) -> None:
    """When TwiML cannot be fetched, the fallback URL is told what failed and goes on with the call."""
    pages: Pages = {"/voice": page, "/fallback": "<Say>Sorry</Say>"}
    fetch, requests = noting(site(pages))
    failed, *rest = follow(fetch, url=f"{URL}#rc=0", fallback_url="https://line.example/fallback")
    assert isinstance(failed, Failed)
    assert failed.code == code
    assert rest == [said("Sorry"), Ended("line")]
    assert requests[-1].form["ErrorCode"] == str(code)
    assert requests[-1].form["ErrorUrl"] == URL


def test_a_fallback_can_be_a_file(site: Site) -> None:
    """With fallback method GET static hosting can answer."""
    fetch, requests = noting(site({"/voice": Answer(500, "", b""), "/fallback": "<Say>Sorry</Say>"}))
    follow(fetch, fallback_url="https://line.example/fallback", fallback_method="GET")
    assert requests[-1].method == "GET"
    assert "ErrorCode=11217" in requests[-1].url


def test_a_failure_later_in_the_call_goes_to_the_fallback_too(site: Site) -> None:
    """The fallback is for every document of a call, not just for the first."""
    pages: Pages = {
        "/voice": '<Gather numDigits="1" action="/keys"/>',
        "/keys": Answer(503, "", b""),
        "/fallback": "<Say>Sorry</Say>",
    }
    events = follow(site(pages), Press("1"), fallback_url="https://line.example/fallback")
    assert events[-2:] == [said("Sorry"), Ended("line")]


def test_without_a_fallback_twilio_says_sorry(site: Site) -> None:
    """Without a fallback, or when that fails as well, the caller hears English and the call ends in error."""
    failed = Failed(URL, 11217, "HTTP status 500")
    assert follow(site({"/voice": Answer(500, "", b"")})) == [failed, APOLOGY, Ended("error")]
    both: Pages = {"/voice": Answer(500, "", b""), "/fallback": Answer(404, "", b"")}
    also = Failed("https://line.example/fallback", 11217, "HTTP status 404")
    events = follow(site(both), fallback_url="https://line.example/fallback")
    assert events == [failed, also, APOLOGY, Ended("error")]


WRONG: list[tuple[Page, int]] = [
    ("<Recrod/>", 12200),
    ('<Say voise="x">Een</Say>', 12200),
    (Answer(200, "text/xml", b"<Response>"), 12100),
    (Answer(200, "application/xml", b" " * 70000), 11750),
    (Answer(302, "text/html", b""), 11200),
    ("<Redirect>/voice#rc=9</Redirect>", 11243),
]


@pytest.mark.parametrize(("page", "code"), WRONG)
def test_wrong_twiml_is_a_fault_of_the_service(site: Site, page: Page, code: int) -> None:
    """Wrong TwiML and redirects raise, also when there is a fallback that would hide them."""
    with pytest.raises(TwimlError, match=re.escape(URL)) as caught:
        follow(site({"/voice": page, "/fallback": ""}), fallback_url="https://line.example/fallback")
    assert caught.value.code == code


@pytest.mark.parametrize(("page", "code"), WRONG)
def test_a_forgiving_call_fails_over_instead(site: Site, page: Page, code: int) -> None:
    """With strict off wrong TwiML is a failure like the others, and the fallback goes on."""
    pages: Pages = {"/voice": page, "/fallback": "<Say>Sorry</Say>"}
    events = follow(site(pages), fallback_url="https://line.example/fallback", strict=False)
    assert isinstance(events[0], Failed)
    assert events[0].code == code
    assert events[1:] == [said("Sorry"), Ended("line")]


def test_a_request_is_retried_as_its_url_says(site: Site) -> None:
    """The overrides of a URL count for that URL: a slow answer is retried, and the key is not lost."""
    keys = '<Gather numDigits="1" action="/keys#rt=4000&amp;rc=2&amp;rp=all"/>'
    fetch, requests = noting(site({"/voice": keys, "/keys": [TimeoutError(), "<Say>Dank</Say>"]}))
    assert follow(fetch, Press("1")) == [Waiting(5), said("Dank"), Ended("line")]
    assert [request.form.get("Digits") for request in requests] == [None, "1", "1"]


def test_a_call_that_goes_round_in_circles_is_found(site: Site) -> None:
    """A call of more than 200 documents is refused, strict or not; one of 200 is fine."""
    for strict in (True, False):
        with pytest.raises(TwimlError, match="the call has no end"):
            follow(site({"/voice": "<Redirect>/voice</Redirect>"}), strict=strict)
    pages: list[Page] = [*["<Redirect>/voice</Redirect>"] * (MAX_DOCUMENTS - 1), "<Hangup/>"]
    assert follow(site({"/voice": pages})) == [Ended("line")]


SAMPLES = {
    "loop": ["2"],
    "action": ["/voice", "b?x=1"],
    "alias": ["twee"],
    "Redirect": ["/voice", "b?x=1"],
    "Play": ["/a.wav"],
    "Dial": [NUMBER],
    "Number": [NUMBER],
}


@cache
def written(tag: str) -> st.SearchStrategy[str]:
    """Draws an element from the table of verbs, with all that may stand in it."""
    verb = VERBS[tag]
    values = {
        name: st.sampled_from(SAMPLES[name]) if name in SAMPLES else st.from_regex(value.pattern, fullmatch=True)
        for name, value in verb.attributes.items()
    }
    attributes = st.fixed_dictionaries(
        {name: values[name] for name in verb.required},
        optional={name: value for name, value in values.items() if name not in verb.required},
    ).map(lambda chosen: "".join(f" {name}={quoteattr(value)}" for name, value in chosen.items()))
    inside = st.sampled_from(SAMPLES.get(tag, ["Een"])) if verb.text else st.just("")
    if verb.children and tag != "Dial":
        children = st.lists(st.sampled_from(verb.children).flatmap(written), max_size=3).map("".join)
        inside = st.tuples(inside, children).map("".join)
    return st.tuples(attributes, inside).map(lambda parts: f"<{tag}{parts[0]}>{parts[1]}</{tag}>")


XML = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
ACTIONS = st.sampled_from([None, Press("1"), Press("*#12"), HangUp()])


# Too slow is the first draw of all: it makes a table of Unicode.
SETTINGS = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@SETTINGS
@given(
    documents=st.lists(written("Response"), min_size=1, max_size=5),
    actions=st.lists(ACTIONS, max_size=20),
)
def test_every_call_of_documented_verbs_ends(documents: list[str], actions: list[Action]) -> None:
    """Whatever a service says in documented verbs, and whatever the caller does, a call ends as promised."""
    pages = cycle(documents)

    def fetch(request: Request) -> Answer:
        if request.url.endswith(".wav"):
            return Answer(200, "audio/wav", wav(1))
        return Answer(200, "text/xml", next(pages).encode())

    line, event = call(fetch, URL), None
    try:
        event = next(line)
        for action in chain(actions, repeat(None)):  # somebody who presses for ever may wait for ever
            event = line.send(action)
    except StopIteration:
        assert isinstance(event, Ended)
    except TwimlError as error:
        if "the call has no end" not in str(error):
            raise


@SETTINGS
@given(st.text(XML, min_size=1).filter(str.strip), st.sampled_from(["Say", "Gather"]))
def test_any_text_can_be_said(text: str, inside: str) -> None:
    """Every text of a Say is heard, its blanks apart."""
    say = f"<Say>{escape(text)}</Say>"
    document = f"<Response>{say if inside == 'Say' else f'<Gather>{say}</Gather>'}</Response>"
    heard = next(call(lambda _: Answer(200, "text/xml", document.encode()), URL))
    assert isinstance(heard, Said)
    assert heard.text.split() == text.split()
