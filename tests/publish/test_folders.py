# SPDX-License-Identifier: EUPL-1.2
"""The folders and links of served cards, and what systemctl can say."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ivr.publish import servers
from ivr.publish.folders import PublishError, Served
from ivr.publish.servers import Server

MOMENT = datetime(2026, 11, 25, 14, tzinfo=UTC)


@pytest.fixture
def served(tmp_path: Path) -> Served:
    """A place for cards, with three of them."""
    made = Served(tmp_path / "prompts")
    for name in ("a", "b", "c"):
        (made.cards / name).mkdir(parents=True)
    return made


def test_what_was_served_is_put_back(served: Served) -> None:
    """After a switch that did not go well, both links lead where they led."""
    a, b, c = (served.cards / name for name in "abc")
    served.switch(a)
    assert (served.now, served.before) == (a, None)
    served.switch(b)
    assert (served.now, served.before) == (b, a)
    served.switch(b)  # the same once more is no card of before
    assert (served.now, served.before) == (b, a)
    served.switch(c)
    served.restore(b, a)
    assert (served.now, served.before) == (b, a)
    served.restore(b, None)
    assert (served.now, served.before) == (b, None)


def test_two_cards_in_a_second_get_two_names(served: Served, tmp_path: Path) -> None:
    """A folder of before is never written over."""
    (tmp_path / "mine").mkdir()
    kept = set()
    for _ in range(2):
        with served.copied(tmp_path / "mine") as copy:
            kept.add(served.keep(copy, MOMENT).name)
    assert kept == {"20261125T140000Z", "20261125T140000Z-1"}


def test_what_cannot_be_copied_leaves_nothing(served: Served, tmp_path: Path) -> None:
    """A file that leads nowhere, as one for which there is no room, is told; half of a copy does not stay."""
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "card.yaml").symlink_to("nowhere")
    with pytest.raises(PublishError, match=r"mine/card\.yaml cannot be copied"), served.copied(mine):
        pytest.fail("it was copied")
    assert {path.name for path in served.cards.iterdir()} == {"a", "b", "c"}


def test_what_is_left_of_one_that_lost_its_power_goes() -> None:
    """Half of a copy of before is thrown away."""
    with TemporaryDirectory() as temporary:
        Path(temporary).chmod(0o755)
        served = Served(Path(temporary) / "prompts")
        (served.cards / ".new-1" / "nl").mkdir(parents=True)
        with served.alone():
            assert not (served.cards / ".new-1").exists()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("sleep 60", "does not start: > 0.2 s"),
        ("exit 0", "was started, but does not"),
        ("exit 1", "does not start:"),
    ],
)
def test_what_systemctl_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, said: str) -> None:
    """A restart that takes for ever, one that fails, and one after which nobody answers are told by the unit's name."""
    systemctl = tmp_path / "systemctl"
    systemctl.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\nexec 2>/dev/null >/dev/null\n{script}\n", encoding="ascii")
    systemctl.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(servers, "RESTART", 0.2 if "sleep" in script else 20)
    monkeypatch.setattr(servers, "READY", 0.3)
    with pytest.raises(PublishError, match=f"ivr-serve@9 {said}"):
        Server("http://127.0.0.1:9").restart()
