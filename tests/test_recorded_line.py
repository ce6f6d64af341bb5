# SPDX-License-Identifier: EUPL-1.2
"""Which answers are played, which are spoken, and that nobody goes blind by it."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from werkzeug.serving import make_server

from ivr import dialogue
from ivr.app import create_app
from ivr.commands.main import main
from ivr.editor.load import load
from ivr.line import Line
from ivr.phone import testcall, transport
from ivr.phone.handsets import HandsetError
from ivr.phone.interpreter import call
from ivr.phone.rules import parse
from ivr.phone.transcript import Transcript
from ivr.position import Kind, Position, Turn
from ivr.proof import proved, warnings
from ivr.proof.durations import waits
from ivr.proof.graph import worlds
from ivr.proof.walked import Walked
from ivr.proof.warnings import Looked
from tests.caller import Caller
from tests.cards import edit
from tests.conftest import BY_DAY, BY_NIGHT, LINE, PUBLIC_URL, SETTINGS, TOKEN, answers, says
from tests.in_process import wsgi
from tests.recorded import line_of, listed, ours, record
from tests.serving import in_a_thread

HERE = Position(Kind.NUMBER, "m")
FIRST = says("line.danger", emergency="één, één, twee")


@pytest.fixture(scope="module")
def prompts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our card, every line of it recorded, in Dutch and in English. It is not changed."""
    folder = ours(tmp_path_factory.mktemp("recorded"))
    record(folder, "nl", "en")
    return folder


@pytest.fixture
def changed(prompts: Path, tmp_path: Path) -> Path:
    """A copy of that card, to be changed."""
    return Path(shutil.copytree(prompts, tmp_path / "prompts"))


def verbs(line: Line, position: Position, at: datetime = BY_DAY) -> list[tuple[str, str]]:
    """The verbs of an answer that let hear something, each with the language that it is said in."""
    found = parse(answers(line).answer(position, line.world(at))).iter()
    return [(verb.tag, verb.get("language", "")[:2]) for verb in found if verb.tag in ("Say", "Play")]


def every_answer(line: Line) -> Iterator[tuple[Position, bytes]]:
    """Every answer of a line, in every world that makes a difference."""
    for position in dialogue.positions(line.card):
        for world in worlds(line.card, position):
            yield position, answers(line).answer(position, world)


def caller(folder: Path, at: datetime = BY_DAY, language: str = "") -> Caller:
    """Somebody who calls the real app, with a card."""
    app = create_app(replace(SETTINGS, prompts=folder), lambda: at)
    fetch = transport.signed(wsgi(app, PUBLIC_URL), TOKEN)
    return Caller(fetch, f"{PUBLIC_URL}/voice{language}")


def test_each_answer_of_a_recorded_card_is_one_file_that_is_there(prompts: Path) -> None:
    """Every Play of every answer can be fetched, whole, and says in its words what the script says."""
    line = line_of(prompts)
    client = create_app(replace(SETTINGS, prompts=prompts)).test_client()
    addresses = {}
    for position, answer in every_answer(line):
        plays = [str(play.text) for play in parse(answer).iter("Play")]
        assert len(plays) == 1, position
        assert b"<Say" not in answer
        addresses[plays[0]] = answer
    assert len(addresses) > 100
    for address in addresses:
        response = client.get(address.removeprefix(PUBLIC_URL))
        assert (response.status_code, response.headers["Cache-Control"][:6]) == (200, "public")


def test_a_caller_hears_the_same_words_read_or_spoken(prompts: Path) -> None:
    """A whole call has the same words and keys, over the real webhooks, by day and by night, in both languages."""
    for at, language, keys in ((BY_DAY, "", "3_*9"), (BY_NIGHT, "", "36#0"), (BY_DAY, "/en", "24")):
        heard = []
        for somebody in (caller(prompts, at, language), Caller(_plain(at), f"{PUBLIC_URL}/voice{language}")):
            said = list(somebody.said)
            for key in keys:
                said += (somebody.silence() if key == "_" else somebody.press(key)).said
            heard.append(testcall.words(" ".join(said)))
        assert heard[0] == heard[1]


def _plain(at: datetime) -> transport.Fetch:
    return transport.signed(wsgi(create_app(SETTINGS, lambda: at), PUBLIC_URL), TOKEN)


def test_a_key_stops_a_recording(prompts: Path) -> None:
    """What is played can be interrupted like what is spoken, in the middle of the first sentence too."""
    assert "één, één, twee" in " ".join(caller(prompts).press("1", at_once=True).said).casefold()


def test_the_fallback_speaks(prompts: Path) -> None:
    """Whoever answers while we cannot has none of our files."""
    assert b"<Play" not in answers(line_of(prompts)).fallback
    assert answers(line_of(prompts)).fallback == answers(LINE).fallback


def test_one_changed_sentence_makes_its_answers_spoken_whole(changed: Path) -> None:
    """An answer is never mixed, and what the sentence is no part of is still played."""
    edit(changed, "nl/numbers.yaml", says("numbers.m.about"), f"Goed. {says('numbers.m.about')}")
    line = line_of(changed)
    assert verbs(line, HERE) == [("Say", "nl")]
    assert verbs(line, HERE._replace(language="en")) == [("Play", "")]
    assert verbs(line, dialogue.start(line.card)) == [("Play", "")]
    told = [p.text("nl") for p in next(r for r in _warned(line, changed) if r.name == "recordings").findings]
    assert len(told) == 1
    assert f"Goed. {says('numbers.m.about')}" in told[0]


def _warned(line: Line, folder: Path) -> list[proved.Result]:
    return list(warnings.warn(Looked(line, replace(SETTINGS, prompts=folder), BY_DAY.date())))


def test_a_language_that_is_read_whole_sounds_so_at_every_number(tmp_path: Path) -> None:
    """Where only English is recorded its reader reads the Dutch names too, and no English answer is spoken."""
    line = record(ours(tmp_path), "en")
    for position in dialogue.positions(line.card):
        if position.language == "en" and position.id in line.card.numbers and verbs(line, position):
            assert {tag for tag, _ in verbs(line, position)} == {"Play"}, position


def test_the_offer_of_a_language_is_its_own(changed: Path) -> None:
    """Where English is not recorded its offer is spoken, and the Dutch around it still played."""
    listed(changed, "en").unlink()
    line = line_of(changed)
    assert verbs(line, dialogue.start(line.card)) == [("Play", ""), ("Say", "en"), ("Play", "")]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda file: file.unlink(), "recording-gone"),
        (lambda file: file.write_bytes(file.read_bytes()[:-1000]), "recording-damaged"),
        (lambda file: file.write_bytes(b""), "recording-damaged"),
        (lambda file: file.chmod(0) or file.unlink(), "recording-gone"),
    ],
    ids=["gone", "half", "empty", "closed"],
)
def test_a_damaged_file_reaches_no_caller(changed: Path, damage: object, message: str) -> None:
    """That answer is spoken, the rest is played, and the check tells which line."""
    name = line_of(changed).parts(HERE, line_of(changed).world(BY_DAY))[0].recording
    assert name
    damage(changed / "nl" / "recordings" / f"{name.name}.wav")  # type: ignore[operator]
    line = line_of(changed)
    assert verbs(line, HERE) == [("Say", "nl")]
    assert verbs(line, dialogue.start(line.card)) == [("Play", "")]
    found = next(result for result in _warned(line, changed) if result.name == "recordings").findings
    assert [problem.message for problem in found] == [message, "found-unread"]


def test_two_entries_that_are_swapped_are_refused(changed: Path) -> None:
    """The NLA never says M.'s number: each file tells its own text, whatever the list says."""
    list_ = listed(changed, "nl")
    text = list_.read_text(encoding="utf-8")
    line = line_of(changed)
    nla, m = (line.parts(Position(Kind.NUMBER, id_), line.world(BY_DAY))[0].recording for id_ in ("nla", "m"))
    assert nla
    assert m
    list_.write_text(text.replace(nla.name, "?").replace(m.name, nla.name).replace("?", m.name), encoding="utf-8")
    line = line_of(changed)
    for id_ in ("nla", "m"):
        assert verbs(line, Position(Kind.NUMBER, id_)) == [("Say", "nl")]
    found = next(result for result in _warned(line, changed) if result.name == "recordings").findings
    assert {problem.message for problem in found} == {"recording-other", "found-unread"}


def test_what_nobody_has_heard_is_not_played(changed: Path) -> None:
    """Without `heard_by` and `heard` a line does not count, and the check says so."""
    edit(changed, "nl/recordings/recordings.yaml", "  heard_by: 'CD'\n", "")
    line = line_of(changed)
    assert verbs(line, dialogue.start(line.card))[0] == ("Say", "nl")
    found = next(result for result in _warned(line, changed) if result.name == "recordings").findings
    assert [problem.message for problem in found] == ["found-unheard"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\n1:\n", "\neen:\n", "recording-number"),
        ("\n1:\n", "\n1: x\n2000:\n", "recording-number"),
        (".wav'\n", ".mp3'\n", "recording-file"),
        ("file: '", "file: '../../", "recording-file"),
        ("  spoken: '2026-11-20'", "  spoken: gisteren", "date-form"),
        ("  line: ", "  regel: ", "field-unknown-all"),
        ("\n1:\n", "\n1:\n  text: Zomaar.\n  line: line.all\n\n1:\n", "duplicate"),
        ("\n2:\n", f"\n3000:\n  line: line.danger\n  text: {FIRST}\n\n2:\n", "recording-twice"),
    ],
)
def test_a_list_with_a_mistake_keeps_no_line_from_starting(changed: Path, old: str, new: str, message: str) -> None:
    """What it says of other lines is still played, where it can be read at all; the check tells the place."""
    edit(changed, "nl/recordings/recordings.yaml", old, new)
    found = next(result for result in _warned(line_of(changed), changed) if result.name == "recordings").findings
    assert message in [problem.message for problem in found]
    assert all(problem.text(language) for problem in found for language in ("nl", "en"))


def test_a_recorded_line_is_proved_and_measured(changed: Path) -> None:
    """The proofs measure what is played: a recording that takes long passes a bound, as a sentence would."""
    line = line_of(changed)
    assert [result.name for result in proved.prove(answers(line), measure=False) if result.status == "fail"] == []
    first = next(wait for wait in waits(Walked(answers(line))) if wait.bound == "danger")
    assert 3 < first.seconds < 5
    last = line.spoken("nl").recorded[FIRST]
    slow = last._replace(heard=last.heard._replace(samples=80_000))
    spoken = {code: line.spoken(code) for code in line.card.languages}
    nl = {**spoken["nl"].recorded, last.heard.text: slow}
    made = Line(line.card, {**spoken, "nl": spoken["nl"]._replace(recorded=nl)}, SETTINGS.caller_id)
    assert "durations" in [
        result.name for result in proved.prove(answers(made), measure=False) if result.status == "fail"
    ]


def test_a_test_call_knows_the_words_of_what_is_played(prompts: Path) -> None:
    """`ivr call --expect` and the calls of `ivr publish` hear a recording, in process and over HTTP."""
    line = line_of(prompts)
    app = create_app(replace(SETTINGS, prompts=prompts), lambda: BY_DAY)
    for fetch in (
        transport.direct(answers(line), lambda: BY_DAY),
        transport.signed(wsgi(app, PUBLIC_URL), TOKEN),
    ):
        testcall.listen(call(fetch, answers(line).url), "3", ["nul één nul"], Transcript("nl"), str)
        with pytest.raises(HandsetError, match="did not say"):
            testcall.listen(call(fetch, answers(line).url), "3", ["nul acht"], Transcript("nl"), str)


def test_a_test_call_listens_to_the_samples(prompts: Path, changed: Path) -> None:
    """`ivr call` passes on a recording that sounds; of one that claims words and is silent it tells them, and fails."""
    record(changed, "nl", voice=lambda text, _: b"\0" * 800 * len(text))
    environ = {"TWILIO_AUTH_TOKEN": TOKEN, "IVR_PUBLIC_URL": PUBLIC_URL}
    for folder, told in ((prompts, ""), (changed, SETTINGS.say("call-silence", words=FIRST))):
        server = make_server("127.0.0.1", 0, create_app(replace(SETTINGS, prompts=folder), lambda: BY_DAY))
        with in_a_thread(server):
            called = CliRunner().invoke(main, ["call", f"http://127.0.0.1:{server.port}", "--keys", "3"], env=environ)
        assert (called.exit_code, told in called.stderr) == (bool(told), True), called.output


def test_a_file_that_is_gone_fails_a_call_in_process(changed: Path) -> None:
    """`ivr call` says so: what is asked of the line's own files is there or is an error."""
    line = line_of(changed)
    for file in (changed / "nl" / "recordings").glob("*.wav"):
        file.unlink()
    fetch = transport.direct(answers(line), lambda: BY_DAY)
    with pytest.raises(Exception, match="nothing else answered"):
        testcall.listen(call(fetch, answers(line).url), "", [], Transcript("nl"), str)


def voiceless(folder: Path) -> None:
    """Take the voice from English."""
    edit(folder, "en/language.yaml", "voice: Polly.Amy-Neural\n", "")


def test_a_language_without_a_voice_is_played(changed: Path) -> None:
    """It can be offered when all its lines are recorded; the fallback does without it."""
    voiceless(changed)
    line = line_of(changed)
    assert proved.wrong(answers(line)) == {}
    assert verbs(line, dialogue.start(line.card, "en")) == [("Play", "")]
    assert b'language="en' not in answers(line).fallback
    assert b'language="nl' in answers(line).fallback


def test_its_notice_is_said_in_the_first_language(changed: Path) -> None:
    """A notice is written for a day, and nobody reads it: it speaks."""
    voiceless(changed)
    notice = "notice:\n  from: 2026-11-25 00:00\n  until: 2026-11-26 00:00"
    edit(changed, "card.yaml", "country: NL", f"country: NL\n{notice}")
    for code, words in (("nl", "We zijn verhuisd."), ("en", "We have moved.")):
        edit(changed, f"{code}/line.yaml", "\nall: ", f"\nnotice: {words}\nall: ")
    line = line_of(changed)
    assert proved.wrong(answers(line)) == {}
    assert verbs(line, dialogue.start(line.card, "en")) == [("Play", ""), ("Say", "nl"), ("Play", "")]
    assert "We zijn verhuisd." in line.said(dialogue.start(line.card, "en"), line.world(BY_DAY))
    assert ("Play", "") not in verbs(line, dialogue.start(line.card))[:1]  # Dutch has a voice, and is spoken whole


def test_it_is_withdrawn_as_a_whole_when_one_line_is_stale(changed: Path) -> None:
    """The proof says which; until then what is asked in it is said in the first language."""
    voiceless(changed)
    edit(changed, "en/line.yaml", "nomatch: ", "nomatch: Well. ")
    line = line_of(changed)
    (problem,) = proved.wrong(answers(line))["en"]
    assert problem.message == "found-recorded"
    here = Position(Kind.MENU, "main", Turn.NOMATCH, language="en")
    assert line.said(here, line.world(BY_DAY))[0] == says("line.nomatch")
    assert verbs(line, here) == [("Play", "")]


def test_the_first_language_has_a_voice(changed: Path) -> None:
    """The fallback speaks, so it must."""
    edit(changed, "nl/language.yaml", "voice: Polly.Laura-Neural\n", "")
    with pytest.raises(Exception, match="The first language must have a voice"):
        load(changed)
