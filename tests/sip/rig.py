# SPDX-License-Identifier: EUPL-1.2
"""Asterisk with the shipped configuration, `ivr asterisk` beside it, and telephones, in a network of their own.

Asterisk, the telephone of the caller (baresip) and that of whoever is called (sipp) come from Debian; nothing of SIP,
sound or keys is ours. What a caller hears is what its telephone decoded from the network.
"""

import itertools
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import threading
import time
import wave
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

import numpy as np

from ivr.recording import RATE, unpack
from ivr.voice.audio import Samples, begins, from_bytes
from tests.deploy.conftest import DEPLOY
from tests.deploy.test_flood import inside
from tests.serving import PATIENCE, carrying, environment, wait_for

EXCHANGE, TRUNK, STRANGER = "198.18.9.1", "198.18.9.2", "198.18.9.3"
"""Addresses kept for tests."""

PRIVATE, ROUTER = "10.9.0.2", "10.9.0.1"
"""The exchange stands behind NAT: whoever calls knows it as EXCHANGE, and reaches it at no other address."""

NAT = f"""table ip nat {{
    chain output {{ type nat hook output priority -100; ip daddr {EXCHANGE} meta l4proto udp dnat to {PRIVATE}; }}
    chain input {{ type nat hook input priority 100; ip saddr {PRIVATE} snat to {EXCHANGE}; }}
    chain direct {{ type filter hook output priority 0; ip daddr {PRIVATE} ct status & (snat | dnat) == 0 drop; }}
}}"""

OUTSIDE = f"""address add {TRUNK}/24 dev sip0
address add {EXCHANGE}/24 dev sip0
address add {STRANGER}/24 dev sip0
link set sip0 up
link set sip1 up
link set lo up
route add default dev sip0
link add nat0 type veth peer name nat1 netns"""
"""The telephones take the first address for their sound."""

ROUTES = f"address add {ROUTER}/24 dev nat0\nlink set nat0 up\n"

BEHIND = f"""address add {PRIVATE}/24 dev nat1
link set nat1 up
link set lo up
route add 198.18.9.0/24 via {ROUTER}
"""

SMALL, HUNG, KILLED = 4575, 4576, 4577
"""The lines whose disk is small, that hangs, and that is killed; each says the short card."""

NAME, NUMBER = "Kanarie Naam", "+31612345678"
"""Who calls."""

OURS = "+12025550123"
SCENARIOS = Path(__file__).parent
WHOLE = 0.98
"""The least correlation: nothing is between us, so that what is heard is what was made, to the letter."""

SAME = {"cancelled": "rings", "ended": "answers"}
"""What the other side does, where the caller does another thing."""

REFUSES = {"failed": "503 Service Unavailable", "moved": "302 Moved Temporarily"}
REFUSES |= dict.fromkeys(("busy", "info", "inband"), "486 Busy Here")


class Rig:
    """All of it; `cards` has the folders of the cards, by the port of the line that speaks them.

    Who calls 010 hears our card, 020 the same in English, 030 the short one, and 050, 060 and 070 that of the
    lines to which something happens. Who calls 040, 041, … hears ours, whose connections end in the first, second, …
    of the `outcomes`.
    """

    def __init__(
        self, root: Path, namespace: str, folder: Path, cards: dict[int, Path], outcomes: Sequence[str]
    ) -> None:
        self.root, self.namespace, self.folder, self.cards, self.outcomes = root, namespace, folder, cards, outcomes
        self.exchange = Path(os.environ.get("SIP_ASTERISK", root))
        self.lines: dict[int, subprocess.Popen[bytes]] = {}
        self._stack = ExitStack()
        self.count = itertools.count(1)
        for kind in ("etc", "run", str(SMALL)):
            (folder / kind).mkdir()
        self.inner = f"{namespace}-in"
        self.refused = 0

    def __enter__(self) -> Self:
        """Start it."""
        subprocess.run(["ip", "netns", "add", self.inner], check=True)
        self._stack.callback(lambda: subprocess.run(["ip", "netns", "delete", self.inner], check=True))
        for namespace, commands in ((self.namespace, f"{OUTSIDE} {self.inner}\n{ROUTES}"), (self.inner, BEHIND)):
            subprocess.run(["ip", "-n", namespace, "-batch", "-"], input=commands, text=True, check=True)
        with inside(self.namespace):
            subprocess.run(["nft", "-f", "-"], input=NAT, text=True, check=True)
            registrar = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            registrar.bind((TRUNK, 5060))
        threading.Thread(target=self._register, args=(registrar,), daemon=True).start()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", self.folder / str(SMALL)], check=True)
        self._stack.callback(lambda: subprocess.run(["umount", "--lazy", self.folder / str(SMALL)], check=True))
        self._configure()
        try:
            for port in self.cards:
                self.answer(port)
            self.start("asterisk", "-f", "-n", "-C", f"{self.folder}/etc/asterisk.conf")
            wait_for(lambda: "Endpoint:  trunk" in self.cli("pjsip show endpoints"))
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self._stack.close()

    def _configure(self) -> None:
        """The shipped files, with what an owner changes, numbers more, and a trunk for each outcome."""
        etc = self.folder / "etc"
        for file in (DEPLOY / "asterisk").glob("*.conf"):
            shutil.copy(file, etc)
        numbers = "exten => 020,1,Set(LINE=${LINE}/en)\n same => n,Goto(line,s,1)\n"
        for called, port in (("030", 4574), ("050", SMALL), ("060", HUNG), ("070", KILLED)):
            numbers += f"exten => {called},1,Set(LINE=agi://127.0.0.1:{port})\n same => n,Goto(line,s,1)\n"
        for count, outcome in enumerate(self.outcomes):
            numbers += f"exten => 04{count},1,Set(ENDS=-{outcome})\n same => n,Goto(line,s,1)\n"
        changes = {
            "pjsip.conf": {
                "192.0.2.10": TRUNK,
                "sip.example.nl": TRUNK,
                "192.0.2.20": PRIVATE,
                ";external_": "external_",
                "203.0.113.5": EXCHANGE,
                ";local_net": "local_net",
                "…": "x",
                "interval = 60": "interval = 1",
            },
            "extensions.conf": {
                "/var/lib/ivr-asterisk": f"{self.folder}/4573",
                "[from-trunk]\n": f"[from-trunk]\n{numbers}",
                "@trunk)": "@trunk${ENDS})",
            },
            "logger.conf": {"syslog.daemon => error": "written.log => error,warning,notice,verbose"},
        }
        for name, replaced in changes.items():
            text = (etc / name).read_text()
            for shipped, ours in replaced.items():
                assert shipped in text, shipped
                text = text.replace(shipped, ours)
            (etc / name).write_text(text)
        shipped, login, block = (etc / "pjsip.conf").read_text().partition("; Only where the provider wants a login")
        trunk = shipped + login + re.sub(r"^;(?=\S)", "", block, flags=re.MULTILINE)
        (endpoint,) = re.findall(r"^\[trunk\]\ntype = endpoint\n.*?(?=^\[)", trunk, re.MULTILINE | re.DOTALL)
        for count, outcome in enumerate(self.outcomes):
            trunk += endpoint.replace("[trunk]", f"[trunk-{outcome}]").replace(
                "aors = trunk", f"aors = trunk-{outcome}"
            )
            trunk += f"[trunk-{outcome}]\ntype = aor\ncontact = sip:{TRUNK}:{5070 + count}\n"
        (etc / "pjsip.conf").write_text(trunk)
        (modules, *_) = self.exchange.glob("usr/lib/**/asterisk/modules")
        folders: dict[str, Path | str] = {"etcdir": etc, "moddir": f"/{modules.relative_to(self.exchange)}"}
        folders |= {"datadir": "/usr/share/asterisk"}
        folders |= {"varlibdir": "/var/lib/asterisk", "keydir": "/var/lib/asterisk", "agidir": "/var/lib/asterisk"}
        folders |= dict.fromkeys(("dbdir", "spooldir", "rundir", "logdir"), self.folder / "run")
        with (etc / "asterisk.conf").open("a") as conf:
            conf.write("[directories]\n" + "".join(f"ast{name} => {where}\n" for name, where in folders.items()))

    def answer(self, port: int) -> None:
        """Start the line that listens on a port, and wait until it does."""
        settings = {"IVR_PROMPTS": str(self.cards[port]), "IVR_CALLER_ID": OURS}
        output = self.folder / f"line-{port}.log"
        with output.open("wb") as sink, inside(self.inner):
            self.lines[port] = line = subprocess.Popen(
                carrying(port, self.folder / str(port)), stdout=sink, stderr=sink, env=environment(settings)
            )
        self._stack.callback(line.wait)
        self._stack.callback(line.kill)
        wait_for(lambda: '"answering"' in output.read_text())

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a program of the root, in the network, before all else that runs here: sound that is late is lost.

        Asterisk may have a root of its own, that SIP_ASTERISK names.
        """
        root = self.exchange if command[0] == "asterisk" else self.root
        mounts = f"cd {root} && mkdir -p tmp proc dev && mount -t tmpfs tmpfs tmp && mkdir -p .{self.folder} && "
        mounts += f"mount --rbind {self.folder} .{self.folder} && mount -t proc proc proc && "
        mounts += f"mount --rbind /dev dev && PATH=/usr/sbin:/usr/bin exec chroot . {shlex.join(command)}"
        where = self.inner if command[0] == "asterisk" else self.namespace
        with inside(where), (self.folder / f"{command[0]}-{next(self.count)}.log").open("wb") as sink:
            process = subprocess.Popen(
                ["nice", "-n-15", "unshare", "--mount", "sh", "-c", mounts],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
            )
        self._stack.callback(process.wait)
        self._stack.callback(process.kill)
        return process

    def cli(self, command: str) -> str:
        """What Asterisk answers to a command."""
        self.start("asterisk", "-C", f"{self.folder}/etc/asterisk.conf", "-rx", command).wait(PATIENCE)
        return max(self.folder.glob("asterisk-*.log"), key=lambda log: int(log.stem[9:])).read_text()

    def _register(self, registrar: socket.socket) -> None:
        """A provider that first forbids a login, twice, and then takes it."""
        while True:
            request, sender = registrar.recvfrom(65536)
            head = [
                line
                for line in request.decode().split("\r\n")
                if line.startswith(("Via", "From", "To", "Call", "CSeq", "Contact"))
            ]
            status = "403 Forbidden" if self.refused < 2 else "200 OK"
            self.refused += 1
            registrar.sendto("\r\n".join([f"SIP/2.0 {status}", *head, "Content-Length: 0", "", ""]).encode(), sender)

    def callee(self, outcome: str) -> None:
        """The telephone of whoever is called, for one call; all that it gets and says is written down."""
        kind = "refuses" if outcome in REFUSES else SAME.get(outcome, outcome)
        text = (SCENARIOS / f"{kind}.xml").read_text().replace("ANSWER", REFUSES.get(outcome, ""))
        (self.folder / f"{outcome}.xml").write_text(text)
        port = 5070 + self.outcomes.index(outcome)
        command = f"sipp -i {TRUNK} -p {port} -mp {10 * port - 20000} -sf {self.folder}/{outcome}.xml -m 1 -nostdin"
        command += f" -timeout 150 -trace_msg -message_file {self.folder}/{outcome}.sip"
        self.start(*command.split())


class Telephone(threading.Thread):
    """Somebody who calls a number and presses keys: each after so many seconds since the one before.

    After the last they listen for `lasts` seconds, or to the end.
    """

    def __init__(self, rig: Rig, called: str, *keys: tuple[float, str], lasts: float, sends: str = "rtpevent") -> None:
        super().__init__()
        self._rig, self._keys, self._lasts, self.called = rig, keys, lasts, called
        self._number = next(rig.count)
        self.folder = rig.folder / f"telephone-{self._number}"
        self.over = False
        self._sends = sends
        self.folder.mkdir()
        self._configure()
        self.start()

    def _configure(self) -> None:
        modules = "g711 aufile aubridge sndfile account menu ctrl_tcp".split()
        told = {
            "sip_listen": f"{TRUNK}:{5100 + 2 * self._number}",
            "ctrl_tcp_listen": f"{TRUNK}:{4400 + self._number}",
            "net_interface": "sip0",
            "audio_source": f"aufile,{self.folder}/silence.wav",
            "audio_player": "aubridge,nobody",
            "audio_alert": "aubridge,nobody",
            "rtp_ports": "20000-29999",
            "snd_path": self.folder,
            "module_path": "/usr/lib/baresip/modules",
        }
        lines = [f"{name} {value}\n" for name, value in told.items()] + [f"module {name}.so\n" for name in modules]
        (self.folder / "config").write_text("".join(lines))
        account = f'"{NAME}" <sip:{NUMBER}@{EXCHANGE};transport=udp>;regint=0;dtmfmode={self._sends}\n'
        (self.folder / "accounts").write_text(account)
        (self.folder / "contacts").touch()
        with wave.open(str(self.folder / "silence.wav"), "wb") as file:  # RTP that a key stands in
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes(bytes(RATE * 2 * 240))

    def run(self) -> None:
        """Make the call."""
        most = str(int(sum(wait for wait, _ in self._keys) + self._lasts + 30))
        dial = f"/dial sip:{self.called}@{EXCHANGE}"
        process = self._rig.start("baresip", "-f", str(self.folder), "-t", most, "-e", dial)
        with inside(self._rig.namespace):
            control = socket.socket()
        wait_for(lambda: control.connect_ex((TRUNK, 4400 + self._number)) == 0)
        with control, suppress(OSError):
            for wait, keys in self._keys:
                time.sleep(wait)
                for key in keys:
                    self._tell(control, "sndcode", key)
                    time.sleep(0.3)
            until = time.monotonic() + self._lasts
            heard = b""
            while not self.over and (left := until - time.monotonic()) > 0:
                control.settimeout(left)
                with suppress(TimeoutError):
                    heard = heard[-2000:] + control.recv(65536)
                self.over = b"CALL_CLOSED" in heard
            self._tell(control, "quit", "")
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()

    @staticmethod
    def _tell(control: socket.socket, command: str, parameters: str) -> None:
        told = json.dumps({"command": command, "params": parameters}).encode()
        control.sendall(b"%d:%s," % (len(told), told))

    def heard(self, texts: list[str]) -> list[str]:
        """Which of these lines were heard, whole, in the order in which they were."""
        self.join()
        (dump,) = self.folder.glob("*dec.wav")
        sound = np.append(samples(dump), np.zeros(RATE))  # of the last packets some are still in its buffer
        found: set[tuple[int, str]] = set()
        for file in self._rig.folder.glob("**/sounds/lines/*.wav"):
            pieces, (track,) = unpack(file.read_bytes())
            if track.text in texts:
                found |= {(at, track.text) for at in begins(sound, from_bytes(pieces), WHOLE)}
        return [text for _, text in sorted(found)]


def samples(dump: Path) -> Samples:
    """The samples of what a telephone wrote down, which may break off anywhere."""
    data = dump.read_bytes()[44:]
    return from_bytes(data[: len(data) // 2 * 2])
