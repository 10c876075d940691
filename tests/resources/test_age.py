"""Which of several objects may be the oldest."""

from __future__ import annotations

import json

import pytest

from meshlint.resources import Resource
from meshlint.resources.age import created, perhaps_oldest
from tests.resources.reading import an_object

EARLY, LATE = "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"


def aged(name: str, time: str | None) -> Resource:
    metadata = {"name": name} if time is None else {"name": name, "creationTimestamp": time}
    return an_object(json.dumps({"apiVersion": "v1", "kind": "Service", "metadata": metadata}))


@pytest.mark.parametrize(
    ("times", "oldest", "with_ties"),
    [
        ([], "", ""),
        ([None], "a", "a"),
        ([EARLY, LATE], "a", "a"),
        ([LATE, EARLY], "b", "b"),
        ([EARLY, EARLY], "ab", "a"),
        ([LATE, None], "ab", "ab"),
        ([EARLY, LATE, None], "ac", "ac"),
        ([EARLY, EARLY, None], "abc", "ac"),
        ([None, None], "ab", "ab"),
        (["yesterday", EARLY], "ab", "ab"),
    ],
)
def test_the_oldest_is_known_where_times_are(times: list[str | None], oldest: str, with_ties: str) -> None:
    found = [aged("abc"[place], time) for place, time in enumerate(times)]
    assert "".join(one.name for one in perhaps_oldest(found, lambda one: one)) == oldest
    tied = perhaps_oldest(found, lambda one: one, lambda one: one.name)
    assert "".join(one.name for one in tied) == with_ties


def test_a_time_that_is_none_is_not_told() -> None:
    assert created(aged("a", None)) is None
    assert created(aged("a", "2026-01-01")) is None
    assert created(aged("a", EARLY)) == EARLY
