"""What a request says of the mesh around its files, looked at before anything is read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from meshlint.engine.usage import Mistake, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")


def checked_namespace(name: str | None) -> str | None:
    """`name`, if a namespace can have it (Kubernetes: a DNS label); raises `UsageError` otherwise."""
    if name is not None and not _NAMESPACE.fullmatch(name):
        raise UsageError(Mistake(f'"{name}" cannot be the name of a namespace', _LABEL_HINT))
    return name


_LABEL_HINT = "It has to be at most 63 small letters, digits and hyphens."


def checked_versions(versions: Mapping[str, str]) -> Mapping[str, str]:
    """`versions`, if each is what a configuration may say; raises `UsageError` otherwise."""
    if versions:
        from meshlint.engine.config.schema import slips

        for slip in slips({"versions": {key.replace("_", "-"): value for key, value in versions.items()}}):
            product = str(slip.path[-1]).replace("-", "_")
            raise UsageError(Mistake(f'"{versions.get(product, "")}" is no version', _VERSION_HINT))
    return versions


_VERSION_HINT = "Write it as X.Y, such as 1.27."


def read_mesh_config(paths: Iterable[Path], directory: Path) -> tuple[tuple[str, bytes], ...]:
    """The files with mesh-wide settings, each with its name; raises `UsageError` for one that holds none."""
    return tuple((str(path), _settings(path, directory)) for path in paths)


def _settings(path: Path, directory: Path) -> bytes:
    from meshlint.documents import Field, read
    from meshlint.resources.istio.mesh_config import named_mesh_config

    try:
        data = (directory / path).read_bytes()
    except OSError as error:
        raise UsageError(Mistake(f'"{path}" cannot be read: {error.strerror}')) from error
    reading = read(str(path), data)
    if reading.problems:
        raise UsageError(
            *(Mistake(p.message, p.hint or "", str(path), p.span.line) for p in reading.problems)
        )
    roots = [Field(document, (), document.value) for document in reading.documents]
    if not any(named_mesh_config(root) for root in roots):
        raise UsageError(Mistake(f'"{path}" holds no MeshConfig, IstioOperator or Helm values'))
    return data
