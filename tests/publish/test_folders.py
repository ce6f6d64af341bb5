# SPDX-License-Identifier: EUPL-1.2
"""The folders and links of served cards, and what systemctl can say."""

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.answers import Answers
from ivr.phone import testcall
from ivr.publish import servers
from ivr.publish.folders import PublishError, Served
from ivr.publish.servers import Exchange, Server
from tests.conftest import PUBLIC_URL, SETTINGS
from tests.recorded import line_of, ours, record


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


def linked(file: Path) -> None:
    """A link to a secret."""
    (file.parent / "secret").write_text("secret", encoding="utf-8")
    file.symlink_to("secret")


ODD: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a link": ("is a link to something else", linked),
    "a link to nowhere": ("is a link to something else", lambda file: file.symlink_to("nowhere")),
    "a link to an endless device": ("is a link to something else", lambda file: file.symlink_to("/dev/zero")),
    "a pipe": ("is no plain file", os.mkfifo),
    "a socket": ("is no plain file", lambda file: socket.socket(socket.AF_UNIX).bind(str(file))),
    "a folder": ("is no plain file", Path.mkdir),
    "a huge file": ("is larger than 1 MB", lambda file: os.truncate(os.open(file, os.O_CREAT | os.O_RDWR), 10**12)),
}


@pytest.mark.filterwarnings("ignore:unclosed <socket")
@pytest.mark.parametrize("name", ["card.yaml", "page.css", "nl/line.yaml", "nl/recordings/recordings.yaml"])
@pytest.mark.parametrize("kind", ODD)
def test_only_plain_files_are_copied(
    kind: str, name: str, served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is no plain file is refused in words and at once, whatever it leads to, and half of a copy does not stay."""
    said, make = ODD[kind]
    (tmp_path / "mine" / name).parent.mkdir(parents=True)
    monkeypatch.chdir((tmp_path / "mine" / name).parent)  # the name of a socket is short
    make(Path(Path(name).name))
    with pytest.raises(PublishError, match=rf"mine/{name} {said}"), served.copied(tmp_path / "mine"):
        pytest.fail("it was copied")
    assert {path.name for path in served.cards.iterdir()} == {"a", "b", "c"}


def test_a_folder_that_leads_elsewhere_is_refused(served: Served, tmp_path: Path) -> None:
    """A folder of a language that is a link is refused too; the folder that was named may be one."""
    (tmp_path / "real" / "fr").mkdir(parents=True)
    (tmp_path / "real" / "fr" / "line.yaml").touch()
    (tmp_path / "real" / "nl").symlink_to("fr")
    (tmp_path / "mine").symlink_to("real")
    with pytest.raises(PublishError, match=r"real/nl/line\.yaml is a link"), served.copied(tmp_path / "mine"):
        pytest.fail("it was copied")


def test_only_the_files_of_a_card_are_copied(served: Served, tmp_path: Path) -> None:
    """What no card has stays where it is, whatever it is and wherever it leads; all that was read goes along."""
    mine = ours(tmp_path)
    line = record(mine, "nl")
    (mine / "nl" / "recordings" / "take 1.wav").touch()
    (mine / "nl" / "old.yaml").symlink_to("/etc/shadow")
    os.mkfifo(mine / "pipe")
    with served.copied(mine) as copy:
        assert line_of(copy).recordings.keys() == line.recordings.keys()
        for name in ("nl/recordings/take 1.wav", "nl/old.yaml", "pipe"):
            assert not (copy / name).exists()


def test_old_cards_are_removed(served: Served) -> None:
    """Ten cards stay, and the one that is served, and the one before it, however old they are."""
    names = [f"202611{day:02}T140000Z" for day in range(1, 15)]
    for name in names:
        (served.cards / name).mkdir()
    served.switch(served.cards / names[0])
    served.switch(served.cards / names[1])
    served.settle()
    assert sorted(path.name for path in served.cards.glob("2*")) == [*names[:2], *names[4:]]


def test_a_recording_that_became_silent_is_told(tmp_path: Path) -> None:
    """Its words are only what the file claims: the test call listens, so that no card with silence is served."""
    line = record(Path(shutil.copytree(SETTINGS.prompts, tmp_path / "card")), "nl")
    for one in line.recordings.values():
        one.file.write_bytes(bytes(one.file.stat().st_size))
    with pytest.raises(PublishError, match="Een opname is stil: Is er"):
        servers.must_hear(testcall.here(Answers(line, PUBLIC_URL)), "", "here", "nl")


@pytest.mark.starts
@pytest.mark.parametrize(
    ("server", "script", "said"),
    [
        (Server("http://127.0.0.1:9"), "sleep 60", "ivr-serve@9 does not start: > 0.2 s"),
        (Server("http://127.0.0.1:9"), "exit 0", "ivr-serve@9 was started, but does not"),
        (Server("http://127.0.0.1:9"), "exit 1", "ivr-serve@9 does not start:"),
        (Exchange("/etc/ivr/prompts"), "exit 0", "ivr-asterisk was started, but does not"),
    ],
)
def test_what_systemctl_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server, script: str, said: str
) -> None:
    """A restart that takes for ever, one that fails, and one after which nobody answers are told by the unit's name."""
    systemctl = tmp_path / "systemctl"
    systemctl.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\nexec 2>/dev/null >/dev/null\n{script}\n", encoding="ascii")
    systemctl.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(servers, "RESTART", 0.2 if "sleep" in script else 20)
    monkeypatch.setattr(servers, "READY_WITHIN", 0.3)
    with pytest.raises(PublishError, match=said):
        server.restart()


def test_the_exchange_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A card that it takes over at the third look is served."""
    told = iter(["answering before", "answering before", f"answering {tmp_path}"])
    monkeypatch.setattr(Exchange, "_answering", property(lambda _: next(told)))
    Exchange(str(tmp_path)).restart()
    assert list(told) == []


def test_a_card_that_cannot_be_copied_is_told(served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full in the middle is told with the file, and nothing half is left."""
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "card.yaml").write_text("name: x\n", encoding="utf-8")

    def full(*_: object, **__: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ivr.publish.folders.contents", full)
    before = sorted(served.cards.iterdir())
    with pytest.raises(PublishError, match="No space left"), served.copied(tmp_path / "new"):
        pass
    assert sorted(served.cards.iterdir()) == before
