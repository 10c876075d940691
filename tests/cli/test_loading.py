"""Modules that are found in the folder of their package are those that Python finds."""

from __future__ import annotations

import os
import py_compile
import subprocess
import sys
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType

import pytest

from meshlint.cli.loading import _Near
from tests.shared import PROJECT

_SEEN = """
import sys
from importlib import import_module
from meshlint.cli.loading import load_near
if sys.argv[1] == "near":
    load_near()
for name in sys.argv[2:]:
    one = import_module(name)
    about = one.__spec__
    print(name, one.__file__, one.__cached__, getattr(one, "__path__", ""), one.__package__)
    print(about.origin, about.has_location, about.submodule_search_locations, about.parent)
    print(type(about.loader).__name__ == "_Loader", file=sys.stderr)
"""


def _seen(way: str, *names: str) -> tuple[str, set[str]]:
    done = subprocess.run(
        [sys.executable, "-c", _SEEN, way, *names], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return done.stdout, {*done.stderr.split()}


def test_modules_are_those_that_python_finds() -> None:
    names = sorted(
        ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")
        for folder in ("api", "documents", "engine", "matching")
        for path in (PROJECT / "meshlint" / folder).rglob("*.py")
    )
    near, loaders = _seen("near", *names)
    far, others = _seen("far", *names)
    assert near == far
    assert (loaders, others) == ({"True"}, {"False"})


def _loaded(folder: Path, name: str = "meshlint.thing") -> ModuleType | None:
    spec = _Near(sys.implementation.cache_tag).find_spec(name, [str(folder)])
    if spec is None or spec.loader is None:
        return None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "thing.py"
    file.write_text("value = 1\n")
    return file


def _value(source: Path) -> object:
    module = _loaded(source.parent)
    assert module is not None
    return module.value


def test_bytecode_is_believed_for_the_source_that_it_was_made_of(source: Path) -> None:
    py_compile.compile(str(source))
    about = source.stat()
    source.write_text("value = 2\n")
    os.utime(source, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert _value(source) == 1
    os.utime(source, (1, 1))
    assert _value(source) == 2


def test_bytecode_of_another_size_or_python_is_not_believed(source: Path) -> None:
    made = Path(py_compile.compile(str(source)) or "")
    about = source.stat()
    source.write_text("value = 22\n")
    os.utime(source, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert _value(source) == 22
    made.write_bytes(b"\0\0\0\0" + made.read_bytes()[4:])
    assert _value(source) == 22
    made.write_bytes(b"")
    assert _value(source) == 22
    made.unlink()
    assert _value(source) == 22


def test_bytecode_with_a_hash_of_its_source_is_left_to_python(source: Path) -> None:
    py_compile.compile(str(source), invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
    assert _value(source) == 1
    source.write_text("value = 3\n")
    assert _value(source) == 3


def test_packages_and_what_is_not_there(source: Path) -> None:
    (source.parent / "box").mkdir()
    assert _loaded(source.parent, "meshlint.box") is None
    (source.parent / "box" / "__init__.py").write_text("value = 4\n")
    box = _loaded(source.parent, "meshlint.box")
    assert box is not None
    assert (box.value, [*box.__path__]) == (4, [str(source.parent / "box")])
    assert _loaded(source.parent, "other.thing") is None
    assert _Near("any").find_spec("meshlint.thing", None) is None


def test_large_bytecode_is_read_to_its_end(source: Path) -> None:
    source.write_text(f"value = {'x' * 200_000!r}\n")
    py_compile.compile(str(source))
    assert len(str(_value(source))) == 200_000
