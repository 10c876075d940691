"""The mesh as one graph of typed nodes and relations, on networkx."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from meshlint.values import frozen

if TYPE_CHECKING:
    import networkx as nx


class NodeKind(StrEnum):
    """What a node stands for."""

    EXTERNAL_HOST = "external host"
    GATEWAY = "gateway"
    IDENTITY = "identity"
    NAMESPACE = "namespace"
    POLICY = "policy"
    ROUTE = "route"
    SERVICE = "service"
    SUBSET = "subset"
    WORKLOAD = "workload"


class Relation(StrEnum):
    """How one node hangs on another."""

    ATTACHES_TO = "attaches to"
    BACKS = "backs"
    BINDS = "binds"
    CALLS = "calls"
    CONFIGURES = "configures"
    IS_PART_OF = "is part of"
    ROUTES_TO = "routes to"
    RUNS_AS = "runs as"
    SELECTS = "selects"


@frozen(order=True, repr=False)
class Node:
    """A thing in the mesh. `type` is the object's kind where several kinds share a node kind."""

    kind: NodeKind
    namespace: str
    name: str
    type: str = ""

    @property
    def id(self) -> str:
        """A text that no other node has."""
        parts = (self.type or str(self.kind), self.namespace, self.name)
        return "/".join(part for part in parts if part)


@frozen(order=True, repr=False)
class Edge:
    """A relation between two nodes; `label` tells more, such as the share of a route's requests."""

    source: Node
    target: Node
    relation: Relation
    label: str = ""


@frozen(eq=False, slots=False, repr=False)
class MeshGraph:
    """Nodes and edges, each once and in an order that depends on names alone."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @classmethod
    def of(cls, nodes: Iterable[Node], edges: Iterable[Edge]) -> MeshGraph:
        """The graph of `edges`, with `nodes` that may hang on nothing."""
        once = set(edges)
        ends = (end for edge in once for end in (edge.source, edge.target))
        ordered = sorted({*nodes, *ends}, key=lambda one: (one.kind, one.namespace, one.name, one.type))
        rank = {node: place for place, node in enumerate(ordered)}
        by_ends = sorted(once, key=lambda one: (rank[one.source], rank[one.target], one.relation, one.label))
        return cls(tuple(ordered), tuple(by_ends))

    @cached_property
    def networkx(self) -> nx.MultiDiGraph[Node]:
        """The same as a networkx graph: nodes are `Node`, edges carry their relation as key."""
        import networkx as nx

        graph: nx.MultiDiGraph[Node] = nx.MultiDiGraph()
        graph.add_nodes_from(self.nodes)
        for edge in self.edges:
            graph.add_edge(edge.source, edge.target, key=(edge.relation, edge.label))
        return graph

    def related(self, node: Node, relation: Relation) -> Iterator[Node]:
        """The nodes that `node` has this relation to."""
        for _, target, (found, _label) in self.networkx.out_edges(node, keys=True):
            if found is relation:
                yield target

    def reachable(self, node: Node) -> frozenset[Node]:
        """Everything that hangs on `node`, however far."""
        import networkx as nx

        return frozenset(nx.descendants(self.networkx, node))

    def rings(self) -> tuple[tuple[Node, ...], ...]:
        """For each group of nodes that lead to one another, the shortest way round through its first node."""
        from meshlint.mesh.graph.walks import rings

        return rings(self.networkx)

    def heaviest(self, weight: Callable[[Node, Node], int]) -> dict[Node, tuple[Node, ...]]:
        """For each node the chain that ends there and whose edges' weights make the greatest product."""
        from meshlint.mesh.graph.walks import heaviest

        return heaviest(self.networkx, weight)

    def chains(self, start: Node, end: Node, most: int) -> tuple[tuple[Node, ...], ...]:
        """The first `most` chains from `start` to `end`, shorter ones first, none with a node twice."""
        from meshlint.mesh.graph.walks import chains

        return chains(self.networkx, start, end, most)
