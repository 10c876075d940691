"""Which files are in the set, and what bytes do they hold? Knows no YAML."""

from meshlint.sources.collection import collect
from meshlint.sources.display import display_path
from meshlint.sources.model import (
    STDIN_NAME,
    TEMPLATE_HINT,
    MissingPath,
    Origin,
    PassedOver,
    Reason,
    References,
    SourceFile,
    SourceOptions,
    SourceSet,
)

__all__ = [
    "STDIN_NAME",
    "TEMPLATE_HINT",
    "MissingPath",
    "Origin",
    "PassedOver",
    "Reason",
    "References",
    "SourceFile",
    "SourceOptions",
    "SourceSet",
    "collect",
    "display_path",
]
