"""One mistake in a sound object: refused where upstream refuses it, found at its place, said once."""

from __future__ import annotations

import copy
import functools
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any, NamedTuple

import pytest
import yaml

from meshlint.resources.schema.validate import validate
from meshlint.resources.schema.violation import Reason, Violation
from tests.schema.corpus import examples
from tests.schema.mutations import Mutant, mutants
from tests.schema.upstream import Definition, accepts, believed
from tests.shared import needs_shared

pytestmark = needs_shared
SEED = 20
FEW, MANY = 14, 210
PER_BASE = 6


class Case(NamedTuple):
    definition: Definition
    mutant: Mutant
    accepted: bool
    violations: tuple[Violation, ...]


def _bases(definition: Definition, most: int) -> list[dict[str, Any]]:
    """Sound objects of one kind and version: those written for it, and those of others that fit it."""
    found = []
    for value in (*seeds(), *(one.value for one in examples())):
        group = str(value["apiVersion"]).rpartition("/")[0]
        if (group, value["kind"]) != (definition.group, definition.kind):
            continue
        body = {key: inner for key, inner in copy.deepcopy(value).items() if key != "status"}
        body["apiVersion"] = f"{definition.group}/{definition.version}"
        if accepts(definition, body):
            found.append(body)
        if len(found) >= most:
            break
    return found


@functools.cache
def seeds() -> tuple[dict[str, Any], ...]:
    text = File(__file__).with_name("seeds.yaml").read_text()
    return tuple(yaml.load_all(text, Loader=yaml.CSafeLoader))


def cases(count: int) -> Iterator[Case]:
    for definition in believed().values():
        chance = random.Random(f"{SEED} {definition}")
        bases = _bases(definition, max(4, count // 5))
        assert bases, f"no sound object of {definition}"
        made = 0
        while made < count:
            base = bases[0] if made % 3 == 0 else chance.choice(bases)
            found = list(mutants(definition.schema, base, chance, min(PER_BASE, count - made)))
            made += max(len(found), 1)
            for mutant in found:
                key = (definition.group, definition.version, definition.kind)
                violations = tuple(validate(*key, mutant.value))
                yield Case(definition, mutant, accepts(definition, mutant.value), violations)


def _is_listed(case: Case) -> bool:
    """The disagreements that are meant: what the CRD of a Linkerd Server accepts and Linkerd does not.

    A port number in quotes is the name of a port, and no port has it; the admission webhook refuses any
    proxyProtocol and accessPolicy but those it knows. Of the Gateway API's channels the experimental one
    alone gives values of headers a form since 1.5, and no manifest tells which one a cluster has.
    """
    if case.mutant.change == "malformed" and case.definition.owner == "gateway-api/experimental":
        place = case.mutant.places[0]
        return not case.violations and place[-3:][0] in ("add", "set", "headers") and place[-1] == "value"
    places = {violation.path for violation in case.violations}
    fields = {("spec", "port"), ("spec", "proxyProtocol"), ("spec", "accessPolicy")}
    return case.definition.kind == "Server" and case.accepted and places <= fields


def _show(case: Case) -> str:
    said = "; ".join(f"{v.path} {v.message}" for v in case.violations) or "nothing"
    verdict = "accepts" if case.accepted else "refuses"
    place = f"{case.definition}: {case.mutant.change} at {case.mutant.places[0]}"
    return f"{place}: upstream {verdict}, found {said}"


def check(found: list[Case]) -> None:
    """What has to hold of a set of cases."""
    differ = [case for case in found if case.accepted == bool(case.violations) and not _is_listed(case)]
    assert [_show(case) for case in differ] == []
    refused = [case for case in found if case.violations]
    several = [case for case in refused if len(case.violations) > 1]
    assert len(several) <= 0.02 * len(refused), [_show(case) for case in several]
    astray = [case for case in refused if case.violations[0].path not in case.mutant.places]
    assert len(astray) <= 0.01 * len(refused), [_show(case) for case in astray]
    renamed = [case for case in refused if case.mutant.original]
    missed = [c for c in renamed if c.violations[0].replacement != c.mutant.original]
    assert len(missed) <= 0.05 * len(renamed), [_show(case) for case in missed]


@functools.cache
def sample() -> list[Case]:
    return list(cases(FEW))


def test_a_sample_of_mistakes_in_every_kind_and_version() -> None:
    found = sample()
    assert len(found) > 900
    assert set(Counter(case.mutant.change for case in found)) == {
        "drop required",
        "rename",
        "wrong type",
        "enum slip",
        "out of bounds",
        "extra field",
        "both arms",
        "empty object",
        "null",
        "malformed",
    }
    check(found)


@pytest.mark.slow
def test_two_hundred_mistakes_in_every_kind_and_version() -> None:
    found = list(cases(MANY))
    counts = Counter(str(case.definition) for case in found)
    assert min(counts.values()) >= 200
    check(found)


def test_reasons_cover_what_mistakes_are_made() -> None:
    """Every reason of the schemas is met, so that none of the rules is asked about nothing."""
    reasons = {violation.reason for case in sample() for violation in case.violations}
    of_schemas = list(Reason)[: list(Reason).index(Reason.DEPRECATED_FIELD)]
    assert set(of_schemas) - {Reason.FORMAT} <= reasons
