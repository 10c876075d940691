"""All suppressions of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from meshlint.documents import FileText
from meshlint.engine.catalogue import Catalogue
from meshlint.engine.config.model import Ignore
from meshlint.engine.suppression.annotations import annotation_suppressions
from meshlint.engine.suppression.comments import comment_suppressions
from meshlint.engine.suppression.configured import configured_suppressions
from meshlint.engine.suppression.model import Suppression
from meshlint.resources import ResourceSet


def gather(
    texts: Mapping[str, FileText],
    resources: ResourceSet,
    catalogue: Catalogue,
    ignores: Sequence[Ignore] = (),
    directory: Path | None = None,
    *,
    whole: bool = False,
) -> tuple[Suppression, ...]:
    """The suppressions in comments, in annotations and in the configuration that was found in `directory`.

    `whole` says that all below that directory was read.
    """
    return (
        *comment_suppressions(texts),
        *annotation_suppressions(resources, catalogue),
        *configured_suppressions(ignores, directory, resources, whole=whole),
    )
