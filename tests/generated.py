# SPDX-License-Identifier: EUPL-1.2
"""What is made from the card and kept in the repository: `make generated` writes it anew."""

import re
from pathlib import Path

from ivr.editor import schema
from ivr.review import map as maps
from tests.conftest import LINE

ROOT = Path(__file__).parent.parent


def files() -> dict[Path, str]:
    """What each file should hold now."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    drawn = f"```mermaid\n{maps.mermaid(LINE, 'nl')}```"
    return {
        ROOT / "README.md": re.sub(r"```mermaid\n.*?```", lambda _: drawn, readme, flags=re.DOTALL),
        ROOT / "deploy" / "fallback" / "fallback.xml": LINE.fallback.decode() + "\n",
    }


if __name__ == "__main__":
    for file, text in files().items():
        file.write_text(text, encoding="utf-8")
    schema.write(ROOT / "prompts")
