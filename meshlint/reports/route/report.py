"""The way of a request in one of the formats that it comes in."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.reports.route.answer import RouteAnswer, RouteTableAnswer
from meshlint.reports.shared.options import ReportOptions

ROUTE_FORMATS = ("text", "json")


def write_route(
    answer: RouteAnswer | RouteTableAnswer, format_name: str, options: ReportOptions
) -> Iterator[str]:
    """The lines of the answer in one of `ROUTE_FORMATS`."""
    if format_name == "json":
        from meshlint.reports.route.json import route_json

        return route_json(answer)
    if isinstance(answer, RouteTableAnswer):
        from meshlint.reports.route.table_text import route_table_text

        return route_table_text(answer, options)
    from meshlint.reports.route.text import route_text

    return route_text(answer, options)
