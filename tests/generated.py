# SPDX-License-Identifier: EUPL-1.2
"""What is made from the card and kept in the repository: `make generated` writes it anew."""

from collections.abc import Iterator
from pathlib import Path

import click

from ivr.commands.main import main as ivr
from ivr.editor import schema
from ivr.line import Line
from ivr.position import Kind
from ivr.review import map as maps
from tests.conftest import LINE, answers

ROOT = Path(__file__).parent.parent

DRAWN = """# De lijn als tekening

Gemaakt van de kaart, door `make generated`: verander hier niets. `ivr map` maakt er een pagina van met alles wat
bellers horen, om te printen en na te kijken. `*` zegt het nog een keer, `#` gaat terug, `0` leest in een menu alle
nummers voor, en de cijfers van een nummer van de kaart leiden overal naar dat nummer.

"""


COMMANDS = """# Every command

Made of what each says of itself with `--help`, by `make generated`: change nothing here. Settings:
[settings.md](../deploy/settings.md).
"""


def reference(command: click.Command, context: click.Context) -> Iterator[str]:
    """The help of a command, and of all below it."""
    if not isinstance(command, click.Group):
        yield f"\n## {context.command_path}\n\n```\n{command.get_help(context).replace(f'{ROOT}/', '')}\n```\n"
        return
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        assert below
        yield from reference(below, click.Context(below, context, name, terminal_width=100))


def mermaid(line: Line, language: str) -> str:
    """The picture for a README, drawn by whoever shows it, in the first language of the line."""
    line = line.only(line.card.languages[0])
    rows = ["flowchart LR"]
    places = maps.boxes(line)
    for key, place in places.items():
        label = place.label.replace('"', "#quot;") + (f"<br>{place.number}" if place.number else "")
        rows.append(f'    {maps.box_id(key)}["{label}"]')
        rows.append(f"    style {maps.box_id(key)} fill:{place.colour},stroke:#334155,color:#0f172a")
    inner = [maps.box_id(key) for key, place in places.items() if place.kind is Kind.CHAPTER]
    if inner:
        rows.append(f'    subgraph {maps.CHAPTERS}[" "]\n        ' + "\n        ".join(inner) + "\n    end")
    for arrow in maps.drawn(line, language):
        shaft = "-->" if arrow.by_key else "-.->"
        rows.append(f"    {maps.box_id(arrow.start)} {shaft}|{arrow.label}| {maps.box_id(arrow.end)}")
    return "\n".join(rows) + "\n"


def files() -> dict[Path, str]:
    """What each file should hold now."""
    top = click.Context(ivr, info_name="ivr", **ivr.context_settings)
    return {
        ROOT / "prompts" / "kaart.md": f"{DRAWN}```mermaid\n{mermaid(LINE, 'nl')}```\n",
        ROOT / "docs" / "commands.md": COMMANDS + "".join(reference(ivr, top)),
        ROOT / "deploy" / "fallback" / "fallback.xml": answers(LINE).fallback.decode() + "\n",
    }


if __name__ == "__main__":
    for file, text in files().items():
        file.write_text(text, encoding="utf-8")
    schema.write(ROOT / "prompts")
