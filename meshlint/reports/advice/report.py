"""An advice in one of the formats that it comes in."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.advisor import Advice
from meshlint.reports.shared.options import ReportOptions

ADVICE_FORMATS = ("text", "markdown", "json")


def write_advice(
    advice: Advice, format_name: str, options: ReportOptions, *, explain: bool = False
) -> Iterator[str]:
    """The lines of the advice in one of `ADVICE_FORMATS`; `explain` traces every number of a memo."""
    if format_name == "json":
        from meshlint.reports.advice.json import advice_json

        return advice_json(advice)
    from meshlint.reports.advice.memo import advice_memo
    from meshlint.reports.memo.markdown import memo_markdown
    from meshlint.reports.memo.text import memo_text

    memo = advice_memo(advice, explain=explain)
    return memo_markdown(memo) if format_name == "markdown" else memo_text(memo, options)
