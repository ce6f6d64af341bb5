# SPDX-License-Identifier: EUPL-1.2
"""Stands in for systemctl: `restart ivr-serve@PORT` ends the server of that port and starts another, for real.

So does `restart nginx`; `is-active` looks whether their processes live, and `start ivr-call` makes the test call.

As systemd does with Type=notify, it returns once the server answers, or fails when that ends instead. In the folder of
IVR_TEST_SYSTEMD there is a file with the process of each port; `broken-PORT` lets a restart fail, `slow` lets it wait.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

COMMAND = [sys.executable, "-c", "from ivr.commands.main import main; main()"]
SERVE = "from ivr.process import server; server.DRAIN = 0; from ivr.commands.main import main; main()"


def restart(unit: str, folder: Path) -> None:
    """End the server of a unit, if there is one, and start another; ends with 1 when that does not answer."""
    port = unit.partition("@")[2]
    running = folder / port
    if running.exists():
        stop(int(running.read_text()))
        running.unlink()
    with (folder / "restarted").open("a") as restarted:
        restarted.write(f"{port}\n")
    if (folder / "slow").exists():
        time.sleep(60)
    if (folder / f"broken-{port}").exists():
        sys.exit(f"Job for {unit}.service failed because the control process exited with error code.\nSee more.")
    with (folder / f"output-{port}").open("ab") as output:
        command = [sys.executable, "-c", SERVE, "serve", "--port", port, "--workers", "1"]
        server = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
    running.write_text(str(server.pid))
    until = time.monotonic() + 180
    while server.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5):
                os._exit(0)  # the server lives on
        except OSError:
            time.sleep(0.05)
    sys.exit(f"Job for {unit}.service failed.")


def stop(pid: int) -> None:
    """End a server and wait until it is gone; on a busy machine its number may be that of somebody else by then."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        if b"ivr.process" not in command and b"nginx" not in command:
            return
        os.kill(pid, signal.SIGTERM)
        while True:
            time.sleep(0.05)
            os.kill(pid, 0)
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            if state == "Z":  # nobody waits for it where the tests run
                return
    except (ProcessLookupError, FileNotFoundError):
        return


def nginx(folder: Path) -> None:
    """End nginx, if it runs, and start it with the configuration that stands in the folder."""
    running = folder / "nginx"
    if running.exists():
        stop(int(running.read_text()))
    with (folder / "output-nginx").open("ab") as output:
        command = ["nginx", "-e", "stderr", "-c", str(folder / "nginx.conf")]
        running.write_text(str(subprocess.Popen(command, stdout=output, stderr=output).pid))
    time.sleep(0.5)
    os._exit(0)


def is_active(unit: str, folder: Path) -> bool:
    """Whether the process of a unit lives."""
    running = folder / (unit.partition("@")[2] or unit)
    with suppress(FileNotFoundError):
        state = Path(f"/proc/{running.read_text()}/stat").read_text().rpartition(")")[2].split()[0]
        command = Path(f"/proc/{running.read_text()}/cmdline").read_bytes()
        return state != "Z" and (b"ivr.process" in command or b"nginx" in command)
    return False


def show(folder: Path) -> None:
    """What systemd hears from `ivr asterisk`, which says it again and again, if it runs."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
        notified.bind(str(folder / "notify"))
        notified.settimeout(3)
        with suppress(TimeoutError):
            print(f"ActiveState=active\nStatusText={notified.recv(4096).decode().partition('STATUS=')[2]}")
    (folder / "notify").unlink()


def main(what: str, *units: str) -> None:
    """The six things that our pages ask of it."""
    folder = Path(os.environ["IVR_TEST_SYSTEMD"])
    if what == "is-active":
        active = [is_active(unit, folder) for unit in units]
        print("\n".join("active" if one else "failed" for one in active))
        sys.exit(0 if any(active) else 3)
    if units == ("ivr-call",):
        call = ["call", os.environ["IVR_PUBLIC_URL"], "--keys", "3", "--expect", os.environ["CALL_EXPECT"]]
        sys.exit(subprocess.run([*COMMAND, *call], stdout=subprocess.DEVNULL, check=False).returncode)
    if what == "show":
        show(folder)
        return
    if what == "is-enabled":  # ivr-asterisk, which is not here
        sys.exit(1)
    assert what == "restart"
    (unit,) = units
    if unit == "nginx":
        nginx(folder)
    restart(unit, folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
