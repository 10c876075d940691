from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from meshlint.sources import MissingPath, Origin, Reason
from tests.sources.tree import gather, names, plant, reasons


def test_reads_manifests_below_a_directory_in_the_order_of_their_names(tmp_path: Path) -> None:
    plant(tmp_path, {"b.yml": "b", "a/c.YAML": "c", "a.json": "{}", "README.md": "no", "a/run.sh": "no"})
    result = gather(tmp_path)
    assert names(result) == ["a.json", "a/c.YAML", "b.yml"]
    assert [source.data for source in result.files] == [b"{}", b"c", b"b"]
    assert result.files[0].location == tmp_path / "a.json"


def test_hidden_and_vendored_folders_are_not_entered(tmp_path: Path) -> None:
    hidden = [".git/a.yaml", ".venv/a.yaml", "node_modules/a.yaml", "x/vendor/a.yaml", ".hidden.yaml"]
    plant(tmp_path, dict.fromkeys([*hidden, "env/pyvenv.cfg", "env/a.yaml", "shown.yaml"], ""))
    result = gather(tmp_path)
    assert names(result) == ["shown.yaml"]
    assert result.passed_over == ()


@pytest.mark.parametrize("name", ["notes.txt", ".hidden.yaml", "vendor/a.yaml", "ignored.yaml"])
def test_a_named_file_is_always_read(tmp_path: Path, name: str) -> None:
    plant(tmp_path, {name: "x", ".gitignore": "ignored.yaml\n"})
    assert names(gather(tmp_path, [name])) == [name]
    assert name in names(gather(tmp_path, [".", name]))
    assert name not in reasons(gather(tmp_path, [".", name]))


def test_a_named_vendored_directory_is_read(tmp_path: Path) -> None:
    plant(tmp_path, {"vendor/a.yaml": "", ".hidden/b.yaml": ""})
    assert names(gather(tmp_path, ["vendor", ".hidden"])) == [".hidden/b.yaml", "vendor/a.yaml"]


def test_standard_input_is_read_once(tmp_path: Path) -> None:
    result = gather(tmp_path, ["-", "-"], io.BytesIO(b"kind: Service"))
    assert [(one.path, one.data, one.origin) for one in result.files] == [
        ("<stdin>", b"kind: Service", Origin.STDIN)
    ]


def test_standard_input_that_is_closed_is_a_problem(tmp_path: Path) -> None:
    assert gather(tmp_path, ["-"]).problems == ("- asks for standard input, and there is none",)


def test_a_path_that_does_not_exist_names_the_nearest(tmp_path: Path) -> None:
    plant(tmp_path, {"deploy/service.yaml": ""})
    result = gather(tmp_path, ["depoly", "deploy/servce.yaml", "nowhere/at/all"])
    assert result.missing == (
        MissingPath("deploy/servce.yaml", "deploy/service.yaml"),
        MissingPath("depoly", "deploy"),
        MissingPath("nowhere/at/all", None),
    )


@pytest.mark.parametrize("path", ["", "a\0b"])
def test_a_path_that_cannot_exist_is_missing(tmp_path: Path, path: str) -> None:
    assert [entry.path for entry in gather(tmp_path, [path]).missing] == [path]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("k8s/*.yaml", ["k8s/a.yaml"]),
        ("k8s/**/*.yaml", ["k8s/a.yaml", "k8s/sub/b.yaml", "k8s/sub/deep/c.yaml"]),
        ("**/b.yaml", ["k8s/sub/b.yaml"]),
        ("k8s/s*", ["k8s/sub/b.yaml", "k8s/sub/deep/c.yaml"]),
        ("k8s/[ab].yaml", ["k8s/a.yaml"]),
        ("k8s/?.yaml", ["k8s/a.yaml"]),
        ("*", ["k8s/a.yaml", "k8s/sub/b.yaml", "k8s/sub/deep/c.yaml", "z[1].yaml"]),
        ("z[1].yaml", ["z[1].yaml"]),
    ],
)
def test_globs(tmp_path: Path, pattern: str, expected: list[str]) -> None:
    plant(
        tmp_path,
        dict.fromkeys(
            ["k8s/a.yaml", "k8s/sub/b.yaml", "k8s/sub/deep/c.yaml", "k8s/.x.yaml", "z[1].yaml"], ""
        ),
    )
    result = gather(tmp_path, [pattern])
    assert names(result) == expected
    assert result.missing == ()


def test_a_glob_keeps_to_the_ignore_files_and_one_without_a_match_is_missing(tmp_path: Path) -> None:
    plant(tmp_path, {"a/one.yaml": "", "a/two.yaml": "", ".gitignore": "two.yaml", ".git/HEAD": ""})
    assert names(gather(tmp_path, ["a/*.yaml"])) == ["a/one.yaml"]
    assert gather(tmp_path, ["a/*.yml", "b/*.yml"]).missing == (
        MissingPath("a/*.yml"),
        MissingPath("b/*.yml"),
    )


def test_paths_outside_the_current_directory(tmp_path: Path) -> None:
    plant(tmp_path, {"here/a.yaml": "", "there/b.yaml": ""})
    here = tmp_path / "here"
    assert names(gather(here, ["../there"])) == ["../there/b.yaml"]
    assert names(gather(here, [str(tmp_path / "there")])) == [str(tmp_path / "there/b.yaml")]
    assert names(gather(here, [str(here)])) == ["a.yaml"]
    assert names(gather(here, ["../here/a.yaml", "./a.yaml"])) == ["a.yaml"]


def test_a_file_over_the_limit_is_passed_over_with_its_size(tmp_path: Path) -> None:
    plant(tmp_path, {"big.yaml": "x" * 101, "fits.yaml": "x" * 100})
    result = gather(tmp_path, max_bytes=100)
    assert names(result) == ["fits.yaml"]
    (entry,) = result.passed_over
    assert (entry.path, entry.reason) == ("big.yaml", Reason.TOO_LARGE)
    assert entry.detail == "it holds 101 bytes, the limit is 100 bytes"
    assert entry.reason.is_problem
    stream = gather(tmp_path, ["-"], io.BytesIO(b"x" * 101), max_bytes=100)
    assert (stream.files, reasons(stream)) == ((), {"<stdin>": Reason.TOO_LARGE})


def test_more_files_than_the_limit_is_a_problem(tmp_path: Path) -> None:
    plant(tmp_path, {f"{number}.yaml": "" for number in range(5)})
    result = gather(tmp_path, max_files=3)
    assert len(result.files) == 3
    assert result.problems == ("there are more than 3 files; name fewer directories",)
    assert gather(tmp_path, max_files=5).problems == ()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_passed_over(tmp_path: Path) -> None:
    plant(tmp_path, {"secret.yaml": "", "shut/a.yaml": "", "open.yaml": ""})
    (tmp_path / "secret.yaml").chmod(0)
    (tmp_path / "shut").chmod(0)
    result = gather(tmp_path)
    (tmp_path / "shut").chmod(0o700)
    assert names(result) == ["open.yaml"]
    assert reasons(result) == {"secret.yaml": Reason.UNREADABLE, "shut/": Reason.UNREADABLE}


def test_a_file_that_fails_while_it_is_read_is_passed_over(tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error", size)

    result = gather(tmp_path, ["-"], Broken())
    assert [(one.reason, one.detail) for one in result.passed_over] == [
        (Reason.UNREADABLE, "Input/output error")
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_a_fifo_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert gather(tmp_path).files == ()
    assert reasons(gather(tmp_path, ["pipe.yaml"])) == {"pipe.yaml": Reason.SPECIAL_FILE}


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="no /dev/fd here")
def test_a_stream_that_the_shell_opened_is_read(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.write(writer, b"kind: Pod")
    os.close(writer)
    result = gather(tmp_path, [f"/dev/fd/{reader}"])
    os.close(reader)
    assert [source.data for source in result.files] == [b"kind: Pod"]


def test_names_with_control_characters_and_stray_bytes_are_safe_to_show(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"caf\xe9.yaml")).write_bytes(b"1")
    except OSError:
        pytest.skip("this file system wants UTF-8 names")
    (tmp_path / "a\x1b[31m\n.yaml").write_bytes(b"2")
    (tmp_path / "grün.yaml").write_bytes(b"3")
    result = gather(tmp_path)
    assert names(result) == ["a\\x1b[31m\\n.yaml", "caf\\xe9.yaml", "grün.yaml"]
    assert [source.data for source in result.files] == [b"2", b"1", b"3"]
