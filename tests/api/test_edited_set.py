"""What an edit takes and brings is told from the documents that differ, wherever they stand."""

from __future__ import annotations

import random
from typing import Any, cast

import pytest

from meshlint.api.reading.edited import edited_set
from meshlint.api.reading.joined import Joined
from meshlint.api.reading.options import ReadOptions
from meshlint.documents import Document, read
from meshlint.resources import ResourceSet

TEXT = "\n---\n".join(f"kind: K{number}" for number in range(12)).encode()
HELD, OTHERS = (read(name, TEXT).documents for name in ("a.yaml", "b.yaml"))


class Seen:
    """A set that only notes what it is told of."""

    def edited(self, gone: list[Document], come: list[Document], _: str) -> Any:
        return [*map(id, gone)], [*map(id, come)]


def differing(known: Any, documents: Any) -> Any:
    return edited_set(cast("ResourceSet", Seen()), known, documents, ReadOptions())


@pytest.mark.parametrize("seed", range(60))
def test_it_is_told_of_those_that_only_one_side_has(seed: int) -> None:
    chance = random.Random(seed)
    known = [one for one in HELD if chance.random() < 0.9]
    after = [one for one in known if chance.random() < chance.choice((0.6, 1))]
    for one in chance.sample(OTHERS, chance.randrange(3)):
        after.insert(chance.randrange(len(after) + 1), one)
    if chance.random() < 0.2:
        chance.shuffle(after)
    gone = [id(one) for one in known if one not in after]
    come = [id(one) for one in after if one not in known]
    assert differing(known, after) == (gone, come)
    assert differing(Joined(known[:3], known[3:]), tuple(after)) == (gone, come)
