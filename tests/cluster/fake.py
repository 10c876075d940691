"""An API server over HTTP that serves what it is told, and fails where it is told to."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yaml
from attrs import define, field

TOKEN = "the-token-of-the-account"


@define(eq=False)
class Cluster:
    """The objects by path of their list, each path with what is to go wrong with it."""

    kinds: dict[str, dict[str, tuple[str, str]]] = field(factory=dict)
    objects: dict[str, list[dict[str, Any]]] = field(factory=dict)
    forbidden: set[str] = field(factory=set)
    page: int = 2
    expire: Counter[str] = field(factory=Counter)
    """How often the continuation of a list is to have expired."""
    gone: Counter[str] = field(factory=Counter)
    """How often a watch is to be told that its version is too old."""
    broken: Counter[str] = field(factory=Counter)
    """How often a watch is to break in the middle."""
    mute: bool = False
    """Whether each watch ends at once."""
    version: int = 100
    asked: list[tuple[str, str]] = field(factory=list)
    events: dict[str, list[dict[str, Any]]] = field(factory=dict)
    changed: threading.Condition = field(factory=threading.Condition)

    def serve(self, group: str, version: str, kind: str, plural: str) -> str:
        root = f"/apis/{group}/{version}" if group else f"/api/{version}"
        self.kinds.setdefault(root, {})[plural] = (kind, group)
        return f"{root}/{plural}"

    def add(self, value: dict[str, Any], plural: str) -> None:
        group, _, version = value["apiVersion"].rpartition("/")
        path = self.serve(group, version, value["kind"], plural)
        metadata = {
            "uid": "u",
            "managedFields": [{}],
            **value["metadata"],
            "resourceVersion": str(self.version),
        }
        stored = {**value, "metadata": metadata}
        with self.changed:
            self.version += 1
            same = [one for one in self.objects.get(path, []) if _key(one) == _key(stored)]
            self.objects[path] = [one for one in self.objects.get(path, []) if one not in same] + [stored]
            self._tell(path, "MODIFIED" if same else "ADDED", stored)

    def remove(self, path: str, name: str) -> None:
        with self.changed:
            self.version += 1
            (gone,) = [one for one in self.objects[path] if one["metadata"]["name"] == name]
            self.objects[path].remove(gone)
            self._tell(path, "DELETED", gone)

    def _tell(self, path: str, what: str, value: dict[str, Any]) -> None:
        version = str(self.version)
        told = {**value, "metadata": {**value["metadata"], "resourceVersion": version}}
        self.events.setdefault(path, []).append({"type": what, "object": told})
        self.changed.notify_all()


def _key(value: dict[str, Any]) -> tuple[Any, Any]:
    return value["metadata"].get("namespace"), value["metadata"]["name"]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    cluster: Cluster

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.cluster.asked.append((parts.path, self.headers.get("accept", "")))
        if self.headers.get("authorization") != f"Bearer {TOKEN}":
            self.answer(401, {})
        elif parts.path in self.cluster.forbidden:
            self.answer(403, {})
        elif parts.path == "/apis":
            self.answer(200, {"groups": groups(self.cluster)})
        elif parts.path in self.cluster.kinds:
            self.answer(200, {"resources": resources(self.cluster, parts.path)})
        else:
            self.objects(parts.path, query)

    def objects(self, path: str, query: dict[str, str]) -> None:
        namespace = ""
        if "/namespaces/" in path:
            root, _, rest = path.partition("/namespaces/")
            namespace, _, plural = rest.partition("/")
            path = f"{root}/{plural}"
        root, _, plural = path.rpartition("/")
        if plural not in self.cluster.kinds.get(root, {}):
            self.answer(404, {})
        elif "watch" in query:
            self.watch(path, query)
        else:
            self.list(path, namespace, query)

    def list(self, path: str, namespace: str, query: dict[str, str]) -> None:
        start = int(query.get("continue", "0"))
        if start and self.cluster.expire[path]:
            self.cluster.expire[path] -= 1
            self.answer(410, {})
            return
        names_only = "PartialObjectMetadataList" in self.headers["accept"]
        found = [
            one
            for one in self.cluster.objects.get(path, ())
            if namespace in ("", one["metadata"].get("namespace"))
        ]
        page = [
            stripped(one) if names_only else bare(one) for one in found[start : start + self.cluster.page]
        ]
        metadata = {"resourceVersion": str(self.cluster.version)}
        if start + self.cluster.page < len(found):
            metadata["continue"] = str(start + self.cluster.page)
        self.answer(200, {"metadata": metadata, "items": page})

    def watch(self, path: str, query: dict[str, str]) -> None:
        self.send_response(200)
        self.send_header("transfer-encoding", "chunked")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        if self.cluster.mute:
            self.chunk(b"")
            return
        if self.cluster.gone[path]:
            self.cluster.gone[path] -= 1
            self.line({"type": "ERROR", "object": {"kind": "Status", "code": 410}})
            return
        seen, end = int(query["resourceVersion"]), time.monotonic() + 20
        while time.monotonic() < end:
            with self.cluster.changed:
                new = [e for e in self.cluster.events.get(path, ()) if version_of(e) > seen]
                if not new:
                    self.cluster.changed.wait(0.2)
            for event in new:
                seen = version_of(event)
                if self.cluster.broken[path]:
                    self.cluster.broken[path] -= 1
                    self.chunk(b'{"type": "ADDED", "obj')
                    return
                self.line(event)

    def line(self, value: Any) -> None:
        self.chunk(json.dumps(value).encode() + b"\n")

    def chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def answer(self, status: int, value: Any) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def version_of(event: dict[str, Any]) -> int:
    return int(event["object"]["metadata"]["resourceVersion"])


def bare(value: dict[str, Any]) -> dict[str, Any]:
    """An item of a list, which says neither version nor kind."""
    return {key: one for key, one in value.items() if key not in ("apiVersion", "kind")}


def stripped(value: dict[str, Any]) -> dict[str, Any]:
    return {"metadata": value["metadata"]}


def groups(cluster: Cluster) -> list[dict[str, Any]]:
    found: dict[str, list[str]] = {}
    for root in cluster.kinds:
        if root.startswith("/apis/"):
            _, _, group, version = root.split("/")
            found.setdefault(group, []).append(version)
    return [
        {"name": group, "versions": [{"version": v} for v in versions],
         "preferredVersion": {"version": versions[0]}}
        for group, versions in found.items()
    ]  # fmt: skip


def resources(cluster: Cluster, root: str) -> list[dict[str, Any]]:
    plain = [
        {"name": plural, "kind": kind, "verbs": ["list", "watch"]}
        for plural, (kind, _) in cluster.kinds[root].items()
    ]
    return [
        *plain,
        {"name": "x/status", "kind": "X", "verbs": ["get"]},
        {"name": "y", "kind": "Y", "verbs": []},
    ]


def running(cluster: Cluster, directory: Path) -> Iterator[Path]:
    """Serve `cluster`, and give a kubeconfig that leads to it."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            pass

    server = Server(("127.0.0.1", 0), type("Serving", (Handler,), {"cluster": cluster}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    config = {
        "apiVersion": "v1", "kind": "Config", "current-context": "test",
        "clusters": [{"name": "c", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}}],
        "users": [{"name": "u", "user": {"token": TOKEN}}],
        "contexts": [{"name": "test", "context": {"cluster": "c", "user": "u"}}],
    }  # fmt: skip
    file = directory / "kubeconfig"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    yield file
    server.shutdown()
    server.server_close()
    thread.join()
