# SPDX-License-Identifier: EUPL-1.2
"""The bound on connections, on a machine where Docker leads the ports to a container: in two network namespaces."""

import os
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.deploy.conftest import DEPLOY, Tool, needed
from tests.deploy.test_flood import inside

pytestmark = pytest.mark.starts

MOST = 2000
"""Connections that limits.nft lets one sender have."""

CONTAINER, MACHINE, STRANGER, CALLER = "172.31.77.2", "198.18.2.2", "198.18.2.3", "198.18.2.4"

AS_DOCKER = f"""
table ip nat {{
    chain PREROUTING {{
        type nat hook prerouting priority dstnat
        tcp dport 443 dnat to {CONTAINER}:8443
    }}
}}
"""
"""How Docker leads a port to another of a container (https://docs.docker.com/engine/network/packet-filtering-firewalls/)."""


@contextmanager
def container(tool: Tool, folder: Path) -> Iterator[None]:
    """A machine with limits.nft, and in it a container with a server that takes every connection."""
    machine, inner, link = (f"{name}{os.getpid() % 10000}" for name in ("host", "box", "lim"))
    (folder / "docker.nft").write_text(AS_DOCKER)
    with ExitStack() as stack:
        for name in (machine, inner):
            tool("ip", "netns", "add", name)
            stack.callback(tool, "ip", "netns", "delete", name)
        tool("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", machine)
        stack.callback(tool, "ip", "link", "delete", link)
        for address in ("198.18.2.1", STRANGER, CALLER):
            tool("ip", "address", "add", f"{address}/24", "dev", link)
        tool("ip", "link", "set", link, "up")
        tool("ip", "-n", machine, "link", "add", "docker0", "type", "veth", "peer", "name", "eth0", "netns", inner)
        for name, device, address in (
            (machine, "eth0", MACHINE),
            (machine, "docker0", "172.31.77.1"),
            (inner, "eth0", CONTAINER),
        ):
            tool("ip", "-n", name, "address", "add", f"{address}/24", "dev", device)
            tool("ip", "-n", name, "link", "set", device, "up")
        tool("ip", "-n", inner, "route", "add", "default", "via", "172.31.77.1")
        for rules in (folder / "docker.nft", DEPLOY / "proxy/limits.nft"):
            tool("ip", "netns", "exec", machine, needed("nft"), "--file", rules)
        with inside(machine):
            Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
        with inside(inner):
            stack.enter_context(socket.create_server((CONTAINER, 8443), backlog=4096))
        yield


def connected(source: str) -> socket.socket:
    """A connection to the machine; raises ConnectionRefusedError where it is refused."""
    return socket.create_connection((MACHINE, 443), 10, (source, 0))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes a network namespace")
def test_a_sender_has_a_bound_before_docker_too(tool: Tool, tmp_path: Path) -> None:
    """Of one sender so many connections reach the container, and no more; another sender is let in all the same."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with container(tool, tmp_path), ExitStack() as stack:
        for _ in range(MOST):
            stack.enter_context(connected(STRANGER))
        with pytest.raises(ConnectionRefusedError):
            connected(STRANGER)
        connected(CALLER).close()
