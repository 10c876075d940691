"""A real API server and its kubectl, built once of their published modules and kept in the user's cache."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_MODULE = ("go.mod", "go.sum")
_RELEASE = "v1.34.3"
_TOOLS = ("kube-apiserver", "kubectl")
_DEBIAN_ETCD = "the package etcd-server is not installed, so no API server is asked"
_NO_GO = "there is no Go toolchain, so no API server is built and none is asked"
_SECONDS = 3600


def etcd() -> str:
    """The store of the API server; skips where it is not installed."""
    return shutil.which("etcd") or pytest.skip(_DEBIAN_ETCD)


def binaries() -> Path:
    """The folder of `kube-apiserver` and `kubectl`; skips where they cannot be built here."""
    made = sha256(b"".join((_HERE / name).read_bytes() for name in _MODULE)).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "meshlint-oracle" / f"{_RELEASE}-{made}"
    if not all((folder / tool).is_file() for tool in _TOOLS):
        go = shutil.which("go") or pytest.skip(_NO_GO)
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not all((folder / tool).is_file() for tool in _TOOLS):
                _build(go, folder)
    return folder


def _build(go: str, folder: Path) -> None:
    """Build of a copy of the module, so that nothing is written into the checkout."""
    work = folder / "module"
    work.mkdir(exist_ok=True)
    for name in _MODULE:
        shutil.copy(_HERE / name, work)
    major, minor, _ = _RELEASE.removeprefix("v").split(".")
    stamp = "k8s.io/component-base/version"
    words = {"gitVersion": _RELEASE, "gitMajor": major, "gitMinor": minor}
    flags = " ".join(["-s -w", *(f"-X {stamp}.{name}={word}" for name, word in words.items())])
    command = [go, "build", "-p", "2", "-buildvcs=false", f"-ldflags={flags}", "-o", "new/", "tool"]
    environment = {**os.environ, "GOFLAGS": "-mod=readonly"}
    built = subprocess.run(
        command, cwd=work, env=environment, capture_output=True, text=True, timeout=_SECONDS
    )
    if built.returncode:
        pytest.skip(f"the API server cannot be built here: {built.stderr[-300:]}")
    for tool in _TOOLS:
        (work / "new" / tool).replace(folder / tool)
