# SPDX-License-Identifier: EUPL-1.2
"""The templates of the pages that are printed."""

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


def template(name: str) -> Template:
    """A template of this package, which escapes what it is given."""
    environment = Environment(
        loader=PackageLoader("ivr.review"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
