"""Modules of meshlint found where they have to be.

A short run spends a third of its time on loading some hundred small modules, half of that on looking for
them: Python asks every finder, lists directories and takes the state of a file several times. Here a module
is looked for in the folder of its package alone, and its bytecode, checked as Python checks it, is read at
once. Whatever is out of the ordinary is left to Python.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import MAGIC_NUMBER
from marshal import loads
from types import CodeType, ModuleType
from typing import Final

import meshlint

_WITHIN: Final = f"{meshlint.__name__}."
_HEADER: Final = 16
_AT_ONCE: Final = 1 << 16
_MASK: Final = 0xFFFFFFFF


def load_near() -> None:
    """Have modules of meshlint found like this from now on, where they are files beside their bytecode."""
    spec = meshlint.__spec__
    is_usual = spec is not None and type(spec.loader) is SourceFileLoader and len(meshlint.__path__) == 1
    tag = sys.implementation.cache_tag
    if is_usual and tag and not (sys.pycache_prefix or sys.flags.optimize):
        sys.meta_path.insert(0, _Near(tag))


class _Near:
    """A finder that knows where the modules of meshlint are."""

    def __init__(self, tag: str) -> None:
        self._suffix = f".{tag}.pyc"

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where a module lies; None where Python has to look."""
        if not path or not name.startswith(_WITHIN):
            return None
        folder, tail = path[0], name.rpartition(".")[2]
        for inside, stem in ((folder, tail), (f"{folder}/{tail}", "__init__")):
            file = f"{inside}/{stem}.py"
            try:
                about = os.stat(file)  # noqa: PTH116 - a path object costs more than the state
            except OSError:
                continue
            cached = f"{inside}/__pycache__/{stem}{self._suffix}"
            loader = _Loader(name, file, cached, about)
            spec = ModuleSpec(name, loader, origin=file, is_package=inside is not folder)
            if spec.submodule_search_locations is not None:
                spec.submodule_search_locations.append(inside)
            spec.has_location, spec.cached = True, cached
            return spec
        return None


class _Loader(SourceFileLoader):
    """A loader of a module whose bytecode lies in the usual place."""

    def __init__(self, name: str, file: str, cached: str, about: os.stat_result) -> None:
        super().__init__(name, file)
        self._cached, self._about = cached, about

    def get_code(self, fullname: str) -> CodeType | None:
        """The code of the module: its bytecode if that was made of this source by this Python."""
        with suppress(OSError):
            data = _read(self._cached)
            if data.startswith(MAGIC_NUMBER + _made_of(self._about)):
                code: CodeType = loads(memoryview(data)[_HEADER:])
                return code
        return super().get_code(fullname)


def _made_of(about: os.stat_result) -> bytes:
    """What bytecode says of its source: no flags, the time of its last change, and its size."""
    return b"".join(
        part.to_bytes(4, "little") for part in (0, int(about.st_mtime) & _MASK, about.st_size & _MASK)
    )


def _read(file: str) -> bytes:
    handle = os.open(file, os.O_RDONLY)
    try:
        parts = [os.read(handle, _AT_ONCE)]
        while len(parts[-1]) == _AT_ONCE:
            parts.append(os.read(handle, _AT_ONCE))
    finally:
        os.close(handle)
    return b"".join(parts)
