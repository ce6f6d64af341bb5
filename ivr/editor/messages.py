# SPDX-License-Identifier: EUPL-1.2
"""What editors and operators read: one file a language, `messages/nl.yaml`, with a text for each message's id."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml


class Catalogue:
    """Every message in one language, "nl" or "en"."""

    def __init__(self, language: str) -> None:
        self.texts: Mapping[str, str] = _own(f"messages/{language}.yaml")

    def say(self, id_: str, /, **values: object) -> str:
        """The message, its blanks filled in."""
        return self.texts[id_].format(**values)


def descriptions() -> Mapping[str, Any]:
    """What an editor's tool shows about each field and sentence, by section or file, in the order of a card."""
    return _own("descriptions.yaml")


@cache
def _own(file: str) -> Mapping[str, Any]:
    """A file of this package, in which everything is text."""
    text = resources.files("ivr.editor").joinpath(file).read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - our own file, texts only
    return loaded
