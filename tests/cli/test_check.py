from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Meshlint
from tests.cli.fake_api import FakeApi
from tests.reports.outcomes import CLEAN


def test_several_reports_in_one_run(meshlint: Meshlint, tmp_path: Path) -> None:
    result = meshlint("check", "-o", "concise", "-o", "sarif=out.sarif", "-o", "json=out.json")
    assert result.out.startswith("mesh/reviews.yaml:12:21: error: ")
    assert json.loads((tmp_path / "out.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["version"] == "1"


def test_a_report_that_goes_to_a_file_leaves_stdout_empty(meshlint: Meshlint) -> None:
    assert meshlint("check", "-o", "text=out.txt").out == ""


def test_the_summary_goes_to_stderr_unless_quiet(meshlint: Meshlint) -> None:
    assert "Found 1 error, 3 warnings and 1 info" in meshlint("check").err
    assert meshlint("check", "--quiet").err == ""


def test_a_clean_run_says_what_was_looked_at(meshlint: Meshlint) -> None:
    result = meshlint("check", answer=lambda: CLEAN)
    assert (result.out, result.err) == ("", "No findings (5 objects in 3 files).\n")


@pytest.mark.parametrize(
    ("arguments", "environment", "colored"),
    [
        ((), {}, False),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        (("--color", "never"), {"FORCE_COLOR": "1"}, False),
    ],
)
def test_color(
    meshlint: Meshlint,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    environment: dict[str, str],
    colored: bool,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    result = meshlint("check", *arguments)
    assert ("\x1b[" in result.out, "\x1b[" in result.err) == (colored, colored)


def test_what_was_not_asked_is_left_to_the_configuration(meshlint: Meshlint, fake: FakeApi) -> None:
    meshlint("check")
    [(paths, given)] = fake.asked
    assert paths == (".",)
    assert {name for name, value in given.items() if value} == {"gitignore", "helm"}


def test_what_was_asked_reaches_the_api(meshlint: Meshlint, fake: FakeApi, tmp_path: Path) -> None:
    (tmp_path / "mesh.yaml").touch()
    meshlint("check", "a", "b", "--select", "MTLS, AUTHZ", "--select", "ROUTE001", "--assume",
             "complete", "--mesh-config", "mesh.yaml", "--istio-version", "1.20", "--no-gitignore",
             "-n", "shop")  # fmt: skip
    [(paths, given)] = fake.asked
    assert paths == ("a", "b")
    assert given["select"] == ("MTLS", "AUTHZ", "ROUTE001")
    assert given["mesh_config"] == (Path("mesh.yaml"),)
    assert given["versions"] == {"istio": "1.20"}
    assert (given["assume"], given["gitignore"], given["namespace"]) == ("complete", False, "shop")


def test_changed_files_are_read_within_the_whole_directory(meshlint: Meshlint, fake: FakeApi) -> None:
    meshlint("check", "--changed", "a.yaml", "b/c.yaml")
    [(paths, given)] = fake.asked
    assert (paths, given["changed"]) == ((".",), ("a.yaml", "b/c.yaml"))


def test_sarif_paths_lead_from_the_root_of_the_repository(
    meshlint: Meshlint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "deploy").mkdir()
    monkeypatch.chdir(tmp_path / "deploy")
    run = json.loads(meshlint("check", "mesh", "-o", "sarif").out)["runs"][0]
    location = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location["uri"] == "deploy/mesh/reviews.yaml"
    assert run["automationDetails"]["id"] == "meshlint/deploy/mesh/"
