"""Rebuild the tables of docs/advise.md from the data of the advisor: python -m tools.build_advice_tables"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from meshlint.advisor import MESHES, load_needs, load_weights
from meshlint.advisor.cost.figures import Bound, Figures, load_figures
from meshlint.advisor.cost.weights import Setting

PAGE = Path(__file__).resolve().parent.parent / "docs" / "advise.md"
_UNITS = {"cpu": "cores", "memory": "MB"}
START, END = "<!-- table: {} -->", "<!-- end of table -->"


def main() -> None:
    """Write the page anew where a table is stale."""
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def renewed(page: str) -> str:
    """The page with every table as the data has it."""
    for name, lines in tables().items():
        start = START.format(name)
        head, _, rest = page.partition(start)
        _, _, tail = rest.partition(END)
        page = "\n".join([f"{head}{start}", "", *lines, "", f"{END}{tail}"])
    return page


def tables() -> Mapping[str, list[str]]:
    """The lines of each table by name."""
    figures, weights = load_figures(), load_weights()
    return {
        "weights": list(_settings(weights.weights)),
        "scales": list(_settings(weights.scales)),
        "operations": list(_operations()),
        "assumptions": list(_settings(weights.assumptions)),
        "figures": list(_figures(figures)),
        "sources": list(_sources(figures)),
        "needs": list(_needs()),
    }


def _settings(settings: Mapping[str, Setting]) -> Iterator[str]:
    rows = (
        (f"`{one.name}`", f"{float(one.value):g} {one.unit}".strip(), one.why) for one in settings.values()
    )
    return _table(("name", "value", "what it is"), rows)


def _operations() -> Iterator[str]:
    burdens = load_weights().burdens
    rows = ((one.mesh.title, f"{float(one.points):g}", one.why, f"[docs]({one.source})") for one in burdens)
    return _table(("mesh", "points", "why", "source"), rows)


def _figures(figures: Figures) -> Iterator[str]:
    rows = (
        (
            f"`{one.id}`",
            one.what,
            one.per,
            "cores" if one.resource == "cpu" else "MB",
            *map(_bound, one.bounds),
        )
        for one in figures.by_id.values()
    )
    return _table(("figure", "of what", "for each", "unit", "low", "typical", "high"), rows)


def _bound(one: Bound) -> str:
    origin = f"assumed: {one.assumption}" if one.assumption else f"`{one.source}`"
    return f"{float(one.value):g} ({origin}{f'; {one.note}' if one.note else ''})"


def _sources(figures: Figures) -> Iterator[str]:
    rows = (
        (f"`{one.id}`", one.by, one.date, one.kind, f"[{one.title}]({one.url})" if one.url else one.title)
        for one in figures.sources.values()
    )
    return _table(("source", "by", "date", "kind", "what"), rows)


def _needs() -> Iterator[str]:
    rows = (
        (
            f"`{need.id}`",
            need.title,
            "yes" if need.hard else "no",
            *(
                f"{one.answer.value}: {one.how} ([{one.version}]({one.source}))"
                for one in (need.support[mesh] for mesh in MESHES)
            ),
        )
        for need in load_needs().values()
    )
    return _table(("need", "what", "hard", *(mesh.title for mesh in MESHES)), rows)


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(text.replace('|', '/') for text in row)} |"


if __name__ == "__main__":
    main()
