"""Which directories hold alternatives, and which files are apart because of it."""

from __future__ import annotations

import pytest

from meshlint.resources.fragments import names_a_patch
from meshlint.resources.side_by_side import Collections, collections_of, named_collections

NESTED = ["shop/vs.yaml", "shop/old/vs.yaml"]
LAYERS = ["app/base/deploy.yaml", "app/overlays/prod/deploy.yaml"]
EXERCISES = ["labs/one/vs.yaml", "labs/two/sub/vs.yaml"]


def parts(*directories: str) -> Collections:
    return Collections(frozenset(tuple(one.split("/")) for one in directories))


@pytest.mark.parametrize("files", [NESTED, LAYERS, ["a/x.yaml", "a/y.yaml"]])
def test_what_lies_within_the_other_or_layers_it_is_no_alternative(files: list[str]) -> None:
    assert collections_of([files]) == Collections()


def test_what_holds_both_versions_is_a_collection() -> None:
    assert collections_of([EXERCISES]) == parts("labs")


def test_a_name_tells_that_a_directory_holds_several_things() -> None:
    found = collections_of(
        [], named_collections(["demos/bank/gateway.yaml", "demos/fleet/system/policy.yaml"])
    )
    assert found == parts("demos")
    assert found.are_apart("demos/bank/gateway.yaml", "demos/fleet/system/policy.yaml")
    assert not found.are_apart("demos/bank/gateway.yaml", "demos/common/policy.yaml")


def test_every_place_where_versions_part_is_one() -> None:
    files = ["/r/labs/one/vs.yaml", "/r/labs/two/vs.yaml", "/r/tests/vs.yaml"]
    assert collections_of([files]) == parts("/r", "/r/labs")


@pytest.mark.parametrize(
    ("file", "other", "apart"),
    [
        ("labs/one/vs.yaml", "labs/three/dr.yaml", True),
        ("labs/one/vs.yaml", "labs/one/deep/dr.yaml", False),
        ("labs/one/a/vs.yaml", "labs/one/b/dr.yaml", False),
        ("labs/one/vs.yaml", "labs/common.yaml", False),
        ("labs/one/vs.yaml", "platform/dr.yaml", False),
        ("labs/one/vs.yaml", "labs/one/vs.yaml", False),
    ],
)
def test_only_children_of_a_collection_are_apart(file: str, other: str, apart: bool) -> None:
    assert parts("labs").are_apart(file, other) is apart
    assert parts("labs").are_apart(other, file) is apart
    assert not Collections().are_apart(file, other)


def test_the_place_that_meshlint_was_started_in_may_be_one() -> None:
    found = collections_of([["one/vs.yaml", "two/vs.yaml"]])
    assert found.are_apart("one/a.yaml", "three/b.yaml")
    assert not found.are_apart("one/a.yaml", "b.yaml")


@pytest.mark.parametrize(
    ("file", "named"),
    [
        ("app/patches/gateway.yaml", True),
        ("app/gateway-patch.yaml", True),
        ("patch_gateway.yaml", True),
        ("app/dispatch/gateway.yaml", False),
        ("app/patched.yaml", False),
    ],
)
def test_names_of_patches(file: str, named: bool) -> None:
    assert names_a_patch(file) is named
