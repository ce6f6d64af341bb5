# SPDX-License-Identifier: EUPL-1.2
"""The command `ivr doctor`: look at everything on a machine of the line, and name the one command that mends it."""

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import click

from ivr import settings
from ivr.commands.proof import checked
from ivr.commands.publish import SERVERS
from ivr.messages.catalogue import Catalogue
from ivr.publish.servers import Exchange, Server, run

ROOM = 100 * 1024 * 1024
"""Bytes that a disk must have left."""

ALARMS = Path("/run/alarm-ivr")
"""Where alarm-ivr@.service notes when it rang, and for which unit."""

SITE = "/etc/nginx/sites-enabled/ivr.conf"
PROXY = "nginx -t && systemctl restart nginx"
CURES = {
    "disk": "journalctl --vacuum-size=200M; apt-get clean; find /var /tmp -type f -size +10M -exec ls -shS {{}} +",
    "files": "chmod -R a+rX {folder}/prompts/. {folder}/cards",
    "settings": "editor {folder}/ivr.env",
    "card": "ivr publish --back --yes{way}",
    "unit": "systemctl restart {unit}",
    "proxy-file": f"cp {{folder}}/nginx.conf {SITE} && {PROXY}",
    "proxy": PROXY,
    "certificate": f"certbot renew --force-renewal && {PROXY}",
    "servers": "{servers}",
    "online": PROXY,
}
"""The command for each thing that must be mended now, those first that cause the others: none makes anything worse."""


AGAIN = " || ivr-switch $(readlink /opt/ivr)"
"""After an upgrade the card of before is of another version, which refuses it: then the release serves its own."""


class Fault(NamedTuple):
    """Something wrong: `doctor-` and its name is the message. What is not in CURES can wait until the morning."""

    name: str
    values: dict[str, object]


@click.command()
@click.option("--server", "servers", multiple=True, default=SERVERS, show_default=True, help="The line's servers.")
def doctor(servers: tuple[str, ...]) -> None:
    """Look at everything on a machine of the line: what is wrong, and the one command that mends it.

    Changes nothing. Exit code 0: nothing that cannot wait until the morning, 1: something is wrong.
    """
    say = Catalogue(settings.editor_language(os.environ)).say
    folder = Path(os.environ.get("IVR_PROMPTS") or "/etc/ivr/prompts").absolute().parent
    here = servers if (folder / "twilio_auth_token").exists() else ()  # elsewhere only test calls are made
    exchange = (Exchange.unit, "asterisk") if Exchange.here() else ()
    faults = [*_machine(folder), *_units(here, exchange), *_watched(here)]
    faults += _line(here, settings.editor_language(os.environ))
    order = list(CURES)
    faults.sort(key=lambda fault: order.index(fault.name) if fault.name in CURES else len(order))
    for fault in faults:
        words = say(f"doctor-{fault.name}", **fault.values)
        click.echo(("✗ " if fault.name in CURES else "! ") + words.replace("\n", "\n  "))
    if not faults or faults[0].name not in CURES:
        click.echo(say("doctor-well"))
        return
    restarts = " && ".join(f"systemctl restart {Server(url).unit}" for url in servers)
    values = {"servers": f"systemctl restart {Exchange.unit}", "way": " --asterisk"} if exchange else {}
    cure = CURES[faults[0].name].format(
        **{"folder": folder, "servers": restarts, "way": AGAIN, **values, **faults[0].values}
    )
    click.echo("\n" + say("doctor-cure", command=cure))
    sys.exit(1)


def _machine(folder: Path) -> Iterator[Fault]:
    """The disk, the clock, and what the servers, which are not root, may read."""
    for where in (folder, Path("/var/log"), Path("/tmp")):  # noqa: S108 - nothing is written there
        room = os.statvfs(where)
        if room.f_bavail * room.f_frsize < ROOM or (room.f_files and not room.f_favail):
            yield Fault("disk", {"place": where})
    if run("timedatectl", "show", "--property=NTPSynchronized", "--value")[1] == "no":
        yield Fault("clock", {"now": f"{datetime.now().astimezone():%d-%m-%Y %H:%M}"})
    for path in sorted((folder / "prompts").resolve().rglob("*")):
        mode = path.stat().st_mode
        if not mode & stat.S_IROTH or (path.is_dir() and not mode & stat.S_IXOTH):
            yield Fault("files", {"file": path})
            break


def _units(here: tuple[str, ...], exchange: tuple[str, ...] = ()) -> Iterator[Fault]:
    """The servers and the proxy, as systemd sees them; and whether the proxy would start again with its file."""
    for unit in (*(Server(url).unit for url in here), *exchange):
        if run("systemctl", "is-active", unit)[0]:
            yield Fault("unit", {"unit": unit})
    if not here or not shutil.which("nginx"):
        return
    code, said = run("nginx", "-t")
    if code:
        yield Fault("proxy-file", {"reason": said.partition("\n")[0]})
    if run("systemctl", "is-active", "nginx")[0]:
        yield Fault("proxy", {})


def _line(here: tuple[str, ...], language: str) -> Iterator[Fault]:
    """What `ivr check --online` says, and the servers."""
    for result in checked(online=True, servers=here):
        said = "\n".join(finding.text(language) for finding in result.findings)
        name = result.name
        if result.status == "fail":
            if name == "online" and "certificate" in said:
                name = "certificate"
            later = name in {"fallback", "languages"}
            yield Fault(name if later or name in CURES else "card", {"told": said})
        elif result.status == "warn" and name == "certificates":
            yield Fault("fallback", {"told": said})


def _watched(here: tuple[str, ...]) -> Iterator[Fault]:
    """What can wait: Twilio's signatures that were refused, the other machine, and the last alarm."""
    refused = "signatures refused"
    journal = run("journalctl", "--quiet", "--unit=ivr-serve@*", "--since=-1h", f"--grep={refused}")[1]
    if here and refused in journal:  # of a journal without entries it says something else
        yield Fault("token", {})
    other = os.environ.get("OTHER_MACHINE")
    if here and other and run("ping", "-q", "-c", "1", "-w", "5", other)[0]:
        yield Fault("other", {"other": other})
    alarms = sorted(ALARMS.glob("*"), key=lambda path: path.stat().st_mtime)
    for last in alarms[-1:]:
        rang = datetime.fromtimestamp(last.stat().st_mtime, UTC).astimezone()
        yield Fault("alarm", {"unit": last.name, "moment": f"{rang:%d-%m-%Y %H:%M}"})
