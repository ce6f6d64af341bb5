# SPDX-License-Identifier: EUPL-1.2
"""What is heard of a `<Say>`, its texts and the silences of its breaks; and of a recording that tells its words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

from ivr import recording
from ivr.phone.events import Said
from ivr.recording import Recording, Track


def heard(document: bytes, recordings: Mapping[str, Recording]) -> list[Said]:
    """What is heard of a document, one after another, with the recordings of its line.

    The other TwiML in it is not checked here.
    """
    said: list[Said] = []
    for verb in fromstring(document).iter():  # noqa: S314 - our own
        if verb.tag == "Say":
            said += [Said(text, pause, interruptible=True, language=language(verb)) for text, pause in pieces(verb)]
        elif verb.tag == "Play":
            said += played(_told((verb.text or "").rpartition("/")[2], recordings), interruptible=True)
    return said


def _told(address: str, recordings: Mapping[str, Recording]) -> Iterable[Track]:
    """What is heard in a file of several lines, from its name alone."""
    for pause, name in recording.pieces(address):
        yield from (Track(pause * recording.RATE // 1000), recordings[name].heard)


def played(rows: Iterable[Track], *, interruptible: bool) -> list[Said]:
    """The words of a recording. The pauses inside a line are those of whoever read it."""
    said = [Said("", 0.0, interruptible, seconds=0.0)]
    for row in rows:
        if row.text:
            said.append(Said(plain(row.text), 0.0, interruptible, row.language, row.seconds))
        else:
            said[-1] = replace(said[-1], pause=said[-1].pause + row.seconds)
    return said


def language(say: Element) -> str:
    """The code of the language of a Say, such as "nl"; empty where none is named."""
    return say.attrib.get("language", "").partition("-")[0]


def pieces(say: Element) -> list[tuple[str, float]]:
    """Return the speech of a Say as texts, each with the seconds of silence after it.

    A leading break follows an empty text, and breaks in a row add up.
    """
    parts = [(say.text or "", 0.0)]
    for pause in say:
        number, unit = pause.attrib["time"].rstrip("ms"), pause.attrib["time"].lstrip("0123456789.")
        text, silence = parts[-1]
        parts[-1] = (text, silence + float(number) / (1000 if unit == "ms" else 1))
        if after := (pause.tail or "").strip():
            parts.append((after, 0.0))
    return [(" ".join(text.split()), silence) for text, silence in parts]


def plain(text: str) -> str:
    """A text without the signs for its pauses."""
    return re.sub("[ …]+", " ", text)
