"""Deployments that are releases of charts in view."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from yaml.nodes import Node

from meshlint.assembly.charts import Chart, ChartOrder, charts_in, orders, rendered, templates_of, variants
from meshlint.assembly.deployments.deployment import Deployment, deployment, place
from meshlint.assembly.deployments.entry import object_of, with_applications
from meshlint.assembly.kustomize import Built, CannotBuild, pieces_of
from meshlint.assembly.nodes import scalar
from meshlint.assembly.tree import Tree
from meshlint.values import evolve

_MOST: Final = 30
Values = Sequence[tuple[str, bytes]]


def released(
    tree: Tree, directories: Iterable[str], declared: Sequence[Node], given: Sequence[str]
) -> Iterator[Deployment]:
    """The releases that objects ask for, and each chart that nobody releases.

    The latter with the values of the user, or else by itself and with each file of values beside it.
    """
    if tree.charts is None:
        return
    known = list(orders(with_applications(declared, tree), tree, declared))
    for order in known:
        yield _ordered(tree, order)
    taken = {order.chart.directory for order in known}
    alone = [chart for chart in charts_in(tree, directories) if chart.directory not in taken]
    for chart in alone[:_MOST]:
        yield from _alone(tree, chart, given)
    for chart in alone[_MOST:]:
        why = f"more than {_MOST} charts are not rendered at once"
        yield Deployment(f"chart {chart.directory}", failure=why, is_release=True)


def _ordered(tree: Tree, order: ChartOrder) -> Deployment:
    if order.why_not is not None:
        return Deployment(order.name, failure=order.why_not)
    target = (order.release, order.namespace)
    made = _release(tree, order.name, order.chart, target, order.values, scalar(order.namespace, order.at))
    return evolve(made, declared_by=object_of(order.at)) if made.failure is None else made


def _alone(tree: Tree, chart: Chart, given: Sequence[str]) -> Iterator[Deployment]:
    """A chart with its own values and with those of each file beside it; a failure if nothing works."""
    name = posixpath.basename(chart.directory) or chart.name
    target = (name if name != "." else chart.name, "default")
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
        return Deployment(name, failure=str(error), is_release=True)
    except RecursionError:
        return Deployment(name, failure="it is nested too deep", is_release=True)
    return evolve(deployment(name, built, {*files, *templates_of(tree, chart)}, tree), is_release=True)
