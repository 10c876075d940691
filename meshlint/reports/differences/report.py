"""What a change does, in one of the formats that it comes in."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.reports.differences.answer import Difference
from meshlint.reports.shared.options import ReportOptions

DIFFERENCE_FORMATS = ("text", "markdown", "json")
MOST_CHARACTERS = 60_000
"""Of Markdown, so that it fits into a comment on a pull request (GitHub takes 65,536)."""
_MOST_POINTS = (None, 200, 100, 50, 25, 10, 5, 2, 0)


def write_difference(found: Difference, format_name: str, options: ReportOptions) -> Iterator[str]:
    """The lines of the answer in one of `DIFFERENCE_FORMATS`."""
    if format_name == "json":
        from meshlint.reports.differences.json import difference_json

        return difference_json(found)
    from meshlint.reports.differences.memo import difference_memo, lines_within
    from meshlint.reports.memo.markdown import memo_markdown
    from meshlint.reports.memo.text import memo_text

    if format_name == "markdown":
        shorter = (list(memo_markdown(difference_memo(found, most))) for most in _MOST_POINTS)
        return iter(lines_within(shorter, MOST_CHARACTERS))
    return memo_text(difference_memo(found), options)
