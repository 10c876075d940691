"""What is said of chains of calls agrees with trying all of them, on many small meshes."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from math import prod

import networkx as nx
import pytest

from meshlint.journeys.abandoned import abandoned
from meshlint.journeys.hops import hop_graph, hops
from meshlint.journeys.repeated import repeated
from tests.journeys.models import Model, Route, random_model

MESHES = 200
MODELS = [random_model(seed) for seed in range(MESHES)]
MOST = 6


def routes_to(model: Model, name: str) -> tuple[Route, ...]:
    return model.routes.get(name) or (Route(),)


def tries(model: Model, name: str) -> int:
    return min(one.tries for one in routes_to(model, name))


def requests(model: Model, path: tuple[str, ...]) -> int:
    return prod(tries(model, name) for name in path[1:])


def repeating(model: Model, path: tuple[str, ...]) -> int:
    return sum(tries(model, name) > 1 for name in path[1:])


def worst_ends(model: Model) -> dict[str, int]:
    """For each workload at which chains end that are too much, the most requests that come to it."""
    found: dict[str, int] = {}
    for path in model.simple_paths():
        if tries(model, path[-1]) > 1 and repeating(model, path) > 1 and requests(model, path) > MOST:
            found[path[-1]] = max(found.get(path[-1], 0), requests(model, path))
    return found


@pytest.mark.parametrize("model", MODELS, ids=range(MESHES))
def test_retries_multiply_as_on_the_worst_of_all_paths(model: Model) -> None:
    worst = worst_ends(model)
    paths = set(model.simple_paths())
    told = repeated(model.mesh, MOST)
    for one in told:
        path = (one.hops[0].client.name, *(hop.server.name for hop in one.hops))
        assert path in paths
        assert one.requests == requests(model, path) == worst[path[-1]]
    chains = [(one.hops[0].client.name, *(hop.server.name for hop in one.hops)) for one in told]
    silent = set(worst) - {chain[-1] for chain in chains}
    # What is not told is the beginning of a longer chain that is.
    assert all(any(end in chain[:-1] for chain in chains) for end in silent)


def wait_at_least(model: Model, name: str) -> Fraction | None:
    limits = [one.wait for one in routes_to(model, name) if one.wait is not None]
    return min(limits) if limits else None


def wait_at_most(model: Model, name: str) -> Fraction | None:
    limits = [one.patience for one in routes_to(model, name)]
    return max((one for one in limits if one is not None), default=None) if None not in limits else None


def overtaken(model: Model) -> Iterator[tuple[str, ...]]:
    for path in model.simple_paths():
        if len(path) == 3:
            patience, wait = wait_at_most(model, path[1]), wait_at_least(model, path[2])
            if patience is not None and wait is not None and patience < wait:
                yield path


@pytest.mark.parametrize("model", MODELS, ids=range(MESHES))
def test_timeouts_end_too_early_on_just_these_pairs(model: Model) -> None:
    told = [
        (one.first.client.name, one.first.server.name, one.second.server.name)
        for one in abandoned(model.mesh)
    ]
    assert sorted(told) == sorted(overtaken(model))


@pytest.mark.parametrize("model", MODELS, ids=range(MESHES))
def test_rings_are_the_groups_that_cycles_hold_together(model: Model) -> None:
    told = hop_graph(hops(model.mesh)).rings()
    called: nx.DiGraph[str] = nx.DiGraph(model.calls)
    cycles = [frozenset(one) for one in nx.simple_cycles(called)]
    groups: list[set[str]] = []
    for cycle in cycles:
        touching = [one for one in groups if one & cycle]
        groups = [one for one in groups if not one & cycle] + [set(cycle).union(*touching)]
    assert sorted(ring[0].name for ring in told) == sorted(min(group) for group in groups)
    for ring in told:
        names = [node.name for node in ring]
        assert names[0] == names[-1]
        assert all(to in model.calls[one] for one, to in pairwise(names))
        through = [len(cycle) for cycle in cycles if names[0] in cycle]
        assert len(names) - 1 == min(through)


def test_the_meshes_tell_something() -> None:
    assert sum(bool(worst_ends(model)) for model in MODELS) > MESHES / 10
    assert sum(any(overtaken(model)) for model in MODELS) > MESHES / 10
