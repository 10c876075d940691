"""Load on the service: python -m bench.serving [--clients N] [--seconds S] [--services N]

Clients ask a mixture of small and medium checks, access questions and admission reviews, each of another
object, as fast as they are answered, of a service with a synthetic mesh as its cluster. Each client has a
VirtualService, an AuthorizationPolicy, a Service and a Deployment reviewed in turn. Told is how many answers
of which status came, how long they took, and what the service had in memory before and after.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from attrs import define, field

from bench.asking import Client, Lost
from bench.generate import SERVICES_PER_NAMESPACE, write_mesh

_ADMISSION = "admission"
_KINDS = (("small check", 6), ("medium check", 1), ("access", 2), (_ADMISSION, 3))
_PAUSE = 0.05


@define
class Tally:
    """What came of the questions of one kind."""

    statuses: Counter[int] = field(factory=Counter)
    seconds: list[float] = field(factory=list)
    lost: int = 0

    def told(self, name: str) -> str:
        """A row of the report."""
        statuses = ", ".join(f"{count} × {status}" for status, count in sorted(self.statuses.items()))
        if len(self.seconds) < 2:
            return f"| {name} | {statuses} | {self.lost} | | |"
        cuts = statistics.quantiles(self.seconds, n=100)
        return f"| {name} | {statuses} | {self.lost} | {cuts[49] * 1000:.0f} ms | {cuts[98] * 1000:.0f} ms |"


def main() -> None:
    """Load a service, and print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--services", type=int, default=2000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        write_mesh(Path(directory), given.services)
        process, url = _started(directory)
        try:
            before = _resident(process.pid)
            tallies = asyncio.run(_load(url, given.clients, given.seconds, given.services))
            after = _resident(process.pid)
        finally:
            process.terminate()
            process.wait(60)
    _report(tallies, given, before, after)


def _started(directory: str) -> tuple[subprocess.Popen[str], str]:
    command = [
        sys.executable,
        "-m",
        "meshlint",
        "serve",
        "--port",
        "0",
        "--workspace",
        f"cluster={directory}",
    ]
    process = subprocess.Popen(
        [*command, "--workers", str(os.cpu_count() or 2)], stderr=subprocess.PIPE, text=True
    )
    for line in process.stderr or ():
        event = json.loads(line) if line.startswith("{") else {}
        if event.get("event") == "serving":
            _drain(process)
            return process, str(event["url"])
    raise SystemExit("the service did not come up")


def _drain(process: subprocess.Popen[str]) -> None:
    import threading

    threading.Thread(target=lambda: list(process.stderr or ()), daemon=True).start()


async def _load(url: str, clients: int, seconds: float, services: int) -> dict[str, Tally]:
    tallies = {name: Tally() for name in _ROWS}
    end = time.monotonic() + seconds
    await asyncio.gather(
        *(_client(Client(url), tallies, end, Asked(random.Random(n), services)) for n in range(clients))
    )
    return tallies


async def _client(client: Client, tallies: dict[str, Tally], end: float, asked: Asked) -> None:
    chance = asked.chance
    names = [name for name, weight in _KINDS for _ in range(weight)]
    while time.monotonic() < end:
        name, path, body = asked.question(chance.choice(names))
        began = time.monotonic()
        try:
            answer = await client.post(path, body)
        except Lost:
            tallies[name].lost += 1
            continue
        tallies[name].statuses[answer.status] += 1
        if answer.status == 429:
            await asyncio.sleep(float(answer.headers["retry-after"]) * chance.random())
        else:
            tallies[name].seconds.append(time.monotonic() - began)
        await asyncio.sleep(_PAUSE * chance.random())
    client.close()


@define
class Asked:
    """What one client asks: of a mesh of so many services, each time about another one."""

    chance: random.Random
    services: int
    reviews: int = 0

    def question(self, name: str) -> tuple[str, str, dict[str, Any]]:
        """The row that a question counts for, its path and its body."""
        service, namespace = self._any_service()
        if name == "access":
            return name, "/v1/access", {"workspace": "cluster", "to": f"{namespace}/{service}"}
        if name == _ADMISSION:
            kind = tuple(REVIEWED)[self.reviews % len(REVIEWED)]
            self.reviews += 1
            row = f"{_ADMISSION}: {kind}"
            return row, "/admission", _review(kind, service, namespace, self.chance.randrange(1, 60))
        count = 10 if name == "small check" else 300
        first = self.chance.randrange(1_000_000)
        return name, "/v1/check", {"files": {"all.yaml": "---\n".join(_objects(first, count))}}

    def _any_service(self) -> tuple[str, str]:
        number = self.chance.randrange(self.services)
        return f"service-{number}", f"team-{number % max(1, self.services // SERVICES_PER_NAMESPACE)}"


def _review(kind: str, service: str, namespace: str, number: int) -> dict[str, Any]:
    """One object of the mesh, changed in what its authors change most."""
    version, name, spec = REVIEWED[kind](service, number)
    metadata = {"name": name, "namespace": namespace, "labels": _labels(kind, service)}
    new = {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec}
    request = {"uid": "1", "operation": "UPDATE", "namespace": namespace, "object": new}
    return {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}


def _labels(kind: str, service: str) -> dict[str, str]:
    if kind == "Deployment":
        return {"app": service, "version": "v1"}
    return {"app": service} if kind == "Service" else {}


def _virtual_service(service: str, number: int) -> tuple[str, str, dict[str, Any]]:
    """All requests are led to the service, within another time."""
    route = {"route": [{"destination": {"host": service}}], "timeout": f"{number}s"}
    return "networking.istio.io/v1", service, {"hosts": [service], "http": [route]}


def _policy(service: str, number: int) -> tuple[str, str, dict[str, Any]]:
    """Another path is opened to one account."""
    caller = f"cluster.local/ns/team-0/sa/{service}"
    rule = {
        "from": [{"source": {"principals": [caller]}}],
        "to": [{"operation": {"methods": ["GET"], "paths": [f"/api/{number}/*"]}}],
    }
    selector = {"matchLabels": {"app": service}}
    return "security.istio.io/v1", service, {"selector": selector, "action": "ALLOW", "rules": [rule]}


def _service(service: str, number: int) -> tuple[str, str, dict[str, Any]]:
    """A second port is opened."""
    ports = [
        {"name": "http", "port": 80, "targetPort": "http"},
        {"name": "http-more", "port": 9000 + number, "targetPort": "http"},
    ]
    return "v1", service, {"selector": {"app": service}, "ports": ports}


def _deployment(service: str, number: int) -> tuple[str, str, dict[str, Any]]:
    """A new image is rolled out."""
    labels = {"app": service, "version": "v1"}
    container = {
        "name": "app",
        "image": f"example.test/{service}:1.{number}",
        "ports": [{"name": "http", "containerPort": 8080}],
        "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}},
    }
    template = {
        "metadata": {"labels": labels},
        "spec": {"serviceAccountName": service, "containers": [container]},
    }
    spec = {"replicas": 2, "selector": {"matchLabels": labels}, "template": template}
    return "apps/v1", f"{service}-v1", spec


REVIEWED: dict[str, Callable[[str, int], tuple[str, str, dict[str, Any]]]] = {
    "VirtualService": _virtual_service,
    "AuthorizationPolicy": _policy,
    "Service": _service,
    "Deployment": _deployment,
}
"""The kinds that are reviewed in turn, each with the version, name and spec of what is reviewed."""
_ROWS = (
    *(name for name, _ in _KINDS if name != _ADMISSION),
    *(f"{_ADMISSION}: {kind}" for kind in REVIEWED),
)


def _objects(first: int, count: int) -> Iterator[str]:
    for n in range(first, first + count):
        yield f"apiVersion: v1\nkind: Service\nmetadata: {{name: s{n}}}\nspec: {{ports: [{{port: 80}}]}}\n"


def _report(tallies: dict[str, Tally], given: argparse.Namespace, before: int, after: int) -> None:
    print(
        f"{given.clients} clients, {given.seconds:g} s, {given.services} services, {os.cpu_count()} cores\n"
    )
    print("| question | answers | lost | median | 99 of 100 within |\n|---|---|---|---|---|")
    for name, tally in tallies.items():
        print(tally.told(name))
    print(
        _together(one for name, one in tallies.items() if name.startswith(_ADMISSION)).told("all admissions")
    )
    print(f"\nMemory of the service and its workers: {before >> 20} MiB before, {after >> 20} MiB after")


def _together(tallies: Iterable[Tally]) -> Tally:
    found = Tally()
    for one in tallies:
        found.statuses += one.statuses
        found.seconds += one.seconds
        found.lost += one.lost
    return found


def _resident(pid: int) -> int:
    """The bytes that a process and those that it started hold."""
    found = 0
    for one in (pid, *_children(pid)):
        for line in Path(f"/proc/{one}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                found += int(line.split()[1]) * 1024
    return found


def _children(pid: int) -> list[int]:
    files = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for file in files for child in file.read_text(encoding="ascii").split()]


if __name__ == "__main__":
    main()
