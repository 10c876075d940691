"""A service as it is started, in a process of its own."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from attrs import define, field

from tests.shared import PROJECT

BOOKINFO = PROJECT / "examples" / "bookinfo"
STARTING = 60


@define
class Running:
    """A running service: where it is, what it prints, and its process."""

    process: subprocess.Popen[str]
    url: str = ""
    events: list[dict[str, Any]] = field(factory=list)
    out: list[str] = field(factory=list)
    threads: list[threading.Thread] = field(factory=list)

    def client(self, token: str = "", **given: Any) -> httpx.Client:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60, **given)

    def children(self) -> list[int]:
        """The processes that it has started itself: its workers."""
        found = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        listed = [int(pid) for file in found for pid in file.read_text(encoding="ascii").split()]
        assert listed
        return listed

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        self.close()
        return code

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(30)
        for thread in self.threads:
            thread.join(10)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()


def started(*arguments: str) -> Running:
    """A service that has said where it is."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-m", "meshlint", "serve", "--port", "0", *arguments]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    running = Running(process)
    found: queue.Queue[str] = queue.Queue()

    def listen() -> None:
        for line in process.stderr or ():
            event = json.loads(line) if line.startswith("{") else {"event": line}
            running.events.append(event)
            if event["event"] == "serving":
                found.put(event["url"])
        found.put("")

    def read() -> None:
        running.out.extend(process.stdout or ())

    for each in (listen, read):
        running.threads.append(threading.Thread(target=each, daemon=True))
        running.threads[-1].start()
    running.url = found.get(timeout=STARTING)
    assert running.url, running.events
    return running


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service on this machine only, with a workspace `default` and one that stands for the cluster."""
    running = started(str(BOOKINFO), "--workspace", f"cluster={BOOKINFO}")
    yield running
    assert running.stop() in (0, -signal.SIGTERM)


@pytest.fixture
def serving() -> Iterator[Callable[..., Running]]:
    """Starts services, and stops them in the end."""
    running: list[Running] = []

    def start(*arguments: str) -> Running:
        running.append(started(*arguments))
        return running[-1]

    yield start
    for one in running:
        one.close()


@pytest.fixture
def bookinfo() -> dict[str, str]:
    """The files of the example by name."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(Path(BOOKINFO).glob("*.yaml"))}
