"""Which files lie near each other."""

from __future__ import annotations

from itertools import product

import pytest

from meshlint.mesh.namespaces.placement import Directories, Nearby, are_neighbours, is_beside

FILES = (
    "a.yaml",
    "x/a.yaml",
    "x/y/a.yaml",
    "x/yy/a.yaml",
    "/a.yaml",
    "/x/a.yaml",
    "../x/a.yaml",
    "x//y/a.yaml",
)


@pytest.mark.parametrize(("one", "other"), list(product(FILES, repeat=2)))
def test_what_is_looked_up_is_what_is_compared(one: str, other: str) -> None:
    directories = Directories((other,))
    assert directories.have_beside(one, around=False) is is_beside(one, other)
    assert directories.have_beside(one, around=True) is are_neighbours(one, other)


def test_one_of_several_is_enough() -> None:
    directories = Directories(("x/a.yaml", "z/a.yaml"))
    assert directories.have_beside("z/b.yaml", around=False)
    assert directories.have_beside("z/y/b.yaml", around=True)
    assert not directories.have_beside("z/y/b.yaml", around=False)
    assert not directories.have_beside("w/b.yaml", around=True)
    assert not Directories(()).have_beside("a.yaml", around=True)


@pytest.mark.parametrize("file", FILES)
def test_neighbours_are_looked_up_in_their_order(file: str) -> None:
    nearby = Nearby(tuple((one, one) for one in FILES))
    assert nearby.of(file) == [one for one in FILES if are_neighbours(file, one)]


@pytest.mark.parametrize(("one", "other"), list(product(FILES, repeat=2)))
def test_one_thing_alone_is_compared(one: str, other: str) -> None:
    assert bool(Nearby(((other, "it"),)).of(one)) is are_neighbours(one, other)
