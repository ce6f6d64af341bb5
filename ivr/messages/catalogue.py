# SPDX-License-Identifier: EUPL-1.2
"""What editors and operators read: one file a language, `nl.yaml`, with a text for each message's id."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

YES = ("j", "ja", "y", "yes")
"""Accepted in both languages, whatever the messages are in: somebody who was woken up answers in their own."""


class Catalogue:
    """Every message in one language, "nl" or "en"."""

    def __init__(self, language: str) -> None:
        self.texts: Mapping[str, str] = own("ivr.messages", f"{language}.yaml")

    def reason(self, told: object) -> object:
        """Why the system refuses something, from its own words; those stay where there are none here."""
        return self.texts.get(f"system-{str(told).partition(' (')[0]}", told)  # Python may say more between brackets

    def say(self, id_: str, /, **values: object) -> str:
        """The message, its blanks filled in; a `reason` of the system's is said in this language too."""
        if "reason" in values:
            values["reason"] = self.reason(values["reason"])
        return self.texts[id_].format(**values)


def say(language: str, id_: str, /, **values: object) -> str:
    """The message with this id in one language, its blanks filled in."""
    return Catalogue(language).say(id_, **values)


@cache
def own(package: str, file: str) -> Mapping[str, Any]:
    """A file of a package of ours, in which everything is text."""
    text = resources.files(package).joinpath(file).read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - our own file, texts only
    return loaded
