# SPDX-License-Identifier: EUPL-1.2
"""Any call of documented verbs, and any text."""

from functools import cache
from itertools import chain, cycle, repeat
from xml.sax.saxutils import escape, quoteattr

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr.phone.events import Action, Ended, HangUp, Press, Said
from ivr.phone.interpreter import call
from ivr.phone.rules import VERBS, TwimlError
from ivr.phone.transport import Answer, Request

from .following import NUMBER, URL, wav

SAMPLES = {
    "action": ["/voice", "b?x=1"],
    "Redirect": ["/voice", "b?x=1"],
    "Play": ["/a.wav"],
    "Dial": [NUMBER],
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
@given(documents=st.lists(written("Response"), min_size=1, max_size=5), actions=st.lists(ACTIONS, max_size=20))
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
