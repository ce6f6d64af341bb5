# SPDX-License-Identifier: EUPL-1.2
"""The units for systemd: what systemd says of them, that they come back, and whom they warn."""

import io
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from sysconfig import get_path

import pytest
import structlog

from ivr.process import log
from ivr.process.wrongly_signed import MANY, WronglySigned
from tests.cards.made import Plan, write
from tests.conftest import TOKEN
from tests.deploy.conftest import DEPLOY, Tool, needed
from tests.serving import COMMAND, wait_for

pytestmark = pytest.mark.starts

SYSTEMD = DEPLOY / "systemd"
NOW = ("ivr-call.service", "ivr-sip.service", "ivr-asterisk.service", "asterisk.service")
UNITS = "etc/systemd/system"
BOOT = Path(__file__).with_name("boot.sh")
ALL = sorted(path.name.replace("@.", "@8000.") for path in SYSTEMD.glob("*.*") if path.is_file())
SERVICES = [name for name in ALL if name.endswith(".service") and not name.startswith("alarm-")]


def unit(name: str) -> str:
    """What a unit says."""
    return (SYSTEMD / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in SERVICES if name.startswith("ivr-")])
def test_a_unit_is_exposed_to_little(name: str, tool: Tool, tmp_path: Path) -> None:
    """The exposure that systemd computes for a unit is at most 2.0 of 10."""
    shutil.copytree(SYSTEMD, tmp_path / UNITS)
    tool("systemd-analyze", "security", "--offline=yes", "--threshold=20", f"--root={tmp_path}", name)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes namespaces")
def test_systemd_starts_the_line(tmp_path: Path) -> None:
    """The units start with all that they share, systemd replaces a line that hangs, and no core of Asterisk is kept."""
    needed("systemd-analyze")
    for folder in ("card", "disk"):
        (tmp_path / folder).mkdir()
    write(Plan((("24/7", True),), 0, 0, 0), tmp_path / "card")
    where = {"folder": tmp_path, "checkout": DEPLOY.parent, "python": sys.base_prefix, "libraries": get_path("purelib")}
    environ = os.environ | {name: str(path) for name, path in where.items()} | {"command": COMMAND, "token": TOKEN}
    namespaces = "--mount --pid --fork --kill-child --uts --ipc --net --cgroup".split()
    with (
        (tmp_path / "log").open("wb") as log_,
        subprocess.Popen(["unshare", *namespaces, BOOT], env=environ, stdout=log_, stderr=log_) as machine,
    ):
        children = Path(f"/proc/{machine.pid}/task/{machine.pid}/children")

        def told(command: str) -> str:
            there = ["nsenter", "-a", "-t", children.read_text().strip(), "sh", "-c", command]
            return subprocess.run(there, capture_output=True, text=True, check=False).stdout.strip()

        try:
            wait_for(lambda: machine.poll() or told("systemctl is-active basic.target") == "active", 60)
            for name in ("ivr-asterisk", "ivr-serve@8000", "asterisk"):
                assert told(f"systemctl start {name}; systemctl is-active {name}") == "active", told("journalctl")
            show = "systemctl show --value --property"
            assert told(f"grep -c 'core file size *0 *0 ' /proc/$({show} MainPID asterisk)/limits") == "1"
            assert told("setpriv --reuid nobody --clear-groups head -c 4 /var/lib/ivr-asterisk/fallback.wav") == "RIFF"
            told(f"kill -STOP $({show} MainPID ivr-asterisk)")
            wait_for(lambda: told(f"{show} NRestarts,StatusText ivr-asterisk") == "answering /etc/ivr/prompts\n1", 60)
        finally:
            machine.kill()


def test_the_units_hold_no_mistake(tmp_path: Path) -> None:
    """Systemd understands every line of every unit, and of what they all share."""
    shutil.copytree(SYSTEMD, tmp_path / UNITS)
    for program in ("opt/ivr/bin/ivr", "etc/ivr/alarm", "etc/ivr/test-call", "bin/sh", "usr/bin/touch", "usr/sbin/nft"):
        (tmp_path / program).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / program).touch(0o755)
    # Without the units of a whole Debian those that every unit needs are missing; the rest is about ours.
    command = [needed("systemd-analyze"), "verify", "--man=no", "--recursive-errors=no", f"--root={tmp_path}", *ALL]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    # A line that it does not understand it passes over, with a remark and no more.
    assert "gnoring" not in told.stderr


def test_a_server_always_comes_back() -> None:
    """Whatever ends a server or a proxy it is tried again, without end, and somebody is told of a proxy."""
    server = unit("ivr-serve@.service")
    assert "\nRestart=always\n" in server
    assert "\nStartLimitIntervalSec=0\n" in server[: server.index("[Service]")]
    (most,) = re.findall(r"^RestartMaxDelaySec=(\d+)$", server, re.MULTILINE)
    assert 10 <= int(most) <= 60
    assert re.search(r"^RestartSteps=\d+$", server, re.MULTILINE)
    for proxy in ("nginx", "caddy"):
        before, service = unit(f"{proxy}.service.d/ivr.conf").split("[Service]")
        assert "\nStartLimitIntervalSec=0\nOnFailure=alarm-ivr@%n.service\n" in before
        assert "\nRestart=always\nRestartSec=1\n" in service


@pytest.mark.parametrize("name", SERVICES)
def test_whatever_fails_rings_the_alarm(name: str) -> None:
    """Each service warns when it fails, by the same alarm; each that runs at a time of its own has its timer."""
    assert "\nOnFailure=alarm-ivr@%n.service\n" in unit(name.replace("@8000.", "@."))
    assert (SYSTEMD / "alarm-ivr@.service").exists()
    assert (SYSTEMD / name.replace(".service", ".timer")).exists() or name.startswith(
        ("ivr-serve@", "ivr-asterisk", "limits-")
    )


def of_the_alarm(setting: str, folder: Path) -> str:
    """A command of the alarm, with this folder in the place of its own, for a unit that failed."""
    (found,) = re.findall(rf"^{setting}=(.*)$", unit("alarm-ivr@.service"), re.MULTILINE)
    return str(found).replace("/run/alarm-ivr", str(folder)).replace("%i", "ivr-serve@8000.service")


def test_an_alarm_rings_once_an_hour(tmp_path: Path) -> None:
    """Of one unit the alarm rings once, and again after an hour; another unit rings by itself meanwhile."""
    condition, rang = of_the_alarm("ExecCondition", tmp_path), of_the_alarm("ExecStartPost", tmp_path)

    def rings(of: str = "8000") -> bool:
        return subprocess.run(condition.replace("8000", of), shell=True, check=False).returncode == 0  # noqa: S602

    assert rings()
    assert rings()  # the alarm itself had failed
    subprocess.run(rang, shell=True, check=True)  # noqa: S602
    assert not rings()
    assert rings("8001")
    an_hour_ago = time.time() - 61 * 60
    os.utime(tmp_path / "ivr-serve@8000.service", (an_hour_ago, an_hour_ago))
    assert rings()


def test_what_the_servers_write_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pattern in the journal fits an error of our own code and refused signatures, and nothing of every day."""
    (pattern,) = re.findall(r'--grep="(.*)"', unit("log-ivr.service"))
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.JSONRenderer(sort_keys=True)],
        logger_factory=structlog.WriteLoggerFactory(written),
    )
    try:
        log.log.info("starting", workers=2)
        log.log.warning("reload ignored")
        refused = WronglySigned()
        for _ in range(MANY):
            refused.note()
        log.failed("request", ValueError("x"))
    finally:
        structlog.reset_defaults()
    *daily, signatures, error = written.getvalue().splitlines()
    assert len(daily) == 2
    assert not [line for line in daily if re.search(pattern, line)]
    assert re.search(pattern, signatures)
    assert re.search(pattern, error)


def command(name: str, folder: Path, **programs: str) -> str:
    """The shell command of a unit, which finds these programs first."""
    for program, text in programs.items():
        (folder / program).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (folder / program).chmod(0o755)
    (found,) = re.findall(r"^ExecStart=/bin/sh -c '(.*?)'$", unit(name), re.MULTILINE | re.DOTALL)
    return f"PATH={folder}:/usr/bin:/bin; " + str(found).replace("\\\n", "").replace("$$", "$")


def alarmed(name: str, tmp_path: Path) -> tuple[list[str], str]:
    """What /etc/ivr/alarm gets when a unit fails: its arguments, and its standard input."""
    said = command(
        "alarm-ivr@.service",
        tmp_path,
        journalctl='test "$*" = "--output=cat _SYSTEMD_INVOCATION_ID=abc" && echo "✓ card" && echo "✗ fallback"',
        systemctl=f'test "$*" = "show --property=Description --value {name}" && echo "The unit"',
        alarm=f'printf "%s\\n" "$@" >{tmp_path}/told; cat >{tmp_path}/body',
    )
    said = said.replace("%i", name).replace("%H", "lijn").replace("/etc/ivr", str(tmp_path))
    subprocess.run(["/bin/sh", "-c", said], env={"MONITOR_INVOCATION_ID": "abc"}, check=True)
    return (tmp_path / "told").read_text(encoding="utf-8").splitlines(), (tmp_path / "body").read_text(encoding="utf-8")


def test_an_alarm_says_how_soon(tmp_path: Path) -> None:
    """A failed test call and a dead exchange wake somebody; an alarm tells which unit failed, and why."""
    sentence = "lijn, the phone line: The unit failed. See: journalctl -u {}"
    for name in (*SERVICES, "asterisk.service"):
        soon = "now" if name in NOW else "morning"
        told, body = alarmed(name, tmp_path)
        assert told == [sentence.format(name), soon, name]
        assert body == "✗ fallback\n"


def test_the_other_machine_is_looked_at(tmp_path: Path) -> None:
    """Where the other machine does not answer, or is not named, the look fails and says so."""
    script = command("other-ivr.service", tmp_path, ping='test "$*" = "-q -c 1 -w 60 alive"')

    def look(other: str) -> subprocess.CompletedProcess[str]:
        environ = {"OTHER_MACHINE": other}
        return subprocess.run(["/bin/sh", "-c", script], env=environ, check=False, capture_output=True, text=True)

    assert look("alive").returncode == 0
    assert look("dead").returncode == 1
    assert look("").stdout == "Set OTHER_MACHINE in /etc/ivr/ivr.env.\n"


@pytest.mark.parametrize(
    ("told", "code", "rings"),
    [
        ("✓ card   Good.\n    open: █", 0, False),
        ("! holidays   Named.\n    Whit Monday.\n\n1 warning", 0, False),
        ("! holidays   Named.\n    Whit Monday.\n    Ascension Day.", 0, True),
        ("! holidays   Named.\n    Monday.", 0, True),
        ("✗ holidays   Named.\n    Whit Monday.", 2, True),
        ("no settings", 1, True),
    ],
)
def test_the_weekly_check_rings_for_what_nobody_knows(tmp_path: Path, told: str, code: int, *, rings: bool) -> None:
    """Each line below a warning must be known, whole; what is wrong rings all the same, and all is in the journal."""
    known = tmp_path / "known.txt"
    script = command("ivr-check.service", tmp_path, ivr=f"cat <<'END'\n{told}\nEND\nexit {code}")
    script = script.replace("/opt/ivr/bin/ivr", f"{tmp_path}/ivr").replace("/etc/ivr/known.txt", str(known))
    known.write_text("# Until Easter: asked.\n\n    Whit Monday.\n", encoding="utf-8")
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode != 0, done.stdout.startswith(told)) == (rings, True)
    if "!" in told:
        known.unlink()
        assert subprocess.run(["sh", "-c", script], capture_output=True, check=False).returncode
