# SPDX-License-Identifier: EUPL-1.2
"""The page as HTML: one file with its style and script inside, which asks nothing of anybody else."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import resources
from typing import NamedTuple

import segno
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ivr.hours import Opening
from ivr.line import Line
from ivr.messages.files import contents
from ivr.page.content import Content, link, site
from ivr.page.words import LOGO, STYLE
from ivr.sentences import FIRST
from ivr.settings import HERE, Settings


@cache
def environment(package: str) -> Environment:
    """The templates of a package, which escape what they are given. Each is compiled once."""
    loader = PackageLoader(package)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


class Edition(NamedTuple):
    """A language that the page can be read in: its code, what it calls itself, and where it stands."""

    lang: str
    name: str
    address: str


class PageRenderer:
    """Makes the page, in each language of the lines, by its code.

    The card's folder may hold the owner's style and logo. Raises OSError for one that cannot be read.
    """

    def __init__(self, lines: Mapping[str, Line], chosen: Settings, addresses: Mapping[str, str]) -> None:
        self._lines, self._public, folder = lines, chosen.public_url, chosen.prompts
        self._languages = [
            Edition(code, line.sentences.word("page.language"), addresses[code]) for code, line in lines.items()
        ]
        self._logo = ""
        if (logo := folder / LOGO).exists():
            self._logo = f"data:image/svg+xml;base64,{base64.b64encode(contents(logo)).decode()}"
        own = contents(folder / STYLE).decode("utf-8", "replace") if (folder / STYLE).exists() else ""
        shipped = resources.files("ivr.page").joinpath("templates")
        self._css = shipped.joinpath("page.css").read_text("utf-8") + own.replace("</", "<\\/")
        self._script = shipped.joinpath("page.js").read_text("utf-8")
        self.policy = (
            f"default-src 'none'; style-src {policy_hash(self._css)}; script-src {policy_hash(self._script)}; "
            "img-src data:; base-uri 'none'; form-action 'none'"
        )
        self._template, self._lost = map(environment("ivr.page").get_template, ("page.html", "lost.html"))

    def page(self, code: str, now: datetime, states: Mapping[str, Opening] | None = None) -> str:
        """The page in one language; without `states` it holds at any time, and carries its own policy."""
        first = self._languages[0].lang
        address = "" if self._public == HERE else f"{self._public}/{'' if code == first else code}"
        return self._template.render(
            page=Content(self._lines[code], now, states, self._lines[first] if code != first else None),
            lang=code,
            first=first,
            marked=self._marked,
            languages=self._languages,
            policy="" if states is not None else self.policy,
            address=address,
            code=segno.make_qr(address, error="m").svg_inline(border=2, omitsize=True) if address else "",
            link=link,
            site=site,
            logo=self._logo,
            css=Markup(self._css),  # noqa: S704 - our own file, and the owner's, which cannot end the element
            script=Markup(self._script),  # noqa: S704 - our own file
        )

    def lost(self, up: str) -> str:
        """The answer at an address that does not exist; `up` leads to the page, from there."""
        first = self._languages[0].lang
        words = self._lines[first].sentences.lines
        return self._lost.render(
            lang=first, title=words["page.title"][0], said=words["page.lost"][0], skip=words["page.skip"][0], up=up
        )

    def _marked(self, text: str) -> Markup:
        """A text in which words of the first language are marked for whoever has the page read out."""
        span = Markup('<span lang="{}">{}</span>')
        parts = enumerate(FIRST.split(text))
        return Markup("").join(span.format(self._languages[0].lang, part) if at % 2 else part for at, part in parts)


def policy_hash(text: str) -> str:
    """How a policy names a text that stands inside the page (https://www.w3.org/TR/CSP3/#grammardef-hash-source)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
