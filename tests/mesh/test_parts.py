"""What is made of parts of a mesh is made once, and told from what is known of most of the parts."""

from __future__ import annotations

import random
from functools import partial

from attrs import frozen

from meshlint.mesh.parts import Index, made_of, picked


@frozen(eq=False)
class View:
    namespace: str
    has_it: bool


def test_of_many_views_only_those_are_asked_that_are_new() -> None:
    chance, index, asked = random.Random(5), Index(), list[View]()

    def has(one: View) -> bool:
        asked.append(one)
        return one.has_it

    views = tuple(View("shop", chance.random() < 0.2) for _ in range(50))
    for _ in range(30):
        few = made_of(index, (has, "shop"), partial(picked, index, (has, "shop"), views), views)
        assert few == tuple(one for one in views if one.has_it)
        assert len(asked) == len(set(asked))
        left = [one for one in views if chance.random() < 0.9]
        left.insert(chance.randrange(len(left)), View("shop", chance.random() < 0.5))
        views = tuple(left)
