"""What a request says of the mesh around its files, looked at before anything is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshlint.engine.usage import Mistake, UsageError
from meshlint.values import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_NAMESPACE = regex(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")


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


def read_values(paths: Iterable[Path], directory: Path) -> Mapping[str, str]:
    """What files say of values by name, the later ones first; raises `UsageError` for one with none."""
    from meshlint.documents.given import values_in_file

    found: dict[str, str] = {}
    for path in paths:
        values = values_in_file(str(path), _bytes(path, directory))
        if values is None:
            hint = "It has to be a mapping of names and values, or lines NAME=value."
            raise UsageError(Mistake(f'"{path}" holds no values', hint))
        found |= values
    return found


def _bytes(path: Path, directory: Path) -> bytes:
    try:
        return (directory / path).read_bytes()
    except OSError as error:
        raise UsageError(Mistake(f'"{path}" cannot be read: {error.strerror}')) from error


def _settings(path: Path, directory: Path) -> bytes:
    from meshlint.documents import Field, read
    from meshlint.resources.istio.mesh_config import named_mesh_config

    data = _bytes(path, directory)
    reading = read(str(path), data)
    if reading.problems:
        raise UsageError(
            *(Mistake(p.message, p.hint or "", str(path), p.span.line) for p in reading.problems)
        )
    roots = [Field(document, (), document.value) for document in reading.documents]
    if not any(named_mesh_config(root) for root in roots):
        raise UsageError(Mistake(f'"{path}" holds no MeshConfig, IstioOperator or Helm values'))
    return data
