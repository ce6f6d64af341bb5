# SPDX-License-Identifier: EUPL-1.2
from xml.etree.ElementTree import fromstring, tostring

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr.phone.rules import TwimlError, parse


def refusal(inside: str) -> TwimlError:
    """Returns the error for a Response with this inside."""
    with pytest.raises(TwimlError) as caught:
        parse(f"<Response>{inside}</Response>".encode())
    return caught.value


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<!-- a comment --><Hangup/>",
        '<Say voice="Polly.Laura-Neural" language="nl-NL">Bel <break time="400ms"/> nul</Say>',
        '<Gather input="dtmf" timeout="3" numDigits="1" finishOnKey=""/>',
        '<Gather method="GET" action="/x?a=1&amp;b=%2F#rc=2"><Say>x</Say><Play>a.wav</Play></Gather>',
        '<Dial callerId="+12025550100" ringTone="nl" action="https://line.example/x">+12025550101</Dial>',
        '<Dial timeout="20" timeLimit="600" answerOnBridge="true" hangupOnStar="true"> +12025550101 </Dial>',
        '<Redirect method="POST">../x</Redirect>',
        '<Say><break time="1.5s"/>x<break time="10s"/><break time="10000ms"/></Say>',
    ],
)
def test_documented_twiml_is_accepted(inside: str) -> None:
    """What Twilio documents, and this phone carries out, parses to the tree that was written."""
    document = f"<Response>{inside}</Response>"
    assert tostring(parse(document.encode())) == tostring(fromstring(document))  # noqa: S314 - it stands above


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        ("<say>x</say>", ["unknown element 'say'", "nearest is 'Say'", "known are Say, Play"]),
        ("<Record/>", ["unknown element 'Record'"]),
        ("<Gather><Dial>+12025550101</Dial></Gather>", ["Response/Gather[1]: unknown element 'Dial'"]),
        ("<Say>x</Say><Say><Say>y</Say></Say>", ["Response/Say[2]: unknown element 'Say'"]),
        ("<Hangup><Group/></Hangup>", ["Response/Hangup[1]: unknown element", "none may stand here"]),
        ('<Gather numDigit="1"/>', ["Response/Gather[1]: unknown attribute 'numDigit'", "'numDigits'"]),
        ('<Hangup reason="x"/>', ["unknown attribute 'reason'", "none may stand here"]),
        ("<Say>x<break/></Say>", ["the attribute 'time' is missing"]),
        ('<Say>x<break strength="weak" time="1s"/></Say>', ["unknown attribute 'strength'"]),
        ("hello", ["Response: Twilio does nothing with the text 'hello' here"]),
        ("<Gather>hello</Gather>", ["Response/Gather[1]: Twilio does nothing with the text"]),
        ("<Redirect> </Redirect>", ["the text '' must be an http(s) URL"]),
        ("<Redirect>ftp://line.example/x</Redirect>", ["must be an http(s) URL"]),
        ("<Redirect>https:///x</Redirect>", ["must be an http(s) URL"]),
        ("<Play>two words</Play>", ["must be an http(s) URL"]),
        ("<Dial/>", ["E.164"]),
        ("<Dial>0800-1234</Dial>", ["'0800-1234'", "E.164"]),
    ],
)
def test_everything_else_is_refused_with_its_place(inside: str, told: list[str]) -> None:
    """A refusal says what is wrong, where, and which names are known there."""
    error = refusal(inside)
    assert error.code == 12200
    for part in told:
        assert part in str(error)


@pytest.mark.parametrize(
    ("attribute", "value", "told"),
    [
        ("timeout", "0", "a whole number of 1 or more"),
        ("timeout", "2.5", "a whole number of 1 or more"),
        ("numDigits", "²", "a whole number of 1 or more"),
        ("finishOnKey", "##", "one key"),
        ("method", "post", "GET or POST"),
        ("action", "", "URL"),
        ("action", "javascript:x", "URL"),
        ("input", "speech", "dtmf"),
    ],
)
def test_an_attribute_has_the_values_that_twilio_documents(attribute: str, value: str, told: str) -> None:
    """A value outside Twilio's table of allowed values is refused, and named together with what is allowed."""
    error = refusal(f'<Gather {attribute}="{value}"/>')
    assert f"{attribute}={value!r}" in str(error)
    assert told in str(error)


@pytest.mark.parametrize(
    "inside",
    [
        '<Dial callerId="0612345678">+12025550101</Dial>',
        '<Dial ringTone="dutch">+12025550101</Dial>',
        '<Dial hangupOnStar="1">+12025550101</Dial>',
        '<Say voice="alice-in-wonderland">x</Say>',
        '<Say language="dutch">x</Say>',
        '<Say>x<break time="11s"/></Say>',
        '<Say>x<break time="1 s"/></Say>',
        '<Say>x<break time="400"/></Say>',
    ],
)
def test_a_value_of_another_verb_is_checked_too(inside: str) -> None:
    """Whole seconds, E.164, ring tones, voices, languages and break times are checked where they stand."""
    assert refusal(inside).code == 12200


@pytest.mark.parametrize("text", ["", " ", '<break time="1s"/>', "x" * 3001])
def test_a_say_holds_one_to_three_thousand_characters(text: str) -> None:
    """A Say without text, or with more than a voice takes at once, is refused as error 13520."""
    assert refusal(f"<Say>{text}</Say>").code == 13520


def test_a_say_of_three_thousand_characters_is_fine() -> None:
    """The bound on a Say is itself allowed."""
    assert parse(f"<Response><Say>{'x' * 3000}</Say></Response>".encode())[0].tag == "Say"


def test_a_document_of_more_than_64_kb_is_refused() -> None:
    """A document above Twilio's limit is error 11750; one on the limit is fine."""
    frame = len(b"<Response></Response>")
    parse(b"<Response>" + b" " * (64 * 1024 - frame) + b"</Response>")
    with pytest.raises(TwimlError, match="65537 bytes") as caught:
        parse(b"<Response>" + b" " * (64 * 1024 - frame + 1) + b"</Response>")
    assert caught.value.code == 11750


@pytest.mark.parametrize(
    "document",
    [b"", b"hello", b"<Response>", b"<Response>\xff</Response>", b'<?xml version="1.0" encoding="x"?><Response/>'],
)
def test_what_is_not_xml_is_refused(document: bytes) -> None:
    """An unreadable document is error 12100, and the error names the source of the document."""
    with pytest.raises(TwimlError, match=r"https://line\.example/x: this is not XML") as caught:
        parse(document, "https://line.example/x")
    assert caught.value.code == 12100


def test_the_root_is_a_response() -> None:
    """Another root than Response is refused, also one in a namespace."""
    for document in (b"<Say>x</Say>", b'<Response xmlns="urn:x"/>'):
        with pytest.raises(TwimlError, match="nearest is 'Response'"):
            parse(document)


TAGS = r"<Response>(<[A-Za-z]{1,6}( [a-z]{1,3}=\"[^\"<&]*\")?/>){0,3}</Response>"


@settings(suppress_health_check=[HealthCheck.too_slow])  # the first draw of all makes a table of Unicode
@given(st.binary() | st.from_regex(TAGS).map(str.encode))
def test_no_document_raises_anything_else(document: bytes) -> None:
    """Whatever a service answers, it is either TwiML or a TwimlError."""
    try:
        tree = parse(document)
    except TwimlError:
        return
    assert parse(tostring(tree)).tag == "Response"
