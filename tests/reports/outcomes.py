"""Outcomes made by hand, with what is hard to print in them."""

from __future__ import annotations

from meshlint.documents import FileText, Span
from meshlint.engine.finding import Finding, Location, RelatedLocation
from meshlint.engine.outcome import NotAnalysed, Outcome, Summary
from meshlint.engine.rule import Confidence, Rule, Severity, texts_of
from meshlint.resources.resource import ObjectId

ROUTE = "mesh/reviews.yaml"
RULES = "mesh/reviews-subsets.yaml"
HARD = "mesh/hard to print.yaml"

_ROUTE_TEXT = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts: [reviews]
  http:
    - route:
        - destination:
            host: reviews
            subset: v3
          weight: 90
        - destination:
            host: reviews
            subset: v1
"""
_RULES_TEXT = """\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets:
    - name: v1
      labels: {version: v1}
"""
_LONG = "  note: " + "every word before it, " * 12 + 'principals: ["*"], ' + "every word after it, " * 12
_HARD_TEXT = f"""\
---
\t名前: "全ての人" # wide, after a tab
{_LONG}
escape: "\x1b[31mred"

---
last: 1
"""


def _texts(rationale: str, remediation: str, *references: str) -> str:
    return texts_of({"rationale": rationale, "remediation": remediation, "references": references})


SUBSET_RULE = Rule(
    id="SUBSET001",
    name="undefined-subset",
    summary="A route names a subset that no DestinationRule defines",
    severity=Severity.ERROR,
    check="subsets.undefined",
    texts=_texts(
        "A proxy has no endpoints for a subset that it was not told of, and answers 503.",
        "Define the subset in a DestinationRule that the client sees, or correct its name.",
        "https://istio.io/latest/docs/reference/config/networking/destination-rule/",
    ),
    meshes=("istio",),
    tags=("availability",),
)
AUTHZ_RULE = Rule(
    id="AUTHZ004",
    name="any-principal",
    summary="A policy admits every identity",
    severity=Severity.WARNING,
    check="authorization.any_principal",
    texts=_texts(
        "A star admits any caller with a certificate of the mesh. " * 20,
        "Name the service accounts that call.",
    ),
    confidence=Confidence.MEDIUM,
    meshes=("istio", "linkerd"),
    tags=tuple(f"tag-{number}" for number in range(30)),
    security_severity=7.5,
)
QUIET_RULE = Rule(
    id="HYGIENE001",
    name="unused-subset",
    summary="A subset that no route names",
    severity=Severity.INFO,
    check="subsets.unused",
    confidence=Confidence.LOW,
)

UNDEFINED = Finding(
    rule="SUBSET001",
    name="undefined-subset",
    severity=Severity.ERROR,
    message="VirtualService shop/reviews sends 90 % to subset 'v3', which no DestinationRule defines, so "
    "those requests get 503",
    location=Location(ROUTE, Span.at(12, 21, 2)),
    fingerprint="1f2e3d4c5b6a7988:1",
    object=ObjectId("networking.istio.io", "VirtualService", "shop", "reviews"),
    path=("spec", "http", "0", "route", "0", "destination", "subset"),
    hint="Add the subset 'v3' to DestinationRule shop/reviews, or route to 'v1'.",
    related=(
        RelatedLocation(Location(ROUTE, Span.at(13, 11, 6)), "its share"),
        RelatedLocation(Location(RULES, Span.at(6, 3, 7)), "the subsets of reviews are defined here"),
    ),
)
MISSING_WEIGHT = Finding(
    rule="SUBSET001",
    name="undefined-subset",
    severity=Severity.WARNING,
    message="A key with a block below it",
    location=Location(ROUTE, Span(8, 3, 16, 23)),
    fingerprint="aaaa:1",
)
WIDE = Finding(
    rule="AUTHZ004",
    name="any-principal",
    severity=Severity.WARNING,
    message="AuthorizationPolicy shop/全 admits [everyone](1), 100%, \x1b[2Jand more",
    location=Location(HARD, Span.at(2, 6, 6)),
    fingerprint="bbbb:1",
    others=tuple(Location(f"mesh/copy-{number}.yaml", Span.at(number, 3, 4)) for number in range(1, 10)),
)
CLIPPED = Finding(
    rule="AUTHZ004",
    name="any-principal",
    severity=Severity.WARNING,
    message="AuthorizationPolicy shop/all admits '*', so every workload of the mesh may call",
    location=Location(HARD, Span.at(3, _LONG.index('"*"') + 1, 3)),
    fingerprint="cccc:1",
    others=(Location(ROUTE, Span.at(1, 1, 10)),),
)
ESCAPED = Finding(
    rule="ENGINE001",
    name="check-failed",
    severity=Severity.INFO,
    message="first line\nsecond: line, with a comma",
    location=Location(HARD, Span.at(4, 9, 9)),
    fingerprint="dddd:1",
    related=(RelatedLocation(Location("<stdin>", Span.at(400, 1)), "not at hand"),),
)

SUMMARY = Summary(
    files=12,
    documents=40,
    objects=38,
    kinds={"Service": 10, "Deployment": 10, "VirtualService": 2, "DestinationRule": 1},
    unknown_kinds={"example.com/v1 Widget": 3, "example.com/v1 Gadget": 1},
    without_objects=2,
    not_analysed=(
        NotAnalysed(
            "template of a Helm chart",
            ("charts/shop/templates/a.yaml", "charts/shop/templates/b.yaml"),
            "render the chart: helm template charts/shop | meshlint check -",
        ),
    ),
    unresolved=5,
    suppressed=1,
    notes=("The values of 2 Secrets are not read.",),
)

FULL = Outcome(
    findings=(UNDEFINED, MISSING_WEIGHT, WIDE, CLIPPED, ESCAPED),
    rules=(SUBSET_RULE, AUTHZ_RULE, QUIET_RULE),
    summary=SUMMARY,
    texts={
        text.path: text
        for text in (FileText(ROUTE, _ROUTE_TEXT), FileText(RULES, _RULES_TEXT), FileText(HARD, _HARD_TEXT))
    },
    suppressed=(MISSING_WEIGHT,),
)
CLEAN = Outcome(findings=(), rules=(SUBSET_RULE,), summary=Summary(files=3, documents=5, objects=5))
