"""What a report may be told besides the findings."""

from __future__ import annotations

import posixpath

from meshlint.reports.shared.drawing import Drawing
from meshlint.values import frozen

DEFAULT_WIDTH = 120


@frozen
class ReportOptions:
    """How to tell a report.

    `width` is the number of terminal cells a line of source may take. `prefix` leads from the root of the
    repository to the directory that display paths are relative to, and `category` names the set of inputs:
    both are for readers that compare the runs of one repository, such as GitHub.
    """

    color: bool = False
    width: int = DEFAULT_WIDTH
    verbose: bool = False
    prefix: str = ""
    category: str = ""
    drawing: Drawing | None = None
    """The mesh that the findings are about, for reports with a picture."""

    def repository_path(self, file: str) -> str:
        """The path of `file`, a display path, from the root of the repository."""
        if file.startswith("<"):  # a stream, which is in no repository
            return file
        return posixpath.normpath(posixpath.join(self.prefix, file))
