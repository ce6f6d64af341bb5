# SPDX-License-Identifier: EUPL-1.2
"""`ivr publish` on a machine with two real servers."""

import fcntl
import os
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from ivr.asterisk import server as exchange
from ivr.asterisk.sounds import Sounds
from ivr.editor.load import make_line
from ivr.line import Line
from tests.asterisk.fake import answering
from tests.cards import edit
from tests.conftest import BY_DAY, COUNTING, SETTINGS
from tests.publish.conftest import ROOT, Machine
from tests.publish.systemctl import COMMAND
from tests.serving import PATIENCE, wait_for
from tests.voice.test_audio import GOOD

pytestmark = pytest.mark.starts

OTHER = ("nl/line.yaml", "\nall: ", "\nall: Iets nieuws? ")
"""A change that everybody hears."""


def modes(folder: Path) -> set[int]:
    """The permissions of all that is in a folder, which must be those that everybody needs to read it."""
    return {path.stat().st_mode & 0o777 for path in (folder, *folder.rglob("*"))}


def test_a_card_is_published_and_taken_back(running: Machine) -> None:
    """What changes is told and asked, each server gets the new card, and --back serves the one of before again."""
    new = running.card("new", OTHER)
    (new / "nl" / "line.yaml").chmod(0o600)
    told = running.publish(new, answer="ja\n")
    assert told.exit_code == 0, told.stderr
    assert "Iets nieuws?" in told.stdout
    assert "Serve this card? [yes/no]" in told.stdout
    assert "Done: every server serves this card" in told.stdout
    assert running.restarted == [0, 1]
    assert running.link.is_symlink()
    assert modes(running.link.resolve()) == {0o755, 0o644}
    assert all("Iets nieuws?" in running.hears(which) for which in (0, 1))

    running.forget()
    told = running.publish("--back", "--yes")
    assert told.exit_code == 0, told.stderr
    assert running.restarted == [0, 1]
    assert not any("Iets nieuws?" in running.hears(which) for which in (0, 1))
    assert "The card of before is served again" in told.stdout

    running.forget()  # once more would lead to the card that was taken back
    told = running.publish("--back", "--yes")
    assert "There is no card of before to go back to" in told.stderr
    assert running.restarted == []


def test_a_server_that_does_not_start_leads_back(running: Machine) -> None:
    """Where the second server does not start both serve the card of before, and only what was touched is restarted."""
    (running.systemd / f"broken-{running.ports[1]}").touch()
    told = running.publish(running.card("other", ("nl/line.yaml", "\nall: ", "\nall: Iets anders? ")), "--yes")
    assert told.exit_code == 1
    assert f"ivr-serve@{running.ports[1]} does not start: Job for ivr-serve@" in told.stdout
    assert "not every server runs" in told.stdout  # it does not start on the other card either
    assert running.restarted == [0, 1, 0, 1]
    assert "Iets anders?" not in running.hears(0)
    cards = (running.etc / "cards").glob("2*/nl/line.yaml")
    assert not [card for card in cards if "Iets anders?" in card.read_text(encoding="utf-8")]

    running.forget()  # the cause is gone, and one server stands still: it is restarted first
    told = running.publish(running.card("same"), "--yes")
    assert told.exit_code == 0, told.stdout
    assert "Nothing changes, compared with" in told.stdout
    assert running.restarted == [1, 0]


def test_a_broken_card_changes_nothing(machine: Machine) -> None:
    """A card with a mistake, one that fails a proof and one that does not say the number touch no server."""
    machine.serve()
    number = ("card.yaml", "010-236 52 56", "010-236 52 57")
    for name, change, said in (
        ("mistake", ("card.yaml", "3: essm", "3: esm"), "mistake/card.yaml:"),
        ("number", number, "number fails: The line did not say: nul één nul"),
    ):
        edits = [change] if name != "number" else [change, ("card.yaml", "+31102365256", "+31102365257")]
        told = machine.publish(machine.card(name, *edits), "--yes")
        assert told.exit_code == 1
        assert said in told.stderr
    assert machine.publish(machine.card("unwanted"), answer="n\n").exit_code == 1
    assert "card.yaml" in machine.publish(machine.etc).stderr
    assert machine.restarted == []
    assert machine.folders == {machine.link.resolve().name}


def test_a_call_that_fails_leads_back(machine: Machine) -> None:
    """Where the servers are well but the public address is not, the card of before is served again."""
    machine.environ["IVR_PUBLIC_URL"] = "http://127.0.0.1:9"
    machine.only_one()
    machine.serve()
    told = machine.publish(machine.card("new", OTHER), "--yes")
    assert told.exit_code == 1
    assert "A test call to http://127.0.0.1:9 fails" in told.stdout
    assert "The card of before is served again" in told.stdout
    assert machine.restarted == [0, 0]
    assert "Iets nieuws?" not in machine.hears(0)


def test_who_stops_halfway_goes_back(running: Machine) -> None:
    """A terminal that closes, as Ctrl-C does, while a server restarts: both serve the card of before."""
    new = running.card("slow", OTHER)
    (running.systemd / "slow").touch()
    with subprocess.Popen(
        [*COMMAND, "publish", *running.servers, str(new), "--yes"],
        env=running.environ | {"PYTHONPATH": f"{ROOT}:{COUNTING}"},  # no other test runs this
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as publishing:
        wait_for(lambda: running.restarted)
        (running.systemd / "slow").unlink()
        publishing.send_signal(signal.SIGHUP)
        told, _ = publishing.communicate(timeout=PATIENCE)
    assert publishing.returncode == 1
    assert b"The card of before is served again" in told
    assert running.restarted == [0, 0]
    assert not any("Iets nieuws?" in running.hears(which) for which in (0, 1))


def test_back_after_a_failure_stays_at_the_last_good_card(running: Machine) -> None:
    """Where a publication went back by itself, --back goes no further: the card that is served is the last good one."""
    assert (
        running.publish(running.card("good", ("nl/line.yaml", "\nall: ", "\nall: Iets goeds? ")), "--yes").exit_code
        == 0
    )
    (running.systemd / f"broken-{running.ports[0]}").touch()
    assert running.publish(running.card("bad"), "--yes").exit_code == 1
    running.forget()
    told = running.publish("--back", "--yes")
    assert f"ls {running.etc}/cards" in told.stderr
    assert "Iets goeds?" in (running.link / "nl/line.yaml").read_text(encoding="utf-8")


def test_never_back_to_a_broken_card(machine: Machine) -> None:
    """Where no server could start on the served card there is no way back: that is told, and the new one stays."""
    machine.serve()
    machine.only_one()
    edit(machine.link, "card.yaml", "3: essm", "3: esm")
    told = machine.publish(machine.card("new", OTHER), "--yes", IVR_PUBLIC_URL="http://127.0.0.1:9")
    assert told.exit_code == 1
    assert "so there is no way back" in told.stdout
    assert "so the new card stays" in told.stdout
    assert "Iets nieuws?" in (machine.link / "nl" / "line.yaml").read_text(encoding="utf-8")
    told = machine.publish("--back", "--yes")
    assert told.exit_code == 1
    assert "esm" in told.stderr
    assert "Iets nieuws?" in (machine.link / "nl" / "line.yaml").read_text(encoding="utf-8")


def test_the_first_card_needs_no_server(machine: Machine) -> None:
    """Where nothing is served, the card is put in its place and nothing restarted, also under umask 077."""
    card = machine.card("new")
    (machine.etc / "cards/.new-1/nl").mkdir(parents=True)  # left by a machine that lost its power
    before = os.umask(0o077)
    try:
        told = machine.publish(card, "--yes", IVR_PUBLIC_URL="", IVR_PROBE_TOKEN="", CALL_EXPECT="")
    finally:
        os.umask(before)
    assert told.exit_code == 0, told.stderr
    assert "None was served yet" in told.stdout
    assert machine.folders == {machine.link.resolve().name}
    assert machine.restarted == []
    assert modes(machine.link.resolve()) == {0o755, 0o644}
    assert machine.link.resolve().parent.stat().st_mode & 0o777 == 0o755
    assert "There is no card of before" in machine.publish("--back").stderr
    assert "is the card that is being served" in machine.publish(machine.link).stderr


def test_with_asterisk_a_card_is_taken_over(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits until `ivr asterisk` answers with the card; where that cannot speak it, the card of before is back."""

    def publish(*arguments: str | Path) -> Result:
        unset = {"TWILIO_AUTH_TOKEN": "", "IVR_PROBE_TOKEN": "", "CALL_EXPECT": ""}
        return machine.publish(*arguments, "--yes", "--asterisk", **unset)

    def load(folder: Path) -> Line:
        return make_line(replace(SETTINGS, prompts=folder))

    first = publish(machine.card("one"))
    assert (first.exit_code, "None was served yet" in first.stdout) == (0, True), first.stderr
    monkeypatch.setenv("NOTIFY_SOCKET", str(machine.systemd / "notify"))
    monkeypatch.setattr(exchange, "EVERY", 0.05)
    (machine.etc / "good.wav").write_bytes(GOOD)
    sounds = Sounds(machine.etc / "sounds", f"sh -c 'grep -q Kanarie && exit 1; cat {machine.etc}/good.wav'")
    served = machine.link.resolve()
    sounds.prepare(load(served), BY_DAY)
    with answering(exchange.Server(load(served), served, load, sounds, lambda: BY_DAY), machine.link):
        done = publish(machine.card("two", ("nl/line.yaml", "danger: Is er", "danger: Is hier")))
        assert (done.exit_code, "ivr asterisk answers with this card" in done.stdout) == (0, True), done.stderr
        assert "Is hier" in (machine.link / "nl/line.yaml").read_text(encoding="utf-8")
        assert publish("--back").exit_code == 0
        mute = publish(machine.card("three", ("nl/line.yaml", "danger: Is er", "danger: Kanarie, is er")))
        assert (mute.exit_code, "does not take this card over" in mute.stdout) == (1, True), mute.stderr
        assert "The card of before is served again" in mute.stdout
        assert machine.link.resolve() == served


def test_what_cannot_be_read_or_copied_is_told(machine: Machine) -> None:
    """A folder that is closed, one in the link's place, somebody who publishes too, a full disk: nothing is changed."""
    card = machine.card("new")
    machine.etc.chmod(0o700)
    assert f"chmod a+x {machine.etc}" in machine.publish(card, "--yes").stderr
    machine.etc.chmod(0o755)
    machine.link.mkdir()
    assert f"{machine.link} is a folder" in machine.publish(card, "--yes").stderr
    machine.link.rmdir()
    with (machine.etc / "cards" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "is being published already" in machine.publish(card, "--yes").stderr
    limited = subprocess.run(  # as a disk that is full
        ["sh", "-c", 'ulimit -f 1; exec "$@"', "sh", *COMMAND, "publish", *machine.servers, str(card), "--yes"],
        env=machine.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert limited.returncode == 1
    assert "cannot be copied, and nothing was changed" in limited.stderr
    assert machine.folders == set()
    assert not machine.link.exists()


@pytest.mark.parametrize("way", [(), ("--asterisk",)])
def test_without_systemd_it_says_what_to_do(machine: Machine, way: tuple[str, ...]) -> None:
    """On a machine without systemctl, such as a container, the way there is told, and nothing stays changed."""
    machine.serve()
    other = machine.card("etc/cards/other", OTHER)
    machine.link.with_name("prompts.before").symlink_to(other)
    told = machine.publish("--back", "--yes", *way, PATH="/nowhere")
    assert told.exit_code == 1
    assert "There is no systemctl here" in told.stdout
    assert "Iets nieuws?" not in (machine.link / "nl" / "line.yaml").read_text(encoding="utf-8")
    assert other.exists()


@pytest.mark.parametrize(
    ("arguments", "settings", "said"),
    [
        ((), {}, "Give a FOLDER with a card, or --back."),
        ((".", "--back"), {}, "Give a FOLDER with a card, or --back."),
        (("--back",), {"IVR_PROMPTS": ""}, "Set IVR_PROMPTS"),
        (("--back",), {"CALL_EXPECT": ""}, "which words the test call must hear"),
    ],
)
def test_what_does_not_fit_is_told(
    machine: Machine, arguments: tuple[str, ...], settings: dict[str, str], said: str
) -> None:
    """A mistake in the command, or a setting that is missing where a card is served, is told in a sentence."""
    machine.serve()
    assert said in machine.publish(*arguments, **settings).stderr
