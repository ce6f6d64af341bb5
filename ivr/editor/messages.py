# SPDX-License-Identifier: EUPL-1.2
"""What editors and operators read: one file a language, `messages/nl.yaml`, with a text for each message's id."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

import yaml


class Catalogue:
    """Every message in one language, "nl" or "en"."""

    def __init__(self, language: str) -> None:
        self.texts = _texts(language)

    def say(self, id_: str, /, **values: object) -> str:
        """The message, its blanks filled in."""
        return self.texts[id_].format(**values)


@cache
def _texts(language: str) -> Mapping[str, str]:
    return read_own(f"messages/{language}.yaml")


def read_own(file: str) -> Mapping[str, str]:
    """A file of this package, in which everything is text."""
    text = resources.files("ivr.editor").joinpath(file).read_text(encoding="utf-8")
    loaded: Mapping[str, str] = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - our own file, texts only
    return loaded
