"""The mesh as few things and arrows: workloads and gateways, and the requests between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from meshlint.api.overviews.picture import picture
from meshlint.api.reading.project import Project
from meshlint.mesh.graph.graph import NodeKind, Relation
from meshlint.reports.graph.picture import Drawable, Link, Node
from meshlint.reports.shared.drawing import Arrow, Drawing, Thing
from meshlint.reports.shared.soundness import GRAVEST, OPEN, soundness

_DRAWN = {NodeKind.WORKLOAD, NodeKind.GATEWAY}


def drawing(project: Project) -> Drawing:
    """What is drawn of a project: no routes, and no services where workloads stand behind them."""
    whole = picture(project)
    related = _Related(whole)
    arrows = _joined((*related.calls(), *related.through_gateways()))
    ends = {end for arrow in arrows for end in (arrow.source, arrow.target)}
    nodes = [node for node in whole.nodes if node.kind in _DRAWN or node.id in ends]
    known = {node.id for node in nodes}
    return Drawing(
        tuple(sorted(map(_thing, nodes))),
        tuple(arrow for arrow in arrows if {arrow.source, arrow.target} <= known),
    )


def _thing(node: Node) -> Thing:
    return Thing(node.namespace, node.name, node.kind, node.id, node.mesh)


class _Related:
    """The links of a picture, by where they lead from."""

    def __init__(self, whole: Drawable) -> None:
        self.links = whole.links
        self.behind = self._by(Relation.BACKS, backwards=True)
        self.whole = self._by(Relation.IS_PART_OF)
        self.sent = self._by(Relation.ROUTES_TO)
        self.gateways = {node.id for node in whole.nodes if node.kind == NodeKind.GATEWAY}

    def _by(self, relation: Relation, *, backwards: bool = False) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for link in self.links:
            if link.relation == relation:
                start, end = (link.target, link.source) if backwards else (link.source, link.target)
                found.setdefault(start, []).append(end)
        return found

    def calls(self) -> Iterator[Arrow]:
        for link in self.links:
            if link.relation == Relation.CALLS:
                way = soundness(link.transport, link.access) if link.transport else OPEN
                for end in self._ends(link.target):
                    yield Arrow(link.source, end, way, _words(link))

    def through_gateways(self) -> Iterator[Arrow]:
        for link in self.links:
            if link.target in self.gateways and link.relation in (Relation.BINDS, Relation.ATTACHES_TO):
                for part in self.sent.get(link.source, ()):
                    for target in self.whole.get(part, [part]):
                        yield from (Arrow(link.target, end, OPEN, "routed") for end in self._ends(target))

    def _ends(self, service: str) -> list[str]:
        return self.behind.get(service) or [service]


def _words(link: Link) -> str:
    return ", ".join(word for word in (link.transport, link.access) if word)


def _joined(arrows: Iterable[Arrow]) -> tuple[Arrow, ...]:
    """One arrow for each pair of ends: the gravest way, and what is said of any."""
    found: dict[tuple[str, str], list[Arrow]] = {}
    for one in arrows:
        found.setdefault((one.source, one.target), []).append(one)
    return tuple(
        Arrow(*ends, min((one.way for one in held), key=GRAVEST.index), _all_words(held))
        for ends, held in sorted(found.items())
    )


def _all_words(held: Iterable[Arrow]) -> str:
    return "; ".join(dict.fromkeys(one.words for one in held if one.words))
