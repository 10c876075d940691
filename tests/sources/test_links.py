from __future__ import annotations

from pathlib import Path

from meshlint.sources import Reason
from tests.sources.tree import gather, names, plant, reasons


def test_loops_end_and_each_real_file_is_read_once(tmp_path: Path) -> None:
    plant(tmp_path, {"a/one.yaml": "", "b/two.yaml": ""})
    (tmp_path / "a/up").symlink_to("..")
    (tmp_path / "a/self").symlink_to("self")
    (tmp_path / "b/again").symlink_to("../a")
    (tmp_path / "0.yaml").symlink_to("b/two.yaml")
    assert names(gather(tmp_path)) == ["a/one.yaml", "b/two.yaml"]


def test_every_directory_linking_to_every_other_is_walked_once(tmp_path: Path) -> None:
    folders = [tmp_path / f"d{number}" for number in range(12)]
    for folder in folders:
        plant(folder, {"m.yaml": ""})
        for other in folders:
            (folder / f"to-{other.name}").symlink_to(other)
    assert len(gather(tmp_path).files) == 12


def test_a_link_inside_the_repository_is_followed(tmp_path: Path) -> None:
    plant(tmp_path, {".git/HEAD": "", "shared/a.yaml": "", "app/b.yaml": ""})
    (tmp_path / "app/common").symlink_to("../shared")
    (tmp_path / "app/single.yaml").symlink_to("../shared/a.yaml")
    assert names(gather(tmp_path, ["app"])) == ["app/b.yaml", "app/common/a.yaml"]
    assert names(gather(tmp_path, ["app", "shared"])) == ["app/b.yaml", "shared/a.yaml"]


def test_a_link_out_of_the_repository_is_not_followed_unless_named(tmp_path: Path) -> None:
    plant(tmp_path, {"repository/.git/HEAD": "", "secret/a.yaml": ""})
    (tmp_path / "repository/away").symlink_to("../secret")
    (tmp_path / "repository/away.yaml").symlink_to("../secret/a.yaml")
    result = gather(tmp_path / "repository")
    assert reasons(result) == {"away": Reason.OUTSIDE, "away.yaml": Reason.OUTSIDE}
    assert len(result.hints) == 1
    assert names(gather(tmp_path / "repository", ["away"])) == ["away/a.yaml"]
    assert names(gather(tmp_path / "repository", ["away.yaml"])) == ["away.yaml"]


def test_a_broken_link_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "gone.yaml").symlink_to("nothing")
    (tmp_path / "gone.txt").symlink_to("nothing")
    assert reasons(gather(tmp_path)) == {"gone.yaml": Reason.BROKEN_SYMLINK}
    assert reasons(gather(tmp_path, ["gone.yaml"])) == {"gone.yaml": Reason.BROKEN_SYMLINK}


def test_an_ignored_link_is_not_followed(tmp_path: Path) -> None:
    plant(tmp_path, {".gitignore": "link\n", "deep/.hidden/a.yaml": ""})
    (tmp_path / "link").symlink_to("deep/.hidden")
    (tmp_path / "seen").symlink_to("deep/.hidden")
    result = gather(tmp_path)
    assert names(result) == ["seen/a.yaml"]
    assert reasons(result) == {"link": Reason.IGNORED}
