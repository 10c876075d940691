"""Who waits for an answer, and who is told to ask again."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from meshlint.serve.http.desk import Desk, Lane
from meshlint.serve.http.metrics import Metrics
from meshlint.serve.limits import Limits
from meshlint.serve.questions.answers import Question
from meshlint.serve.workers.messages import DONE, Job, Reply, Review

REVIEW = Job(Question("admission"), 10.0, review=Review(None, {}, ""))
PROMPT = 0.25


def busy(lane: Lane) -> Lane:
    """The lane with all of its places taken."""

    async def fill() -> None:
        for _ in range(lane.places):
            await lane.free.acquire()

    asyncio.run(fill())
    return lane


def after(*seconds: float, waiting: int = 0) -> Lane:
    """A lane of two places in which these were answered, and others wait."""
    lane = busy(Lane(2, PROMPT, seconds=PROMPT))
    for one in seconds * 20:
        lane.took(one)
    lane.waiting = waiting
    return lane


def test_nobody_is_turned_away_from_a_free_place() -> None:
    lane = Lane(1, PROMPT, seconds=60.0, waiting=9)
    assert not lane.turns_away(REVIEW)
    assert busy(lane).turns_away(REVIEW)


def test_nobody_waits_for_a_review_before_one_was_answered() -> None:
    assert busy(Lane(2, PROMPT, seconds=PROMPT)).turns_away(REVIEW)


@pytest.mark.parametrize(("waiting", "is_turned_away"), [(0, False), (1, False), (20, True)])
def test_as_many_wait_as_are_promptly_answered(waiting: int, is_turned_away: bool) -> None:
    assert after(0.02, waiting=waiting).turns_away(REVIEW) is is_turned_away


def test_a_review_is_turned_away_where_some_take_long() -> None:
    assert not after(0.05).turns_away(REVIEW)
    assert after(0.01, 0.09).turns_away(REVIEW)


def test_a_question_waits_for_half_of_its_time() -> None:
    lane = busy(Lane(2))
    lane.took(10.0)
    assert not lane.turns_away(Job(Question("check"), 30.0))
    assert lane.turns_away(Job(Question("check"), 4.0))


def test_questions_step_back_where_reviews_are_asked() -> None:
    asked: list[bool] = []

    class Crew:
        async def asked(self, _: Any, job: Job) -> Reply:
            asked.append(job.is_behind)
            return Reply(DONE)

    async def worker() -> Any:
        return None

    async def ask() -> None:
        crew: Any = Crew()
        desk = Desk(crew, Limits(), Metrics())
        for job in (Job(Question("check"), 10.0), REVIEW, Job(Question("check"), 10.0)):
            await desk.reply(job, worker)

    asyncio.run(ask())
    assert asked == [False, False, True]
