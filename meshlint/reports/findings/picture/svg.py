"""The mesh as inline SVG: boxes in bands, arrows, and how much was found where.

Colours come from the style of the page, and nothing is told by colour alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from html import escape

from meshlint.engine.finding import Finding
from meshlint.engine.rule import Severity
from meshlint.reports.findings.picture.collapsed import readable
from meshlint.reports.findings.picture.placed import HEIGHT, WIDTH, Band, Box, placed
from meshlint.reports.shared.drawing import Arrow, Drawing
from meshlint.reports.shared.soundness import BAD, GOOD, OPEN, WEAK
from meshlint.reports.shared.style import printable

_LETTERS = 22
_BEND = 60
_ROWS = 400
_WAYS = {
    GOOD: "let in, over mutual TLS",
    WEAK: "can be read on its way",
    BAD: "denied or broken",
    OPEN: "routed, or not known",
}
Counts = Mapping[str, Counter[Severity]]


def picture(drawing: Drawing, findings: Iterable[Finding]) -> Iterator[str]:
    """The section of the page with the picture, what its lines mean, and the same in words."""
    drawn, left_out = readable(drawing)
    counts = _counts(findings)
    yield from ('<section aria-labelledby="mesh">', '<h2 id="mesh">The mesh</h2>')
    if left_out:
        yield f"<p>{_text(left_out)}</p>"
    yield '<ul class="ways">'
    yield from (f'<li class="{way}">{_text(words)}</li>' for way, words in _WAYS.items())
    yield from ("</ul>", '<div class="mesh" tabindex="0" role="region" aria-label="Picture of the mesh">')
    yield from _svg(drawn, counts)
    yield "</div>"
    yield from _in_words(drawn)
    yield "</section>"


def _counts(findings: Iterable[Finding]) -> Counts:
    """How many findings of each level there are about each object, and in each namespace."""
    found: dict[str, Counter[Severity]] = {}
    for one in findings:
        if one.object is not None:
            name = f"{one.object.kind}/{one.object.namespace}/{one.object.name}"
            for key in (name, one.object.namespace):
                found.setdefault(key, Counter())[one.severity] += 1 + len(one.others)
    return found


def _svg(drawn: Drawing, counts: Counts) -> Iterator[str]:
    where = placed(drawn)
    size = f'width="{where.width}" height="{where.height}" viewBox="0 0 {where.width} {where.height}"'
    yield f'<svg {size} role="img" aria-labelledby="drawn">'
    counted = f"{len(drawn.things)} boxes and {len(drawn.arrows)} arrows, which stand below in words"
    yield f'<title id="drawn">{counted}</title>'
    yield "<defs>"
    yield from (_head(way) for way in _WAYS)
    yield "</defs>"
    for band in where.bands:
        yield from _band(band, where.width, counts)
    boxes = {box.thing.id: box for box in where.boxes}
    yield from (_arrow(one, boxes[one.source], boxes[one.target]) for one in drawn.arrows)
    yield from (line for box in where.boxes for line in _box(box, counts))
    yield "</svg>"


def _head(way: str) -> str:
    size = 'viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"'
    return f'<marker id="head-{way}" {size}><path class="head {way}" d="M0 0 8 4 0 8z"/></marker>'


def _band(band: Band, width: int, counts: Counts) -> Iterator[str]:
    if band.name:
        yield f'<rect class="band" x="16" y="{band.y}" width="{width - 32}" height="{band.height}" rx="8"/>'
        told = _told(counts.get(band.name, Counter()))
        words = f"{band.name}: {told}" if told else band.name
        yield f'<text class="namespace" x="32" y="{band.y + 22}">{_text(words)}</text>'


def _box(box: Box, counts: Counts) -> Iterator[str]:
    found = counts.get(box.thing.id, Counter())
    level = f" {max(found)}" if found else ""
    told = _told(found)
    about = " · ".join(part for part in (box.thing.kind, box.thing.mesh) if part)
    yield f'<g class="box{level}"><title>{_text(f"{box.thing.name} ({about}) {told}".rstrip())}</title>'
    yield f'<rect x="{box.x}" y="{box.y}" width="{WIDTH}" height="{HEIGHT}" rx="6"/>'
    yield f'<text x="{box.x + 10}" y="{box.y + 18}">{_text(_short(box.thing.name))}</text>'
    yield f'<text class="about" x="{box.x + 10}" y="{box.y + 35}">{_text(told or about)}</text></g>'


def _told(found: Counter[Severity]) -> str:
    return ", ".join(_counted(found[level], level) for level in sorted(found, reverse=True))


def _counted(count: int, level: Severity) -> str:
    return f"{count} {level}{'' if count == 1 or level is Severity.INFO else 's'}"


def _arrow(one: Arrow, source: Box, target: Box) -> str:
    start, end = (source.x + WIDTH, source.y + HEIGHT // 2), (target.x, target.y + HEIGHT // 2)
    bend = max(_BEND, (end[0] - start[0]) // 2)
    curve = f"C{start[0] + bend} {start[1]} {end[0] - bend} {end[1]} {end[0]} {end[1]}"
    title = f"{source.thing.name} to {target.thing.name}: {one.words or _WAYS[one.way]}"
    path = f'<path class="way {one.way}" d="M{start[0]} {start[1]}{curve}" marker-end="url(#head-{one.way})">'
    return f"{path}<title>{_text(title)}</title></path>"


def _in_words(drawn: Drawing) -> Iterator[str]:
    names = {thing.id: f"{thing.namespace}/{thing.name}".lstrip("/") for thing in drawn.things}
    yield "<details><summary>The arrows in words</summary>"
    yield '<div class="body"><table><thead><tr><th>From</th><th>To</th><th>How</th></tr></thead><tbody>'
    for one in drawn.arrows[:_ROWS]:
        cells = (names[one.source], names[one.target], one.words or _WAYS[one.way])
        yield f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in cells)}</tr>"
    yield "</tbody></table>"
    if len(drawn.arrows) > _ROWS:
        yield f"<p>and {len(drawn.arrows) - _ROWS} more, which <code>meshlint graph</code> tells.</p>"
    yield "</div></details>"


def _short(name: str) -> str:
    half = _LETTERS // 2
    return name if len(name) <= _LETTERS else f"{name[:half]}…{name[-half + 1 :]}"


def _text(text: str) -> str:
    return escape(printable(text))
