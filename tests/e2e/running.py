"""meshlint as its users run it: a process of its own, nothing of it replaced."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from typing import TYPE_CHECKING

from attrs import frozen

from tests.shared import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECONDS = 120
"""When a run hangs; far longer than any run takes."""

FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson")

CLEAN = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: shop
data:
  colour: green
"""
WARNING = """\
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
  namespace: shop
spec:
  mtls:
    mode: PERMISSIVE
"""
ERROR = """\
apiVersion: policy.linkerd.io/v1beta4
kind: Server
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  port: http
"""


@frozen
class Done:
    """What a run left behind."""

    code: int
    out: str
    err: str


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "meshlint", *arguments]


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    return {**kept, "PYTHONPATH": str(PROJECT)}


def meshlint(*arguments: str, at: Path, stdin: bytes = b"", memory: int | None = None) -> Done:
    """Run meshlint in the directory `at`, with at most `memory` bytes of address space."""
    return run(command(*arguments), at=at, stdin=stdin, memory=memory)


def run(words: list[str], *, at: Path, stdin: bytes = b"", memory: int | None = None) -> Done:
    done = subprocess.run(
        words,
        cwd=at,
        env=environment(),
        input=stdin,
        capture_output=True,
        timeout=SECONDS,
        preexec_fn=_capped(memory) if memory else None,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def _capped(memory: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def write(directory: Path, **files: str | bytes) -> Path:
    """Write `files`, whose names lack `.yaml`, below `directory`."""
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (directory / f"{name}.yaml").write_bytes(data)
    return directory
