"""What becomes of the objects of a mesh that is left."""

from __future__ import annotations

from meshlint.advisor import Given, load_weights, with_overrides
from meshlint.advisor.verdict.migration import Note
from tests.advisor.workloads import advised, annotated, labelled, services

ISTIO = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: split, namespace: team-0}
spec:
  hosts: [s0]
  http: [{route: [{destination: {host: s0}, weight: 1}, {destination: {host: s1}, weight: 1}]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: copy, namespace: team-0}
spec: {hosts: [s1], http: [{route: [{destination: {host: s1}}], mirror: {host: s2}}]}
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: tokens, namespace: team-0}
spec: {jwtRules: [{issuer: a, jwksUri: 'https://a.test'}]}
"""
LINKERD = """\
apiVersion: policy.linkerd.io/v1beta3
kind: Server
metadata: {name: s0, namespace: team-0}
spec: {podSelector: {matchLabels: {app: s0}}, port: 8080}
---
apiVersion: policy.linkerd.io/v1alpha1
kind: HTTPLocalRateLimitPolicy
metadata: {name: s0, namespace: team-0}
spec: {targetRef: {group: policy.linkerd.io, kind: Server, name: s0}, total: {requestsPerSecond: 10}}
"""


def fates(notes: tuple[Note, ...]) -> dict[str, str]:
    return {note.place.object: note.answer for note in notes}


def test_objects_of_linkerd_find_their_counterparts_in_istio() -> None:
    texts = {**services(30), **annotated(1, linkerd="enabled"), "linkerd.yaml": LINKERD}
    advice = advised(texts, Given(needs=("jwt",)))
    assert advice.decision.choice.value.startswith("istio")
    assert fates(advice.migration) == {
        "Server team-0/s0": "yes",
        "HTTPLocalRateLimitPolicy team-0/s0": "partial",
    }


def test_an_object_that_asks_for_what_is_missing_has_no_counterpart() -> None:
    texts = {**services(30), **labelled(1, istio_injection="enabled"), "istio.yaml": ISTIO}
    given = Given(needs=("rate-limiting", "route-metrics", "small-proxy"), without=("jwt", "mirroring"))
    restless = with_overrides(load_weights(), {"weights": {"switching": 0}})
    advice = advised(texts, given, restless)
    assert advice.decision.choice.value == "linkerd"
    assert fates(advice.migration) == {
        "VirtualService team-0/split": "yes",
        "VirtualService team-0/copy": "no",
        "RequestAuthentication team-0/tokens": "no",
    }


def test_nothing_moves_where_the_mesh_stays() -> None:
    texts = {**services(30), **annotated(1, linkerd="enabled"), "linkerd.yaml": LINKERD}
    assert advised(texts).migration == ()
