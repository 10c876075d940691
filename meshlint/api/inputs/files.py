"""From files that nobody keeps on a disk to a project: what a service is sent, and an editor holds.

Nothing outside of the given files is ever read, whatever they refer to.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from meshlint.api.reading.deployed import deployed_texts, is_kustomization
from meshlint.api.reading.project import Project, ReadOptions, made_of
from meshlint.documents import Reading, Span, read
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.config import Config
from meshlint.engine.config.reading import config_of
from meshlint.engine.usage import Mistake, UsageError
from meshlint.sources import PassedOver, Reason
from meshlint.sources.charts import CHART_FILE, Chart, chart_at, chart_role
from meshlint.sources.walk import MANIFEST_SUFFIXES
from meshlint.values import evolve

if TYPE_CHECKING:
    from meshlint.engine.custom.files import InMemory

CONFIG_NAMES = ("meshlint.yaml", ".meshlint.yaml")
_VENDORED = frozenset({"node_modules", "vendor", "bower_components", "__pycache__"})


def read_files(
    files: Mapping[str, bytes],
    options: ReadOptions | None = None,
    earlier: Project | None = None,
    known: Mapping[tuple[str, bytes], Reading] | None = None,
) -> Project:
    """The project in `files` by their relative paths, with slashes, as a directory of them would be read.

    Objects of files that are `known`, by name and bytes, are those of `earlier`.
    """
    manifests, passed_over = sorted_out(files)
    held = known or {}
    readings = [held.get((path, files[path])) or read(path, files[path]) for path in manifests]
    texts = {path: data.decode("utf-8", "replace") for path, data in files.items()}
    found = deployed_texts(texts, readings)
    return made_of(readings, passed_over, options or ReadOptions(), found, earlier)


def sorted_out(files: Mapping[str, bytes]) -> tuple[list[str], list[PassedOver]]:
    """The manifests among `files`, and what is passed over for a reason that a reader should hear."""
    charts = _charts(files)
    manifests, passed_over = [], []
    for path in sorted(files):
        if not _is_candidate(path):
            continue
        chart = _chart_of(path, charts)
        role = chart_role(f"/{path}", chart) if chart is not None else None
        if is_kustomization(path):
            passed_over.append(PassedOver(path, Reason.KUSTOMIZATION))
        elif role is not None:
            passed_over.append(PassedOver(path, role))
        else:
            manifests.append(path)
    return manifests, passed_over


def is_configured(files: Mapping[str, bytes]) -> bool:
    """Whether there is a configuration at the top of `files`."""
    return any(name in files for name in CONFIG_NAMES)


def config_in(files: Mapping[str, bytes]) -> Config:
    """The configuration at the top of `files`; raises `UsageError` for what is wrong with it.

    Of its paths to definitions nothing is read: definitions count where they are in the set.
    """
    name = next((one for one in CONFIG_NAMES if one in files), None)
    if name is None:
        return Config()
    reading = read(name, files[name])
    if reading.problems or len(reading.documents) > 1:
        message = reading.problems[0].message if reading.problems else "a configuration is one document"
        raise UsageError(Mistake(message, file=name))
    value: Any = reading.documents[0].value if reading.documents else {}
    place = reading.documents[0].span if reading.documents else lambda _: Span.at(1, 1)
    found = config_of(value or {}, name, place, load_catalogue(), lambda: _held(files))
    return evolve(found, paths=(), crds=())


def _held(files: Mapping[str, bytes]) -> InMemory:
    from meshlint.engine.custom.files import InMemory

    return InMemory(files)


def _is_candidate(path: str) -> bool:
    *folders, name = path.split("/")
    if any(folder.startswith(".") or folder in _VENDORED for folder in folders) or name.startswith("."):
        return False
    is_config = not folders and name in CONFIG_NAMES
    return not is_config and (name.lower().endswith(MANIFEST_SUFFIXES) or is_kustomization(path))


def _charts(files: Iterable[str]) -> dict[str, Chart]:
    """The charts by directory."""
    found: dict[str, Chart] = {}
    homes = {posixpath.dirname(f"/{path}") for path in files if posixpath.basename(path) == CHART_FILE}
    for home in sorted(homes):
        above = next((found[one] for one in _upwards(home) if one in found), None)
        chart = chart_at(home, above, has_chart_file=True)
        if chart is not None:
            found[home] = chart
    return found


def _chart_of(path: str, charts: Mapping[str, Chart]) -> Chart | None:
    return next((charts[one] for one in _upwards(posixpath.dirname(f"/{path}")) if one in charts), None)


def _upwards(directory: str) -> Iterable[str]:
    """The directory and those above it."""
    while True:
        yield directory
        if directory in ("/", ""):
            return
        directory = posixpath.dirname(directory)
