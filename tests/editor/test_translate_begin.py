# SPDX-License-Identifier: EUPL-1.2
"""What `ivr translate` tells of the languages that we ship, and how somebody begins another."""

import re
import shutil
from pathlib import Path

import pytest

from ivr.editor.load import load
from ivr.editor.translations import ACCEPTED, languages_beside
from tests.editor.test_translate import PROMPTS, run, standing
from tests.mistakes import GOOD


@pytest.mark.parametrize("code", languages_beside(PROMPTS, "nl"))
def test_our_drafts_can_be_read(code: str) -> None:
    """Each language that we ship can be read, and each line of its `accepted.txt` names a sentence once.

    Missing and stale are told, and fail nothing: who changes the Dutch need not speak them all.
    """
    assert standing(PROMPTS, code).broken == ()
    lines = (PROMPTS / code / ACCEPTED).read_text(encoding="utf-8").splitlines()
    # REUSE-IgnoreStart
    assert lines[0] == "# SPDX-License-Identifier: EUPL-1.2"
    # REUSE-IgnoreEnd
    ids = [line.split()[1] for line in lines if not line.startswith("#")]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch("[0-9a-f]{8}  [a-z0-9_.-]+(  .+)?", line) for line in lines if not line.startswith("#"))


def test_a_new_language_is_empty_below_what_there_is_to_translate(tmp_path: Path) -> None:
    """All files of the first language, each sentence empty; the words of its numbers and days are asked for."""
    folder = shutil.copytree(GOOD, tmp_path / "card")
    made = run(folder, "new", "tr")
    assert made.exit_code == 0
    assert "ivr/language/tr.py" in made.output
    assert "weekdays = ['maandag'" in made.output
    assert "'eenendertig', '32', " in made.output
    assert "always = 'dag en nacht'" in made.output
    assert "key('#') = hekje\ndate(2026-01-05) = maandag 5 januari\nclock(00:00) = middernacht\n" in made.output
    assert "moment(2, Mon 02:00) = de nacht van zondag op maandag, twee uur\n" in made.output
    written = (folder / "tr/line.yaml").read_text(encoding="utf-8")
    assert 'Wie wacht, hoort alle nummers.\n# Of wacht even.\nall_short: ""\n' in written
    now = standing(folder, "tr")
    assert now.missing == now.wanted
    assert not now.broken
    assert "blank-missing" not in [problem.message for problem in now.wrong]  # of what is empty only that it is missing
    for code in ("tr", "TR", "turks", ".."):
        assert run(folder, "new", code).exit_code == 1
    assert "ivr/language" not in run(folder, "new", "pl").output  # whose words are there


def test_a_seventh_language_beside_ours_is_told_like_the_others(tmp_path: Path) -> None:
    """Whoever begins one changes nothing else, and our own card goes on answering in the languages that it offers."""
    shutil.copytree(PROMPTS, tmp_path, dirs_exist_ok=True)
    assert run(tmp_path, "new", "tr").exit_code == 0
    assert re.search('# .+\nspeaks_unknown: ""\n', (tmp_path / "tr/language.yaml").read_text(encoding="utf-8"))
    told = run(tmp_path)
    assert told.exit_code == 0
    assert "! tr  0 van " in told.output
    assert tuple(load(tmp_path).spoken) == ("nl", "en")
