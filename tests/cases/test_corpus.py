"""Real manifests: nothing crashes, and every file is accounted for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from meshlint.api import NothingFound, ReadOptions, Selection, check_project, collect, read_sources
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.plan import make_plan
from meshlint.engine.run import CRASHED
from meshlint.reports import ReportOptions, writer
from meshlint.sources import SourceOptions
from tests.shared import SHARED, needs_shared

REPOSITORIES = sorted((SHARED / "corpus").iterdir()) if SHARED.is_dir() else []
PARAMETERS = [pytest.param(path, id=path.name) for path in REPOSITORIES if path.is_dir()]
ENDINGS = {".yaml", ".yml", ".json"}


@needs_shared
@pytest.mark.parametrize("repository", PARAMETERS)
def test_a_repository_is_analysed_whole(repository: Path) -> None:
    sources = collect([str(repository)], SourceOptions(SHARED))
    project = read_sources(sources, ReadOptions())
    plan = make_plan(load_catalogue(), Selection(select=("ALL",)))
    outcome = check_project(project, plan)
    assert [finding.message for finding in outcome.findings if finding.rule == CRASHED] == []
    files = {
        path.relative_to(SHARED).as_posix()
        for path in repository.rglob("*")
        if path.suffix.lower() in ENDINGS and path.is_file()
    }
    passed_over = {entry.path for entry in project.passed_over}
    directories = tuple(path for path in passed_over if path.endswith("/"))
    lost = {
        path
        for path in files - project.texts.keys() - passed_over
        if not path.startswith(directories) and not _is_hidden(path)
    }
    assert lost == set()
    (run,) = json.loads("\n".join(writer("sarif")(outcome, ReportOptions())))["runs"]
    assert len(run["results"]) <= 25_000
    assert all(len(result.get("relatedLocations", ())) <= 1000 for result in run["results"])
    named = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert named == {result["ruleId"] for result in run["results"]}


@needs_shared
def test_a_directory_without_manifests_is_not_clean(tmp_path: Path) -> None:
    from meshlint.api import Request, check

    (tmp_path / "values.yaml").write_text("replicas: 3\n")
    with pytest.raises(NothingFound):
        check([str(tmp_path)], Request(no_config=True, directory=tmp_path))


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") or part in ("vendor", "node_modules") for part in Path(path).parts)
