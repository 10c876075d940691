"""What controllers write into status, in one of the formats that it comes in."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.status.answer import StatusAnswer

STATUS_FORMATS = ("text", "json")


def write_status(answer: StatusAnswer, format_name: str, options: ReportOptions) -> Iterator[str]:
    """The lines of the answer in one of `STATUS_FORMATS`."""
    if format_name == "json":
        from meshlint.reports.status.json import status_json

        return status_json(answer)
    from meshlint.reports.status.text import status_text

    return status_text(answer, options)
