"""How far meshlint agrees with what the meshes' own code said, table by table.

Usage: python -m bench.verdicts [PART…]; prints one line for each recorded table whose name holds one of the
parts, or for all of them: how many rows there are, with how many meshlint agrees, and the tests that hold it
to them. The tables lie in `../shared/cases`; the whole takes some ten minutes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import cache

from attrs import frozen

from meshlint.security.istio import Chain
from tests.cases import istiod, linkerd_controller
from tests.cases import test_envoy_authz as envoy
from tests.cases import test_gateway_conformance as conformance
from tests.cases import test_gateway_status as status
from tests.cases import test_istiod_inbound as inbound
from tests.cases import test_istiod_policies as policies
from tests.cases import test_istiod_routes as routes
from tests.cases import test_istiod_webhook as webhook
from tests.cases import test_linkerd_access as access
from tests.cases import test_linkerd_admission as admission
from tests.cases import test_linkerd_routes as linkerd_routes
from tests.cases import test_ztunnel as ztunnel
from tests.matching import test_envoy_atoms as atoms
from tests.schema import test_corpus as corpus


@frozen
class Figure:
    """A table and how it is measured."""

    name: str
    measure: Callable[[], tuple[int, int]]
    """Counts the rows with which meshlint agrees, and all."""
    test: str
    """What pytest is to be asked for the same."""


def _count(verdicts: Iterable[bool]) -> tuple[int, int]:
    found = list(verdicts)
    return sum(found), len(found)


@cache
def _webhook() -> tuple[webhook.Judged, ...]:
    return webhook.whole()


def _of_webhook(name: str, measure: Callable[[tuple[webhook.Judged, ...]], webhook.Share]) -> Figure:
    def counted() -> tuple[int, int]:
        share = measure(_webhook())
        return len(share.good), len(share.of)

    return Figure(
        f"istiod's webhook: {name}", counted, "tests/cases/test_istiod_webhook.py -m 'slow or not slow'"
    )


def _requests() -> tuple[int, int]:
    chains = (Chain.HTTP, Chain.TCP)
    return _count(envoy.agrees(row, chain) for chain in chains for row in envoy.rows(chain))


def _status() -> tuple[int, int]:
    wrong, _, decided = status.faults(with_world=True)
    return decided - len(wrong), decided


def _conformance() -> tuple[int, int]:
    asked = [(one, name) for one in (conformance.ANY, conformance.ISTIO) for name in conformance.names()]
    return _count(not conformance.unlike(*one) for one in asked if not conformance.left_open(*one))


def _defined() -> tuple[int, int]:
    group = "gateway.networking.k8s.io"
    return _count(corpus.agrees(one) for one in corpus.of_known_kinds() if one.key[0] == group)


def _possible() -> list[access.Row]:
    rows = linkerd_controller.rows("access")
    return [row for row in rows if (row["set"], row["id"]) not in access.REFUSED_BY_THE_API_SERVER]


def _admission(*, refused: bool) -> tuple[int, int]:
    rows = [row for row in linkerd_controller.rows("admission") if row["refused"] is refused]
    told = (admission.refusals(row) for row in rows)
    return _count(any(one) if refused else not one[1] for one in told)


FIGURES = (
    Figure("Envoy's RBAC: requests", _requests, "tests/cases/test_envoy_authz.py"),
    Figure(
        "Envoy's RBAC: single conditions",
        lambda: _count(atoms.matches(one) is one["match"] for one in atoms.atoms()),
        "tests/matching/test_envoy_atoms.py",
    ),
    Figure(
        "istiod: inbound mTLS mode",
        lambda: _count(map(inbound.agrees, istiod.rows("inbound"))),
        "tests/cases/test_istiod_inbound.py",
    ),
    Figure(
        "istiod: which policies attach",
        lambda: _count(map(policies.agrees, istiod.rows("policies"))),
        "tests/cases/test_istiod_policies.py",
    ),
    Figure(
        "istiod: route, destination, effects",
        lambda: _count(not routes.told_otherwise(row) for row in istiod.rows("routes")),
        "tests/cases/test_istiod_routes.py -m 'slow or not slow'",
    ),
    _of_webhook("refusals told", webhook.refusals_told),
    _of_webhook("place, by the column alone", lambda judged: webhook.places_right(judged, strictly=True)),
    _of_webhook(
        "place, by all that was changed", lambda judged: webhook.places_right(judged, strictly=False)
    ),
    _of_webhook("accepted, and not called refused", webhook.taken_in_peace),
    _of_webhook("warnings told", webhook.warnings_told),
    _of_webhook("one mistake told once", webhook.told_once),
    Figure(
        "Linkerd: who is let in",
        lambda: _count(map(access.agrees, linkerd_controller.rows("access"))),
        "tests/cases/test_linkerd_access.py -m 'slow or not slow'",
    ),
    Figure(
        "Linkerd: who is let in, of objects that its definitions take",
        lambda: _count(map(access.agrees, _possible())),
        "tests/cases/test_linkerd_access.py -m 'slow or not slow'",
    ),
    Figure(
        "Linkerd: where a request goes",
        lambda: _count(linkerd_routes.agrees(row, complete=True) for row in linkerd_controller.rows("route")),
        "tests/cases/test_linkerd_routes.py",
    ),
    Figure(
        "Linkerd's admission: refused",
        lambda: _admission(refused=True),
        "tests/cases/test_linkerd_admission.py",
    ),
    Figure(
        "Linkerd's admission: taken",
        lambda: _admission(refused=False),
        "tests/cases/test_linkerd_admission.py",
    ),
    Figure(
        "ztunnel: connections in ambient mode",
        lambda: _count(answer.verdict.value == right for _, right, answer in ztunnel.answers()),
        "tests/cases/test_ztunnel.py",
    ),
    Figure(
        "Gateway API: objects of the corpus by its definitions, CEL included",
        _defined,
        "tests/schema/test_corpus.py -m 'slow or not slow'",
    ),
    Figure(
        "Gateway API: objects with a condition that is not met",
        lambda: _count(status.troubled()),
        "tests/cases/test_gateway_status.py",
    ),
    Figure("Gateway API: conditions that istiod sets", _status, "tests/cases/test_gateway_status.py"),
    Figure(
        "Gateway API: conformance manifests, for two controllers",
        _conformance,
        "tests/cases/test_gateway_conformance.py",
    ),
)


def main(parts: list[str]) -> None:
    """Print the figures of the tables that are asked for."""
    print("| table | rows | agree | share | python -m pytest |")
    print("|---|---:|---:|---:|---|")
    for figure in FIGURES:
        if not parts or any(part.lower() in figure.name.lower() for part in parts):
            good, rows = figure.measure()
            # Cut and not rounded: what is not all of it never reads 100 %.
            share = 10000 * good // rows / 100
            print(f"| {figure.name} | {rows} | {good} | {share:.2f} % | `{figure.test}` |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
