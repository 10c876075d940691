from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from meshlint.sources import Reason
from tests.sources.tree import gather, names, plant, reasons


def test_ignored_files_and_directories_are_counted(tmp_path: Path) -> None:
    plant(
        tmp_path, {".gitignore": "build/\n*.gen.yaml\n", "build/a.yaml": "", "b.gen.yaml": "", "c.yaml": ""}
    )
    result = gather(tmp_path)
    assert names(result) == ["c.yaml"]
    assert reasons(result) == {"build/": Reason.IGNORED, "b.gen.yaml": Reason.IGNORED}


def test_a_nested_ignore_file_overrules_the_outer_one(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            ".gitignore": "*.tmp.yaml\n/only-here.yaml\n",
            "in/.gitignore": "!keep.tmp.yaml\n",
            "in/keep.tmp.yaml": "",
            "in/drop.tmp.yaml": "",
            "in/only-here.yaml": "",
            "only-here.yaml": "",
        },
    )
    assert names(gather(tmp_path)) == ["in/keep.tmp.yaml", "in/only-here.yaml"]


def test_ignore_files_above_the_named_directory_hold_up_to_the_git_root(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            ".gitignore": "c.yaml\n",
            "repository/.git/HEAD": "",
            "repository/.gitignore": "a.yaml\n",
            "repository/k8s/a.yaml": "",
            "repository/k8s/b.yaml": "",
            "repository/k8s/c.yaml": "",
        },
    )
    assert names(gather(tmp_path, ["repository/k8s"])) == ["repository/k8s/b.yaml", "repository/k8s/c.yaml"]


def test_a_named_directory_that_is_ignored_is_read(tmp_path: Path) -> None:
    plant(tmp_path, {".git/HEAD": "", ".gitignore": "rendered/\n", "rendered/a/b.yaml": ""})
    assert names(gather(tmp_path)) == []
    for path in ("rendered", "rendered/a"):
        assert names(gather(tmp_path, [path])) == ["rendered/a/b.yaml"]
    both = gather(tmp_path, [".", "rendered"])
    assert (names(both), both.passed_over) == (["rendered/a/b.yaml"], ())


def test_ignore_files_can_be_left_out_of_account(tmp_path: Path) -> None:
    plant(tmp_path, {".gitignore": "a.yaml\n", "a.yaml": ""})
    assert names(gather(tmp_path, gitignore=False)) == ["a.yaml"]


def test_a_line_that_is_no_pattern_is_dropped(tmp_path: Path) -> None:
    plant(tmp_path, {".gitignore": "!\n/\na.yaml\n[\n", "a.yaml": "", "b.yaml": ""})
    assert names(gather(tmp_path)) == ["b.yaml"]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize(
    "lines",
    [
        "logs/*\n!logs/keep/\n",
        "**/deep/*.yaml\n",
        "a/**/z.yaml\n!a/b/z.yaml\n",
        "deep\n!deep/x.yaml\n",
        "*.yaml\n!/a/\n!/a/*.yaml\n",
        "/a/b\n",
        "\\!bang.yaml\nspace.yaml   \n",
        "a/[bc]/z.yaml\n",
    ],
)
def test_agrees_with_git(tmp_path: Path, lines: str) -> None:
    files = [
        "logs/x.yaml",
        "logs/keep/y.yaml",
        "deep/x.yaml",
        "a/deep/x.yaml",
        "a/z.yaml",
        "a/b/z.yaml",
        "a/b/c/z.yaml",
        "a/c/z.yaml",
        "!bang.yaml",
        "space.yaml",
    ]
    plant(tmp_path, dict.fromkeys(files, "") | {".gitignore": lines})
    git = ["git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)
    listing = subprocess.run(
        [*git, "ls-files", "-z", "--others", "--exclude-standard"], check=True, capture_output=True, text=True
    )
    expected = sorted(name for name in listing.stdout.split("\0") if name.endswith(".yaml"))
    assert names(gather(tmp_path)) == expected
