"""Ways of many steps through a graph: chains that pass no node twice, and rings."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from meshlint.values import frozen

if TYPE_CHECKING:
    import networkx as nx


class Ordered(Hashable, Protocol):
    """What chains may be made of: their order decides between equals."""

    def __lt__(self, other: Any, /) -> bool:
        """Whether it comes first."""
        ...


Node = TypeVar("Node", bound=Ordered)
Weight = Callable[[Node, Node], int]

MOST_STEPS = 20_000
"""How many beginnings of chains are looked at for one question, where nodes lead to one another."""


def rings(graph: nx.MultiDiGraph[Node]) -> tuple[tuple[Node, ...], ...]:
    """For each group of nodes that lead to one another, the shortest way round through its first node.

    The first node stands at both ends.
    """
    import networkx as nx

    found: list[tuple[Node, ...]] = []
    for group in nx.strongly_connected_components(graph):
        first = min(group)
        if first in graph[first]:
            found.append((first, first))
        elif len(group) > 1:
            found.append((first, *min(_round(graph, group, first), key=lambda one: (len(one), one))))
    return tuple(sorted(found))


def _round(graph: nx.MultiDiGraph[Node], group: Collection[Node], first: Node) -> Iterator[tuple[Node, ...]]:
    """The shortest ways from each node after `first` back to it."""
    import networkx as nx

    inside = graph.subgraph(group)
    for after in inside[first]:
        for way in nx.all_shortest_paths(inside, after, first):
            yield tuple(way)
            break


def chains(graph: nx.MultiDiGraph[Node], start: Node, end: Node, most: int) -> tuple[tuple[Node, ...], ...]:
    """The first `most` chains from `start` to `end`, shorter ones first, and equals by their names.

    Where the search grows beyond `MOST_STEPS`, the longer ones are left out, never the shortest.
    """
    import networkx as nx

    if start not in graph or end not in graph or not nx.has_path(graph, start, end):
        return ()
    leading = {end, *nx.ancestors(graph, end)}
    found: list[tuple[Node, ...]] = []
    open_ends: deque[tuple[Node, ...]] = deque([(start,)])
    for _ in range(MOST_STEPS):
        if not open_ends or len(found) == most:
            break
        chain = open_ends.popleft()
        if chain[-1] == end:
            found.append(chain)
            continue
        open_ends.extend((*chain, one) for one in _next(graph, chain) if one in leading)
    return tuple(found) or (tuple(nx.shortest_path(graph, start, end)),)


def _next(graph: nx.MultiDiGraph[Node], chain: tuple[Node, ...]) -> list[Node]:
    return sorted(one for one in graph[chain[-1]] if one not in chain)


@frozen(repr=False)
class _Best(Generic[Node]):
    """A chain with the product of its weights."""

    product: int
    chain: tuple[Node, ...]

    @property
    def order(self) -> tuple[int, int, tuple[Node, ...]]:
        """The greatest product first; of equals the shortest, then the first by name."""
        return -self.product, len(self.chain), self.chain


def heaviest(graph: nx.MultiDiGraph[Node], weight: Weight[Node]) -> dict[Node, tuple[Node, ...]]:
    """For each node the chain to it whose weights make the greatest product.

    A chain passes groups of nodes that lead to one another one after the other, so the best chain into a
    group goes on from the best one to the group before. Only inside a group are chains tried one by one.
    """
    import networkx as nx

    whole = nx.condensation(nx.DiGraph(graph))
    best: dict[Node, _Best[Node]] = {}
    for number in nx.topological_sort(whole):
        group: frozenset[Node] = frozenset(whole.nodes[number]["members"])
        entering = {one: _entering(graph, weight, best, group, one) for one in sorted(group)}
        for held in _inside(graph, weight, group, entering):
            end = held.chain[-1]
            best[end] = min((held, best.get(end, held)), key=lambda one: one.order)
    return {node: held.chain for node, held in best.items()}


def _entering(
    graph: nx.MultiDiGraph[Node],
    weight: Weight[Node],
    best: dict[Node, _Best[Node]],
    group: Collection[Node],
    node: Node,
) -> _Best[Node]:
    """The best chain that comes to `node` from outside of its group; the node alone where none does."""
    before = (one for one in graph.predecessors(node) if one not in group)
    found = [_Best(best[one].product * weight(one, node), (*best[one].chain, node)) for one in before]
    return min((*found, _Best(1, (node,))), key=lambda one: one.order)


def _inside(
    graph: nx.MultiDiGraph[Node],
    weight: Weight[Node],
    group: Collection[Node],
    entering: dict[Node, _Best[Node]],
) -> Iterable[_Best[Node]]:
    """Every chain that goes on inside of a group, as far as `MOST_STEPS` allow."""
    open_ends: deque[_Best[Node]] = deque(entering.values())
    for _ in range(max(MOST_STEPS, len(group)) if len(group) > 1 else 1):
        if not open_ends:
            return
        held = open_ends.popleft()
        yield held
        for one in _next(graph, held.chain):
            if one in group:
                product = held.product * weight(held.chain[-1], one)
                open_ends.append(_Best(product, (*held.chain, one)))
