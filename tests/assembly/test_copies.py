"""One object in several directories, outside of deployments: copies of a file add nothing but HYGIENE011."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import pytest

from meshlint.api import check_texts
from meshlint.api.judging.checking import CheckOptions
from meshlint.engine.examine import Policy
from meshlint.engine.finding import Finding
from tests.filling.test_unknown_values import manifests
from tests.shared import needs_shared

_LABEL = re.compile(r"^(\s+)(app|version|app\.kubernetes\.io/name): [\"']?([\w-]+)[\"']?$", re.MULTILINE)
_MOST = 15
FEW, MANY = 12, 300


def told(texts: dict[str, str]) -> list[Finding]:
    """What is said of the files, each finding by itself: floods are not put together."""
    apart = CheckOptions(policy=Policy(date.today(), group_after=0))
    return [one for one in check_texts(texts, apart).findings if one.rule != "HYGIENE011"]


def added(texts: dict[str, str], copy: dict[str, str]) -> Counter[str]:
    """The rules that say more of the files than before, or of the copy what nobody said before.

    What the copy is told alone is its own, and what is said of its original in the same words is the same
    finding at its second place.
    """
    before, alone, after = told(texts), told(copy), told({**texts, **copy})
    known = {(one.rule, one.message) for one in [*before, *alone]}
    more = Counter(one.rule for one in after if (one.rule, one.message) not in known)
    more |= Counter(one.rule for one in after if one.location.file in texts) - Counter(
        one.rule for one in before
    )
    return more


def changed(text: str, random: Random) -> str:
    """The text with one label otherwise, half of the time."""
    found = list(_LABEL.finditer(text))
    if not found or random.random() < 0.5:
        return text
    label = random.choice(found)
    return f"{text[: label.start(3)]}{label[3]}-b{text[label.end(3) :]}"


def copied(random: Random, times: int) -> None:
    files = manifests()
    for path in random.choices(files, k=times):
        others = [one for one in files if one.parent == path.parent and one != path]
        beside: list[Path] = [path, *others[:_MOST]]
        texts = {f"shop/one/{one.name}": one.read_text() for one in beside}
        copy = {f"shop/two/{path.name}": changed(path.read_text(), random)}
        assert added(texts, copy) == Counter(), path


@needs_shared
def test_copies_in_a_directory_beside() -> None:
    copied(Random(3), FEW)


@needs_shared
@pytest.mark.slow
def test_many_copies_in_a_directory_beside() -> None:
    copied(Random(4), MANY)


PODS = """apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, version: v1}}
    spec: {containers: [{name: web, image: example.com/web}]}
"""
RULE = """apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web, namespace: shop}
spec: {host: web, subsets: [{name: v1, labels: {version: LABEL}}]}
"""
TOKENS = """apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: LABEL}}
  jwtRules: [{issuer: "https://example.com", jwksUri: "https://example.com/keys"}]
"""
DEMAND = """apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  rules: [{from: [{source: {requestPrincipals: ["*"]}}]}]
"""


@pytest.mark.parametrize(
    ("rule", "beside", "text", "label"),
    [
        ("SUBSET005", PODS, RULE, "v1"),
        ("AUTHZ012", DEMAND, TOKENS, "web"),
    ],
)
def test_a_copy_is_not_judged_by_what_lies_beside_its_original(
    rule: str, beside: str, text: str, label: str
) -> None:
    original = {"shop/one/pods.yaml": beside, "shop/one/a.yaml": text.replace("LABEL", label)}
    changed = text.replace("LABEL", f"{label}-b")
    assert added(original, {"shop/two/a.yaml": changed}) == Counter()
    assert rule in {one.rule for one in told({**original, "shop/one/a.yaml": changed})}
