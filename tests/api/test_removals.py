"""What becomes of findings when files are taken away."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from meshlint.api import Request, UsageError, check
from tests.packaging.test_pre_commit import ROUTE, RULE, SERVICE, UNRELATED, make_repository


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository in order, but for an old mistake."""
    files = {"service.yaml": SERVICE, "rule.yaml": RULE, "route.yaml": ROUTE, "old.yaml": UNRELATED}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    make_repository(tmp_path)
    return tmp_path


def found(directory: Path, *changed: str) -> set[tuple[str, str]]:
    outcome = check((".",), Request(no_config=True, assume="complete", directory=directory, changed=changed))
    return {(one.rule, one.location.file) for one in outcome.findings}


def test_a_removed_file_that_others_need_is_told_of(shop: Path) -> None:
    (shop / "rule.yaml").unlink()
    assert ("SUBSET001", "route.yaml") in found(shop, "rule.yaml")
    assert not any(file == "old.yaml" for _, file in found(shop, "rule.yaml"))


def test_a_removed_file_that_nobody_needs_is_silent(shop: Path) -> None:
    (shop / "old.yaml").unlink()
    assert found(shop, "old.yaml") == set()


def test_a_path_that_never_was_is_a_mistake(shop: Path) -> None:
    with pytest.raises(UsageError, match="was not committed"):
        found(shop, "rules.yaml")


def test_without_a_repository_it_is_one_too(tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text(SERVICE, encoding="utf-8")
    with pytest.raises(UsageError, match="does not exist"):
        found(tmp_path, "rule.yaml")


def test_before_the_first_commit_everything_is_new(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "old.yaml").write_text(UNRELATED, encoding="utf-8")
    outcome = check((".",), Request(no_config=True, directory=tmp_path, since="HEAD"))
    assert outcome.findings
