"""Readers that go away, streams that are closed, disks that are full."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.e2e.running import CLEAN, ERROR, FORMATS, command, environment, meshlint, write

_FULL = Path("/dev/full")


def shell(script: str, *arguments: str, at: Path) -> subprocess.CompletedProcess[str]:
    """Run meshlint as `"$@"` in a shell script."""
    words = ["sh", "-c", script, "sh", *command(*arguments)]
    return subprocess.run(words, cwd=at, env=environment(), capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("name", FORMATS)
def test_head_leaves_no_traceback(tmp_path: Path, name: str) -> None:
    names = [f"very-long-name-of-a-server-{number:04}" for number in range(1500)]
    many = "---\n".join(ERROR.replace("name: web", f"name: {name}") for name in names)
    (tmp_path / "meshlint.yaml").write_text("group-after: 100000\n")
    done = shell('"$@" | head -1', "check", "--quiet", "-o", name, at=write(tmp_path, a=many))
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_a_closed_stdin_is_no_crash(tmp_path: Path) -> None:
    done = shell('"$@" <&-', "check", "-", at=tmp_path)
    assert done.returncode == 2
    assert "standard input is closed" in done.stderr


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_outputs_are_no_crash(tmp_path: Path, closed: str) -> None:
    done = shell(f'"$@" {closed}', "check", at=write(tmp_path, a=ERROR))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not _FULL.exists(), reason="there is no device that is always full")
def test_a_full_disk_is_said(tmp_path: Path) -> None:
    done = shell(f'"$@" > {_FULL}', "check", at=write(tmp_path, a=ERROR))
    assert done.returncode == 3
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_standard_input_is_read_and_named(tmp_path: Path) -> None:
    done = meshlint("check", "-", "-o", "concise", at=tmp_path, stdin=ERROR.encode())
    assert done.code == 1
    assert done.out.startswith("<stdin>:1:13: error: ")


def test_standard_input_joins_files(tmp_path: Path) -> None:
    done = meshlint("check", "-", "a.yaml", at=write(tmp_path, a=CLEAN), stdin=ERROR.encode())
    assert "2 objects in 2 files" in done.err


def test_an_empty_standard_input_is_nothing(tmp_path: Path) -> None:
    done = meshlint("check", "-", at=tmp_path)
    assert done.code == 4
    assert "in standard input" in done.err
