"""How many processes share work."""

from __future__ import annotations

import pytest

from meshlint.jobs import jobs_for


@pytest.fixture(autouse=True)
def four_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meshlint.jobs.may_fork", lambda: True)
    monkeypatch.setattr("meshlint.jobs._processors", lambda: 4)


def test_as_many_share_work_as_are_wanted() -> None:
    assert [jobs_for(wanted, 5, 10) for wanted in (1, 3, 9)] == [1, 3, 9]


def test_as_many_share_work_as_it_is_worth_and_processors_are_there() -> None:
    assert [jobs_for(None, size, 10) for size in (0, 19, 20, 39, 40, 1000)] == [1, 1, 2, 3, 4, 4]


def test_one_process_works_where_forks_are_not_to_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meshlint.jobs.may_fork", lambda: False)
    assert [jobs_for(wanted, 1000, 10) for wanted in (None, 3)] == [1, 1]
