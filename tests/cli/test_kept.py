from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from meshlint.api import front
from meshlint.api.judging import checking
from meshlint.api.keeping import kept
from meshlint.cli.process import run
from tests.cli.conftest import Result
from tests.shared import PROJECT

MANIFEST = """\
apiVersion: v1
kind: Service
metadata:
  name: shop
  namespace: shop
spec:
  ports:
  - port: eighty
"""
Meshlint = Callable[..., Result]


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = tmp_path / "home" / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder / "meshlint"


@pytest.fixture
def meshlint(
    cache: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Meshlint:
    work = tmp_path / "work"
    work.mkdir()
    (work / "shop.yaml").write_text(MANIFEST, encoding="utf-8")
    monkeypatch.chdir(work)

    def meshlint_with(*arguments: str) -> Result:
        code = run(["check", *arguments])
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return meshlint_with


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """One entry for each time that the rules ran."""
    runs: list[object] = []
    original = checking.check_project

    def counted(*given: Any) -> object:
        runs.append(given)
        return original(*given)

    monkeypatch.setattr(front, "check_project", counted)
    return runs


def test_the_same_question_is_answered_from_the_cache(
    meshlint: Meshlint, checked: list[object], cache: Path
) -> None:
    first = meshlint("--select", "ALL")
    assert first.code == 1
    assert "shop.yaml" in first.out
    assert meshlint("--select", "ALL") == first
    assert len(checked) == 1
    assert cache.stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in cache.iterdir()] == [0o600]


def test_reports_in_files_are_written_again(meshlint: Meshlint, checked: list[object]) -> None:
    asked = ("-o", "json", "-o", "sarif=out.sarif")
    first, sarif = meshlint(*asked), Path("out.sarif").read_bytes()
    Path("out.sarif").unlink()
    assert meshlint(*asked) == first
    assert (Path("out.sarif").read_bytes(), len(checked)) == (sarif, 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda: Path("shop.yaml").write_text(MANIFEST + "# a comment\n", encoding="utf-8"),
        lambda: Path("more.yaml").write_text(MANIFEST.replace("shop", "more"), encoding="utf-8"),
        lambda: Path("shop.yaml").rename("store.yaml"),
        lambda: Path("meshlint.yaml").write_text("group-after: 3\n", encoding="utf-8"),
    ],
)
def test_what_has_changed_is_checked_anew(
    meshlint: Meshlint, checked: list[object], change: Callable[[], object]
) -> None:
    meshlint()
    change()
    meshlint()
    assert len(checked) == 2


@pytest.mark.parametrize(
    "more",
    [
        ("--no-cache",),
        ("--select", "ALL"),
        ("-o", "json"),
        ("--quiet",),
        ("--fail-on", "never"),
        ("--color", "always"),
        ("--assume", "complete"),
        ("--istio-version", "1.24"),
        ("--no-config",),
    ],
)
def test_another_question_has_another_answer(
    meshlint: Meshlint, checked: list[object], more: tuple[str, ...]
) -> None:
    meshlint()
    meshlint(*more)
    assert len(checked) == 2


def test_the_answer_is_the_same_however_many_processes_are_asked(
    meshlint: Meshlint, checked: list[object]
) -> None:
    first = meshlint()
    assert meshlint("--jobs", "3") == first
    assert len(checked) == 1


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: data[:-1],
        lambda data: data[:40],
        lambda data: data[:0],
        lambda data: data.replace(b"answer 1", b"answer 0"),
        lambda data: data[:-2] + bytes([data[-2] ^ 1]) + data[-1:],
        lambda data: data + b"\n",
    ],
)
def test_what_was_harmed_is_replaced(
    meshlint: Meshlint, checked: list[object], cache: Path, harm: Callable[[bytes], bytes]
) -> None:
    first = meshlint()
    (kept,) = cache.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(harm(whole))
    assert meshlint() == first
    assert (len(checked), kept.read_bytes()) == (2, whole)


def test_an_answer_under_another_name_is_not_believed(
    meshlint: Meshlint, checked: list[object], cache: Path
) -> None:
    meshlint()
    (answer,) = cache.iterdir()
    meshlint("--quiet")
    (quiet,) = (path for path in cache.iterdir() if path != answer)
    quiet.write_bytes(answer.read_bytes())
    meshlint("--quiet")
    assert len(checked) == 3


def test_a_folder_that_others_may_write_is_not_believed(
    meshlint: Meshlint, checked: list[object], cache: Path
) -> None:
    meshlint()
    cache.chmod(0o770)
    meshlint()
    assert len(checked) == 2


def test_links_are_not_followed(
    meshlint: Meshlint, checked: list[object], cache: Path, tmp_path: Path
) -> None:
    meshlint()
    cache.rename(tmp_path / "planted")
    cache.symlink_to(tmp_path / "planted")
    meshlint()
    assert len(checked) == 2


def test_nothing_is_kept_in_what_is_read(
    meshlint: Meshlint, checked: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (Path.cwd() / ".cache", Path("here")):
        monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
        monkeypatch.delenv("HOME", raising=False)
        before = sorted(Path.cwd().iterdir())
        meshlint()
        assert sorted(Path.cwd().iterdir()) == before


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("kustomization.yaml", "resources: [shop.yaml]\n"),
        ("app.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\n"),
        ("meshlint-baseline.json", ""),
    ],
)
def test_what_may_depend_on_other_files_is_not_kept(
    meshlint: Meshlint, cache: Path, name: str, text: str
) -> None:
    if not text:
        run(["baseline"])
    else:
        Path(name).write_text(text, encoding="utf-8")
    meshlint()
    assert not cache.exists() or not list(cache.iterdir())


def test_the_cache_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from meshlint.api.keeping import keeper

    monkeypatch.setattr(keeper, "MOST_ANSWERS", 3)
    mine = keeper.Keeper(tmp_path / "cache")
    for number in range(9):
        mine.keep(str(number), b"answer")
        os.utime(mine.folder / str(number), ns=(number, number))
    assert len(list(mine.folder.iterdir())) <= 4
    assert mine.recall("8") == b"answer"
    assert mine.recall("0") is None


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The file of a module of meshlint that is loaded, as old as the others."""
    file = tmp_path / "program" / "checks" / "one.py"
    file.parent.mkdir(parents=True)
    _written(file, "pass\n")
    loaded = ModuleType("meshlint.checks.one")
    loaded.__file__ = str(file)
    monkeypatch.delitem(sys.modules, kept._OTHERS, raising=False)
    monkeypatch.setitem(sys.modules, loaded.__name__, loaded)
    return file


def _written(file: Path, text: str, seconds: int = 100) -> None:
    file.write_text(text)
    os.utime(file, (seconds, seconds))


@pytest.mark.parametrize(
    "change",
    [
        lambda file: _written(file, "pass  \n"),
        lambda file: _written(file, "pass\n", 101),
        lambda file: file.unlink(),
    ],
)
def test_another_program_has_another_answer(
    meshlint: Meshlint, checked: list[object], module: Path, change: Callable[[Path], object]
) -> None:
    for _ in range(2):
        meshlint()
    assert len(checked) == 1
    change(module)
    meshlint()
    assert len(checked) == 2


def test_each_module_that_answered_is_told(meshlint: Meshlint, cache: Path, module: Path) -> None:
    meshlint()
    (answer,) = cache.iterdir()
    told = answer.read_text("latin-1")
    for name in ("checks/world", "engine/run", "mesh/mesh", "api/keeping/kept", "cli/kept"):
        assert f" {PROJECT / 'meshlint' / name}.py" in told
    assert f" {module}" in told


def test_where_others_worked_too_each_module_counts(
    meshlint: Meshlint, checked: list[object], module: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, kept._OTHERS, ModuleType(kept._OTHERS))
    monkeypatch.setattr(kept, "_all_modules", lambda: map(str, module.parent.parent.rglob("*.py")))
    monkeypatch.delitem(sys.modules, "meshlint.checks.one")
    for _ in range(2):
        meshlint()
    assert len(checked) == 1
    _written(module, "pass  \n")
    meshlint()
    assert len(checked) == 2


@pytest.mark.parametrize("jobs", [1, 2])
def test_where_others_are_asked_it_is_noticed(meshlint: Meshlint, jobs: int) -> None:
    code = (
        "import sys\nfrom meshlint.cli.process import run\n"
        f"run(['check', '--jobs', '{jobs}'])\nprint({kept._OTHERS!r} in sys.modules, file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, check=True)
    assert done.stderr.split()[-1].decode() == str(jobs == 2)


def test_each_module_of_the_program_is_found() -> None:
    modules = {str(path) for path in (PROJECT / "meshlint").rglob("*.py")}
    assert set(kept._all_modules()) == modules
    assert set(kept._loaded_modules()) <= modules


def test_what_a_changing_program_says_is_not_kept(
    meshlint: Meshlint, checked: list[object], module: Path
) -> None:
    _written(module, "pass\n", 4_000_000_000)
    for _ in range(2):
        meshlint()
    assert len(checked) == 2


def test_the_data_of_the_program_counts() -> None:
    told = "\n".join(kept._surroundings())
    package = PROJECT / "meshlint"
    for file in package.rglob("*"):
        if file.suffix not in {".py", ".pyc", ".typed"} and file.is_file():
            assert f"{file.name} {file.stat().st_size} {file.stat().st_mtime_ns}" in told
            assert f"{file.parent}\n" in told
    for name in ("rules/catalogue.json", "schemas"):
        assert f"{PROJECT / name}\n" in told


def test_wrong_rules_are_told_before_wrong_paths(meshlint: Meshlint) -> None:
    meshlint()
    assert "NOSUCH" in meshlint("--select", "NOSUCH").err
    told = meshlint("--select", "NOSUCH", "nowhere.yaml").err
    assert "NOSUCH" in told
    assert "nowhere.yaml" not in told


def test_an_answer_that_is_kept_is_told_without_what_made_it(meshlint: Meshlint) -> None:
    code = (
        "import sys\nfrom meshlint.cli.process import run\ncode = run(['check'])\n"
        "heavy = ('attrs', 'click', 'meshlint.admission', 'meshlint.api.front', 'meshlint.mesh')\n"
        "print(code, [name for name in heavy if name in sys.modules], file=sys.stderr)"
    )
    first = meshlint()
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
        )
        assert done.stdout == first.out
    assert done.stderr.splitlines()[-1] == "1 []"
