# SPDX-License-Identifier: EUPL-1.2
"""What is heard of a `<Say>`: its texts, and the silences of its breaks."""

from xml.etree.ElementTree import Element, fromstring

from ivr.phone.events import Said


def heard(document: bytes) -> list[Said]:
    """What the Says of a document let hear, one after another. Whether Twilio knows the rest is not asked here."""
    says = fromstring(document).iter("Say")  # noqa: S314 - our own
    return [
        Said(text, pause, interruptible=True, language=language(say)) for say in says for text, pause in pieces(say)
    ]


def language(say: Element) -> str:
    """The code of the language of a Say, such as "nl"; empty where none is named."""
    return say.attrib.get("language", "").partition("-")[0]


def pieces(say: Element) -> list[tuple[str, float]]:
    """Return the speech of a Say as texts, each with the seconds of silence after it.

    A leading break follows an empty text, breaks in a row add up, and a `<sub>` is heard as its alias.
    """
    found = [("", 0.0)]
    for part in _flow(say):
        text, silence = found[-1]
        if isinstance(part, float):
            found[-1] = (text, silence + part)
        elif not silence:
            found[-1] = (text + part, 0.0)
        elif part.strip():
            found.append((part, 0.0))
    return [(" ".join(text.split()), silence) for text, silence in found]


def _flow(element: Element) -> list[str | float]:
    """Return the texts and the breaks, in seconds, in the order in which they are heard."""
    flow: list[str | float] = [element.text or ""]
    for child in element:
        if child.tag == "break":
            number, unit = child.attrib["time"].rstrip("ms"), child.attrib["time"].lstrip("0123456789.")
            flow.append(float(number) / (1000 if unit == "ms" else 1))
        elif child.tag == "sub":
            flow.append(child.attrib["alias"])
        else:
            flow += [" ", *_flow(child), " "]  # a sentence or a paragraph
        flow.append(child.tail or "")
    return flow
