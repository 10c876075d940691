"""Faults while the service is asked: nothing is lost, nothing hangs, and afterwards all is as before."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import trustme

from tests.advisor.workloads import services
from tests.oracle.cluster.control_plane import free_port
from tests.serve.conftest import BOOKINFO, Running
from tests.serve.test_admission import SPACE, route
from tests.serve.test_certificates import context, trusts, written
from tests.shared import PROJECT

ASKING = 3
LONGEST = 40.0
REQUEST = {"uid": "u", "operation": "UPDATE", "namespace": SPACE, "object": route("v9")}
REVIEW = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": REQUEST}
CHECK = {"files": services(3)}
CLOCK = """
import os, time
_real, _file = time.time, os.environ["CLOCK_FILE"]
def _shown():
    try:
        with open(_file) as file:
            return _real() + float(file.read() or 0)
    except (OSError, ValueError):
        return _real()
time.time = _shown
"""


class Asking:
    """Several clients that ask for reviews and checks until they are told to stop."""

    def __init__(self, url: str, **given: Any) -> None:
        self.url, self.given = url, given
        self.statuses: Counter[int] = Counter()
        self.longest = 0.0
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self._ask, args=(n,)) for n in range(ASKING)]

    def __enter__(self) -> Asking:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join(LONGEST + 20)
        assert not any(thread.is_alive() for thread in self.threads), "somebody still waits"
        assert self.longest < LONGEST

    def answered(self, more: int, within: float = 60) -> None:
        """Wait until so many more were answered."""
        wanted, end = self.statuses.total() + more, time.monotonic() + within
        while self.statuses.total() < wanted:
            assert time.monotonic() < end, self.statuses
            time.sleep(0.05)

    def _ask(self, number: int) -> None:
        path, body = ("/admission", REVIEW) if number % 2 else ("/v1/check", CHECK)
        with httpx.Client(base_url=self.url, timeout=LONGEST, **self.given) as client:
            while not self.stop.is_set():
                began = time.monotonic()
                try:
                    status = asked(client, path, body).status_code
                except httpx.HTTPError:
                    status = 0
                self.statuses[status] += 1
                self.longest = max(self.longest, time.monotonic() - began)


def asked(client: httpx.Client, path: str, body: Any) -> httpx.Response:
    """The answer, asked for again when that is told, as the API server does."""
    while (answer := client.post(path, json=body)).status_code == 429:
        time.sleep(float(answer.headers["Retry-After"]))
    return answer


def denied(client: httpx.Client) -> bool:
    answer = asked(client, "/admission", REVIEW)
    assert answer.status_code == 200, answer.text
    return not answer.json()["response"]["allowed"]


def test_workers_that_are_killed_while_they_answer_lose_no_more_than_what_they_answered(
    serving: Callable[..., Running],
) -> None:
    running = serving("--workspace", f"cluster={BOOKINFO}")
    with Asking(running.url) as asking:
        asking.answered(2)
        for _ in range(2):
            for pid in running.children():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            asking.answered(4)
    assert set(asking.statuses) <= {200, 503}, asking.statuses
    with running.client() as client:
        assert denied(client)


def test_a_service_on_a_disk_that_is_full_answers() -> None:
    """Its log ends in a device that is full, and from some time on no file of it or its workers can grow."""
    port = free_port()
    command = [sys.executable, "-m", "meshlint", "serve", "--port", str(port)]
    command += ["--workspace", f"cluster={BOOKINFO}"]
    with Path("/dev/full").open("w") as log:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log, cwd=PROJECT, text=True)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            ready_at_last(client)
            for pid in (process.pid, *Running(process).children()):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, 0))
            assert denied(client)
            assert client.post("/v1/check", json=CHECK).status_code == 200
            assert client.put("/v1/workspaces/mine", json=CHECK).status_code == 200
            assert client.post("/v1/graph", json={"workspace": "mine"}).status_code == 200
    finally:
        process.terminate()
        process.wait(60)


def ready_at_last(client: httpx.Client) -> None:
    end = time.monotonic() + 90
    while True:
        with suppress(httpx.HTTPError):
            if client.get("/readyz").status_code == 200:
                return
        assert time.monotonic() < end
        time.sleep(0.2)


@contextmanager
def connected(running: Running) -> Iterator[socket.socket]:
    url = httpx.URL(running.url)
    with socket.create_connection((url.host, url.port or 0)) as one:
        yield one


def head(path: str, length: int) -> bytes:
    lines = (f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json")
    return "\r\n".join((*lines, f"Content-Length: {length}", "", "")).encode()


def test_clients_that_send_and_take_slowly_hold_nobody_up(serving: Callable[..., Running]) -> None:
    running = serving("--workspace", f"cluster={BOOKINFO}", "--workers", "1")
    large = json.dumps({"files": services(150)}).encode()
    with connected(running) as dripping, connected(running) as deaf:
        dripping.sendall(head("/v1/check", len(large)) + large[:10])
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.sendall(head("/v1/graph", len(large)) + large)
        with Asking(running.url) as asking:
            asking.answered(6)
            dripping.sendall(large[10:20])
        assert set(asking.statuses) == {200}
        dripping.sendall(large[20:])
        dripping.settimeout(60)
        assert b" 200 " in dripping.recv(100)


def test_connections_that_are_half_open_or_torn_are_let_go(serving: Callable[..., Running]) -> None:
    running = serving("--workspace", f"cluster={BOOKINFO}")
    body = json.dumps(REVIEW).encode()
    with connected(running) as closed:
        closed.sendall(head("/admission", len(body)) + body)
        closed.shutdown(socket.SHUT_WR)
        closed.settimeout(60)
        assert b" 200 " in closed.recv(100), "who says no more may still listen"
    for part in (1, len(body) - 1, len(body)):
        for _ in range(20):
            with connected(running) as torn:
                torn.sendall(head("/admission", len(body)) + body[:part])
                torn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with running.client() as client:
        assert denied(client)
    end = time.monotonic() + 30
    while (left := open_sockets(running.process.pid)) > 12:
        assert time.monotonic() < end, left
        time.sleep(0.2)


def open_sockets(pid: int) -> int:
    found = 0
    for one in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            found += str(one.readlink()).startswith("socket:")
    return found


def test_certificates_that_are_renewed_under_load_lose_no_answer(
    serving: Callable[..., Running], tmp_path: Path
) -> None:
    first, second = trustme.CA(), trustme.CA()
    files = written(first, tmp_path)
    running = serving(
        "--workspace", f"cluster={BOOKINFO}", "--tls-cert", str(files[0]), "--tls-key", str(files[1])
    )
    both = context(first, None)
    both.load_verify_locations(cadata=second.cert_pem.bytes().decode("ascii"))
    with Asking(running.url, verify=both) as asking:
        asking.answered(2)
        written(second, tmp_path)
        end = time.monotonic() + 30
        while not trusts(running, second):
            assert time.monotonic() < end
            time.sleep(0.5)
        asking.answered(3)
    assert set(asking.statuses) == {200}, asking.statuses


def test_steps_of_the_clock_change_no_deadline(
    serving: Callable[..., Running], tmp_path: Path, monkeypatch: Any
) -> None:
    """The time of day of the service and its workers is what a file says, which jumps while they answer."""
    (tmp_path / "sitecustomize.py").write_text(CLOCK, encoding="utf-8")
    clock = tmp_path / "clock"
    monkeypatch.setenv("CLOCK_FILE", str(clock))
    monkeypatch.setattr("tests.serve.conftest.PROJECT", f"{PROJECT}{os.pathsep}{tmp_path}")
    running = serving("--workspace", f"cluster={BOOKINFO}")
    with Asking(running.url) as asking:
        for step in (86_400 * 400, -86_400 * 30, 0):
            clock.write_text(str(step), encoding="utf-8")
            asking.answered(3)
    assert set(asking.statuses) == {200}, asking.statuses
    with running.client() as client:
        assert denied(client)
