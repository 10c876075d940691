"""Deployments that are releases of charts in view."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from yaml.nodes import Node

from meshlint.assembly.charts import Chart, ChartOrder, charts_in, orders, rendered, templates_of, variants
from meshlint.assembly.deployments.clusters import OWN, cluster_of
from meshlint.assembly.deployments.deployment import Deployment, deployment, place
from meshlint.assembly.deployments.entry import object_of, with_applications
from meshlint.assembly.kustomize import Built, CannotBuild, pieces_of
from meshlint.assembly.nodes import scalar
from meshlint.assembly.tree import Tree
from meshlint.values import evolve

_MOST: Final = 30
_NAMESPACE: Final = "default"
"""Where a chart goes if nobody says so."""
Values = Sequence[tuple[str, bytes]]


def released(
    tree: Tree,
    directories: Iterable[str],
    declared: Sequence[Node],
    deployed: Sequence[Deployment],
    given: Sequence[str],
) -> Iterator[Deployment]:
    """The releases that objects ask for, be they `declared` or `deployed`, and charts that nobody releases.

    The latter with the values of the user, or else by itself and with each file of values beside it.
    """
    if tree.charts is None:
        return
    known = [*declared, *(root for one in deployed for root in _roots(one))]
    taken: set[str] = set()
    asked: set[tuple[object, ...]] = set()
    for within, roots in [(OWN, declared), *((one.cluster, _roots(one)) for one in deployed)]:
        for order in orders(with_applications(roots, tree), tree, known):
            cluster = cluster_of(order.at, within)
            what = (order.name, order.chart, order.release, order.namespace, order.values, cluster)
            if what not in asked:
                asked.add(what)
                taken.add(order.chart.directory)
                yield evolve(_ordered(tree, order), cluster=cluster)
    alone = [chart for chart in charts_in(tree, directories) if chart.directory not in taken]
    for chart in alone[:_MOST]:
        yield from _alone(tree, chart, given)
    for chart in alone[_MOST:]:
        why = f"more than {_MOST} charts are not rendered at once"
        yield _unrendered(f"chart {chart.directory}", why, _NAMESPACE)


def _roots(one: Deployment) -> list[Node]:
    return [document.node for document in one.documents]


def _ordered(tree: Tree, order: ChartOrder) -> Deployment:
    if order.why_not is not None:
        return _unrendered(order.name, order.why_not, order.namespace)
    target = (order.release, order.namespace)
    made = _release(tree, order.name, order.chart, target, order.values, scalar(order.namespace, order.at))
    return evolve(made, declared_by=object_of(order.at)) if made.failure is None else made


def _alone(tree: Tree, chart: Chart, given: Sequence[str]) -> Iterator[Deployment]:
    """A chart with its own values and with those of each file beside it; a failure if nothing works."""
    name = posixpath.basename(chart.directory) or chart.name
    target = (name if name != "." else chart.name, _NAMESPACE)
    if given:
        values = [(path, tree.text(path) or b"") for path in given]
        yield _release(tree, f"chart {chart.directory}", chart, target, values)
        return
    made = [_release(tree, f"chart {chart.directory}", chart, target, ())]
    for path in variants(tree, chart):
        title = f"chart {chart.directory} with {posixpath.relpath(path, chart.directory)}"
        made.append(_release(tree, title, chart, target, [(path, tree.text(path) or b"")]))
    sound = [one for one in made if one.failure is None]
    yield from sound or made[:1]


def _release(
    tree: Tree,
    name: str,
    chart: Chart,
    target: tuple[str, str],
    values: Values,
    namespace: Node | None = None,
) -> Deployment:
    try:
        roots, files = rendered(tree, chart, *target, values)
        built = Built(pieces=pieces_of(roots))
        place(built.pieces, namespace)
    except CannotBuild as error:
        return _unrendered(name, str(error), target[1])
    except RecursionError:
        return _unrendered(name, "it is nested too deep", target[1])
    return evolve(deployment(name, built, {*files, *templates_of(tree, chart)}, tree), is_release=True)


def _unrendered(name: str, why: str, namespace: str) -> Deployment:
    """A release that may put anything into its namespace."""
    return Deployment(name, failure=why, filled=frozenset({namespace}), is_release=True)
