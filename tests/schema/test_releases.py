"""Each release takes what its definitions take, whatever release meshlint has written in full."""

from __future__ import annotations

import functools
import json
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from meshlint.api import CheckOptions, ReadOptions, Selection, check_texts
from meshlint.resources.schema.store.catalogue import built_in, read_json
from meshlint.resources.schema.store.channels import experimental_fields
from meshlint.resources.schema.store.releases import Releases, channel, newest
from meshlint.resources.schema.store.store import SchemaStore
from meshlint.resources.schema.store.versions import Deprecated, Served, lookup
from meshlint.resources.schema.validate import validate
from meshlint.resources.schema.violation import Path, Reason
from tests.schema.synthetic import Synthetic, synthetic
from tests.schema.upstream import DEV, OWNERS, Definition, accepts, definitions_of, releases, shape
from tests.shared import needs_shared

PROJECTS = {"gateway-api": "Gateway API", "istio": "Istio", "linkerd": "Linkerd"}
SEED = 7
Key = tuple[str, str, str]


class Case(NamedTuple):
    """An object, one release, and what the release and meshlint make of the object there."""

    definition: Definition
    object: Synthetic
    accepted: bool
    ours: bool

    def __str__(self) -> str:
        verdict = "accepts" if self.accepted else "refuses"
        return f"{self.definition} {verdict} {'.'.join(self.object.path)}"


def meaning(owner: str, release: str) -> Releases:
    """The release as a user states it; the development branch is what is newer than all releases."""
    project = PROJECTS[owner.partition("/")[0]]
    if release == DEV:
        major, minor = newest(project)
        return {project: (major, minor + 1)}
    major, minor = (int(part) for part in release.split("."))
    return {project: (major, minor)}


def takes(owner: str, release: str, key: Key, value: Any) -> bool:
    """Whether meshlint takes an object for a release."""
    stated = meaning(owner, release)
    store = SchemaStore(releases=stated)
    standing = lookup(*key, stated)
    if not isinstance(standing, Served | Deprecated) or validate(*key, value, store):
        return False
    if not owner.endswith("/standard"):
        return True
    entry, version = built_in().entry(key[0], key[2]) or {}, built_in().version(*key) or {}
    if channel(entry, version, stated) == "experimental":
        return False
    return not experimental_fields(*key, value, store)


@functools.cache
def keys(owner: str) -> list[Key]:
    """The kinds and versions that a project owns, without those of extensions, which have no releases."""
    by_release = {release: definitions_of(owner, release) for release in (*releases(owner), DEV)}
    groups = {one.group for release, those in by_release.items() for one in those if release != DEV}
    found = {one.key for those in by_release.values() for one in those if one.group in groups}
    mine = PROJECTS[owner.partition("/")[0]]
    return sorted(key for key in found if built_in().kinds[key[0], key[2]]["project"] == mine)


def objects(found: list[Definition]) -> list[Synthetic]:
    """The objects of several definitions of one version of one kind, each once."""
    distinct: dict[str, Definition] = {}
    for definition in found:
        distinct.setdefault(shape(definition), definition)
    by_text: dict[str, Synthetic] = {}
    for definition in distinct.values():
        for one in synthetic(definition):
            assert one.sound, f"{definition} has no sound object with {'.'.join(one.path)}"
            by_text.setdefault(json.dumps(one.value, sort_keys=True), one)
    return list(by_text.values())


def cases(owner: str, key: Key, most: int | None = None) -> Iterator[Case]:
    """Every object of every release of one version of one kind, in the eyes of every release."""
    by_release = {
        release: next((one for one in definitions_of(owner, release) if one.key == key), None)
        for release in (*releases(owner), DEV)
    }
    chosen = objects([one for one in by_release.values() if one is not None and one.served])
    if most is not None:
        chosen = random.Random(f"{SEED} {owner} {key}").sample(chosen, min(most, len(chosen)))
    judged = {"": [False] * len(chosen)}
    for release, definition in by_release.items():
        form = shape(definition) if definition is not None and definition.served else ""
        if definition is not None and form not in judged:
            judged[form] = [accepts(definition, one.value) for one in chosen]
        for one, accepted in zip(chosen, judged[form], strict=True):
            shown = definition or Definition(owner, release, key[0], key[2], key[1], {}, False, False)
            yield Case(shown, one, accepted, takes(owner, release, key, one.value))


def _is_meant(case: Case) -> bool:
    """What the definition of a Linkerd Server takes and Linkerd's webhook does not: see `test_mutations`."""
    return case.accepted and case.definition.kind == "Server" and len(case.object.path) > 1


def _differing(found: list[Case]) -> list[str]:
    return [str(case) for case in found if case.accepted != case.ours and not _is_meant(case)]


@needs_shared
@pytest.mark.slow
@pytest.mark.parametrize("owner", OWNERS)
def test_every_release_takes_what_its_definitions_take(owner: str) -> None:
    differing, judged = [], 0
    for key in keys(owner):
        found = list(cases(owner, key))
        judged += len(found)
        differing += _differing(found)
    assert differing == []
    assert judged > 2500


SMALL = {
    "gateway-api/experimental": ("gateway.networking.k8s.io", "v1", "BackendTLSPolicy"),
    "gateway-api/standard": ("gateway.networking.k8s.io", "v1", "BackendTLSPolicy"),
    "istio": ("networking.istio.io", "v1", "Gateway"),
    "linkerd": ("policy.linkerd.io", "v1beta3", "Server"),
}
"""Kinds whose objects are quickly made, and which releases changed."""


@needs_shared
@pytest.mark.parametrize("owner", OWNERS)
def test_a_sample_of_what_releases_take(owner: str) -> None:
    found = list(cases(owner, SMALL[owner], most=9))
    assert _differing(found) == []
    assert {case.accepted for case in found} == {True, False}


SOURCE = "{rules: [{from: [{source: {%s: [a]}}]}]}"


def lines(kind: str, spec: str, versions: dict[str, str], rules: str = "UPGRADE033") -> list[str]:
    text = f"apiVersion: {kind.rpartition('/')[0]}\nkind: {kind.rpartition('/')[2]}\n"
    text += f"metadata: {{name: a, namespace: b}}\nspec: {spec}\n"
    options = CheckOptions(Selection(select=(rules,)), reading=ReadOptions(versions=versions))
    return [one.message for one in check_texts({"a.yaml": text}, options).findings]


@pytest.mark.parametrize(
    ("field", "release", "brought"),
    [
        ("serviceAccounts", "1.24", "Istio 1.25"),
        ("serviceAccounts", "1.25", ""),
        ("serviceAccounts", "", ""),
        ("trustDomains", "1.25", "Istio 1.30"),
        ("trustDomains", "1.30", ""),
        ("trustDomains", "1.31", ""),
    ],
)
def test_a_field_is_told_with_the_release_that_brought_it(field: str, release: str, brought: str) -> None:
    versions = {"istio": release} if release else {}
    found = lines("security.istio.io/v1/AuthorizationPolicy", SOURCE % field, versions)
    expected = f'AuthorizationPolicy b/a: "{field}" is new in {brought}, so Istio {release} does not know it'
    assert found == ([expected] if brought else [])
    assert lines("security.istio.io/v1/AuthorizationPolicy", SOURCE % field, versions, "SCHEMA") == []


def test_a_field_of_no_release_is_no_field() -> None:
    kind = "security.istio.io/v1/AuthorizationPolicy"
    assert lines(kind, SOURCE % "serviceAcounts", {"istio": "1.24"}) == []
    assert len(lines(kind, SOURCE % "serviceAcounts", {"istio": "1.24"}, "SCHEMA001")) == 1


@pytest.mark.parametrize(
    ("kind", "versions", "expected"),
    [
        ("networking.istio.io/v1/Gateway", {"istio": "1.21"}, "is new in Istio 1.22"),
        ("networking.istio.io/v1/Gateway", {"istio": "1.22"}, ""),
        ("networking.istio.io/v1/Gateway", {}, ""),
        ("networking.istio.io/v1/Gateway", {"gateway-api": "1.0"}, ""),
        ("networking.istio.io/v1beta1/Gateway", {"istio": "1.21"}, ""),
        ("extensions.istio.io/v1alpha1/TrafficExtension", {"istio": "1.29"}, "is new in Istio 1.30"),
        ("gateway.networking.k8s.io/v1/GRPCRoute", {"gateway-api": "1.0"}, "is new in Gateway API 1.1"),
        ("gateway.networking.k8s.io/v1/ListenerSet", {"gateway-api": "1.4"}, "is new in Gateway API 1.5"),
        ("policy.linkerd.io/v1beta3/Server", {"linkerd": "2.15"}, "is new in Linkerd 2.16"),
    ],
)
def test_a_version_is_told_with_the_release_that_brought_it(
    kind: str, versions: dict[str, str], expected: str
) -> None:
    found = [text for text in lines(kind, "{}", versions) if "apiVersion" not in text]
    assert bool(found) == bool(expected)
    assert expected in "".join(found)


@pytest.mark.parametrize(
    ("kind", "versions", "removed"),
    [
        ("gateway.networking.x-k8s.io/v1alpha1/XListenerSet", {}, "Gateway API 1.5"),
        ("gateway.networking.x-k8s.io/v1alpha1/XListenerSet", {"gateway-api": "1.4"}, ""),
        ("gateway.networking.k8s.io/v1alpha2/GRPCRoute", {"gateway-api": "1.6"}, "Gateway API 1.2"),
        ("gateway.networking.k8s.io/v1alpha2/HTTPRoute", {}, "Gateway API 0.8"),
        ("gateway.networking.k8s.io/v1alpha2/HTTPRoute", {"linkerd": "2.16"}, ""),
        ("rbac.istio.io/v1alpha1/ServiceRole", {}, "Istio 1.6"),
        ("rbac.istio.io/v1alpha1/ServiceRole", {"istio": "1.5"}, ""),
    ],
)
def test_a_removed_kind_is_removed_from_its_release_on(
    kind: str, versions: dict[str, str], removed: str
) -> None:
    found = lines(kind, "{}", versions, "UPGRADE")
    assert any(f"{removed} removed" in text for text in found) == bool(removed)


BASKET = {
    "spec": {"rules": [{"sessionPersistence": {"type": "Cookie", "sessionName": "a", "idleTimeout": "1h"}}]}
}


@pytest.mark.parametrize(
    ("releases", "reason", "words"),
    [
        ({}, Reason.TAKEN_AWAY, "was taken away by Gateway API 1.6"),
        ({"Gateway API": (1, 6)}, Reason.UNKNOWN_FIELD, "is not a field of sessionPersistence"),
        ({"Gateway API": (1, 5)}, None, ""),
    ],
)
def test_a_field_that_a_release_took_away(releases: Releases, reason: Reason | None, words: str) -> None:
    key = ("gateway.networking.k8s.io", "v1", "HTTPRoute")
    head = {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute"}
    found = validate(*key, {**head, **BASKET}, SchemaStore(releases=releases))
    assert [one.reason for one in found] == ([reason] if reason else [])
    assert words in "".join(one.message for one in found)


@pytest.mark.parametrize(
    ("kind", "spec", "path"),
    [
        (
            "Gateway",
            {"infrastructure": {"parametersRef": {"group": "a.b", "kind": "C", "name": "d", "comment": "e"}}},
            ("spec", "infrastructure", "parametersRef", "comment"),
        ),
        (
            "BackendTLSPolicy",
            {"validation": {"subjectAltNames": [{"ype": "Hostname"}]}},
            ("spec", "validation", "subjectAltNames", 0, "ype"),
        ),
    ],
)
def test_what_stands_in_a_field_that_was_not_there_yet_was_not_taken_away(
    kind: str, spec: dict[str, Any], path: Path
) -> None:
    value = {"apiVersion": "gateway.networking.k8s.io/v1", "kind": kind, "spec": spec}
    (found,) = [
        one
        for one in validate("gateway.networking.k8s.io", "v1", kind, value, SchemaStore())
        if one.path == path
    ]
    assert found.reason is Reason.UNKNOWN_FIELD


def test_what_only_the_development_branch_has_is_said_to_be_so() -> None:
    """Whichever fields these are when this runs."""
    judged = 0
    for key, project, path in _branch_fields():
        value = _nested(path)
        newest_one = SchemaStore(releases={project: newest(project)})
        for store, reason in ((SchemaStore(), Reason.UNRELEASED), (newest_one, Reason.NEWER_FIELD)):
            violation = next(one for one in validate(*key, value, store) if one.path == path)
            assert violation.reason is reason
            assert f"is only in the development branch of {project}" in violation.message
        found = validate(*key, value, SchemaStore(releases={project: (99, 0)}))
        assert not [one for one in found if one.path == path and one.reason is Reason.UNKNOWN_FIELD]
        judged += 1
    assert judged > 3


def _branch_fields() -> Iterator[tuple[Key, str, Path]]:
    """The outermost fields that the development branches have and the newest releases do not."""
    for (group, kind), entry in built_in().kinds.items():
        for version, one in (read_json(entry["changes"]) if "changes" in entry else {}).items():
            told = {} if isinstance(one, str) else one
            number = told.get("releases", {}).get(entry["project"], {}).get(DEV, 0)
            patch = told["variants"][number - 1]["patch"] if number else {}
            yield from (((group, version, kind), entry["project"], path) for path in _put(patch))


def _put(patch: dict[str, Any], so_far: Path = ()) -> Iterator[Path]:
    for key, inner in patch.get("into", {}).items():
        if key == "items":
            yield from _put(inner, (*so_far, 0))
        elif key == "properties":
            yield from ((*so_far, name) for name in inner.get("put", {}))
            for name, child in inner.get("into", {}).items():
                yield from _put(child, (*so_far, name))


def _nested(path: Path) -> Any:
    if not path:
        return "a"
    return [_nested(path[1:])] if path[0] == 0 else {path[0]: _nested(path[1:])}
