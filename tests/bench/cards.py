# SPDX-License-Identifier: EUPL-1.2
"""Prompts with any number of menus: our own numbers, below a tree of menus with up to five keys each."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from ivr.settings import default_prompts

KEYS_A_MENU = 5


def write(folder: Path, menus: int) -> Path:
    """Write prompts with so many menus into a new folder below `folder`, and return it."""
    prompts = folder / f"{menus}-menus"
    shutil.copytree(default_prompts(), prompts, dirs_exist_ok=True)
    ids = [f"m{count}" for count in range(1, menus)]
    numbers = ["danger", "police", "essm", "nla", "m"]
    keys = {"main": [*numbers, ids[0]]}
    for place, id_ in enumerate(ids):
        keys[id_] = ids[place * KEYS_A_MENU + 1 :][:KEYS_A_MENU] or ["essm"]
    card = (prompts / "card.yaml").read_text(encoding="utf-8").partition("\nmenus:")[0]
    card = re.sub("\nlanguages: .*", "", card)  # the other languages lack the sentences of these menus
    (prompts / "card.yaml").write_text(card + "\nmenus:\n" + _keys(keys), encoding="utf-8")
    (prompts / "nl" / "menus.yaml").write_text(_sentences(keys), encoding="utf-8")
    with (prompts / "nl" / "line.yaml").open("a", encoding="utf-8") as lines:
        lines.write("back: Hekje is terug.\nback_short: Hekje … terug.\n")
    (prompts / "nl" / "chapters.yaml").unlink()
    return prompts


def _keys(keys: dict[str, list[str]]) -> str:
    return "".join(
        f"  {id_}:\n" + "".join(f"    {key}: {target}\n" for key, target in enumerate(targets, 1))
        for id_, targets in keys.items()
    )


def _sentences(keys: dict[str, list[str]]) -> str:
    return "".join(
        f"{id_}:\n  about: Hier hoor je wie je kunt bellen.\n  choices:\n"
        + "".join(
            f"    {target}:\n      long: Hulp of advies? … Druk op {{key}}.\n      short: Advies of hulp … {{key}}.\n"
            for target in targets
        )
        for id_, targets in keys.items()
    )
