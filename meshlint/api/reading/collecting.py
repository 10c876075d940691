"""The files of an input set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from meshlint.documents.kustomization import kustomization_references
from meshlint.sources import SourceOptions, SourceSet
from meshlint.sources import collect as collect_sources
from meshlint.values import evolve


def collect(paths: Sequence[str], options: SourceOptions, stdin: BinaryIO | None = None) -> SourceSet:
    """The files that `paths` stand for, patches of kustomizations told apart."""
    return collect_sources(paths, evolve(options, read_kustomization=kustomization_references), stdin)
