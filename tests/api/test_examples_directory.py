"""The examples that `make demo` shows: each with its defects, and a corrected twin without any."""

from __future__ import annotations

import pytest

from meshlint.api import Request, check, graph
from tests.shared import PROJECT

EXAMPLES = PROJECT / "examples"


def told(name: str) -> list[tuple[str, int]]:
    outcome = check([str(EXAMPLES / name)], Request(no_config=True, directory=PROJECT))
    return [(finding.rule, finding.location.span.line) for finding in outcome.findings]


def test_the_tutorial_is_told_of_its_version_its_field_and_its_wide_identity() -> None:
    assert told("tutorial") == [
        ("SCHEMA009", 2),
        ("SCHEMA009", 14),
        ("SCHEMA001", 24),
        ("AUTHZ201", 26),
    ]


def test_bookinfo_shows_the_four_headline_defects() -> None:
    assert {rule for rule, _ in told("bookinfo")} >= {"MTLS002", "AUTHZ001", "ROUTE001", "SUBSET001"}


@pytest.mark.parametrize("name", ["tutorial-corrected", "bookinfo-corrected"])
def test_corrected_twins_are_clean(name: str) -> None:
    assert told(name) == []


def test_calls_are_drawn_with_what_comes_of_them() -> None:
    picture = graph([str(EXAMPLES / "bookinfo")], Request(no_config=True, directory=PROJECT))
    told = {(link.source, link.target): (link.transport, link.access) for link in picture.links}
    ends = ("Deployment/bookinfo/reviews-v1", "service/bookinfo/ratings")
    assert told[ends] == ("mutual TLS", "in part")
    assert {call.access for call in picture.calls} == {"allowed", "in part"}


def test_calls_are_seen_and_secured() -> None:
    picture = graph([str(EXAMPLES / "bookinfo")], Request(no_config=True, directory=PROJECT))
    assert [(call.client, call.server, call.secured) for call in picture.calls] == [
        ("bookinfo/productpage", "bookinfo/reviews", "mutual TLS"),
        ("bookinfo/reviews-v1", "bookinfo/ratings", "mutual TLS"),
        ("bookinfo/reviews-v2", "bookinfo/ratings", "mutual TLS"),
    ]
    assert {node.kind for node in picture.nodes} >= {"workload", "service", "identity", "route", "subset"}
    assert ("reviews:v1", "88.9 %") in {
        (link.target.rpartition("/")[2], link.label) for link in picture.links
    }
