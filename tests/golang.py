"""What tests take from the Go toolchain; they are skipped where there is none, or where it cannot have it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from shutil import which

import pytest

_OF_A_MODULE = {"GOFLAGS": "-mod=mod"}


def module(name: str, version: str) -> Path:
    """Where Go keeps the files of a module."""
    told = _go(
        f"the module {name}", "mod", "download", "-json", f"{name}@{version}", more=_OF_A_MODULE, at="/"
    )
    return Path(json.loads(told)["Dir"])


def installed(package: str, version: str, place: Path) -> Path:
    """The folder that is given, with the program of a package built into it."""
    _go(f"the program {package}", "install", f"{package}@{version}", more={"GOBIN": str(place)})
    return place


def built(folder: Path) -> Path:
    """The program of the module in a folder."""
    _go(f"the program of {folder.name}", "build", "-o", "program", ".", more=_OF_A_MODULE, at=folder)
    return folder / "program"


def _go(what: str, *arguments: str, more: Mapping[str, str], at: str | Path | None = None) -> str:
    go = which("go") or pytest.skip(f"no Go toolchain is installed, so {what} is not to be had")
    run = subprocess.run(
        [go, *arguments], cwd=at, env={**os.environ, **more}, capture_output=True, text=True, check=False
    )
    if run.returncode:
        pytest.skip(f"Go cannot have {what}: {run.stderr[-300:]}")
    return run.stdout
