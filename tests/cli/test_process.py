"""The command line as a process of its own: pipes that close, locales, what is loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.loaded import loaded
from tests.shared import PROJECT

_HEAVY = ("rich", "sarif_om", "networkx", "jsonschema", "ruamel", "difflib")
_START = """
import sys
from pathlib import Path
from tests.cli.fake_api import FakeApi
from tests.reports.outcomes import FULL
from attrs import evolve
sys.modules["meshlint.api"] = FakeApi(lambda: evolve(FULL, findings=FULL.findings * {times}))
from meshlint.cli import main
main()
"""


def start(*arguments: str, times: int = 1, **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", _START.format(times=times), *arguments],
        cwd=PROJECT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("name", ["text", "concise", "json", "sarif", "github"])
def test_a_reader_that_goes_away_leaves_no_traceback(name: str) -> None:
    with start("check", "-o", name, times=5_000) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        errors = process.stderr.read().decode()
    assert process.returncode == 1
    assert "Traceback" not in errors
    assert "Broken pipe" not in errors


def test_output_is_utf8_in_any_locale() -> None:
    with start("check", LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="") as process:
        out, _ = process.communicate()
    assert "全ての人" in out.decode("utf-8")


def test_a_closed_stdout_is_no_failure_of_meshlint() -> None:
    code = _START.format(times=1).replace("import sys", "import sys, os; os.close(1)", 1)
    done = subprocess.run([sys.executable, "-c", code, "check"], cwd=PROJECT, stderr=subprocess.PIPE)
    assert b"Traceback" not in done.stderr


def test_a_plain_check_loads_nothing_heavy() -> None:
    assert loaded("from meshlint.cli.app import app\napp.get_command(None, 'check')", _HEAVY) == []


_OTHERS = (
    "fractions",
    "meshlint.advisor",
    "meshlint.api.answers.routing.request",
    "meshlint.checks.authz.linkerd.servers.coverage",
    "meshlint.checks.scale.sidecars",
    "meshlint.security.access",
    "meshlint.security.linkerd.authorization",
    "meshlint.traffic.ways.way",
    "yaml",
)


def test_a_check_loads_nothing_for_what_is_not_in_view(tmp_path: Path) -> None:
    """Start-up is paid by every run: other verbs, other meshes and other kinds have no part in it."""
    manifest = tmp_path / "rule.yaml"
    manifest.write_text(
        "apiVersion: networking.istio.io/v1\nkind: DestinationRule\n"
        "metadata: {name: cart, namespace: shop}\nspec: {host: cart}\n"
    )
    assert loaded(f"from meshlint.api import check\ncheck([{str(manifest)!r}])", _OTHERS) == []
