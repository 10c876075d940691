"""The forks that answer reviews: used again, replaced when they die, and gone with their worker."""

from __future__ import annotations

import json
import os
import pickle
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from meshlint.serve.limits import Limits
from meshlint.serve.questions.answers import Question
from meshlint.serve.workers.messages import DONE, LENGTH, MEMORY, Job, Reply, unpacked
from meshlint.serve.workers.reviewers import Reviewers
from tests.forks import forks, wait_for

Keeping = Callable[[Callable[[Job], Reply]], Reviewers]
PATIENCE = 30.0


def who(job: Job) -> Reply:
    return Reply(DONE, str(os.getpid()).encode())


def dying(job: Job) -> Reply:
    """Ends as its question says, or tells who it is."""
    if job.question.verb == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if job.question.verb == "sleep":
        time.sleep(PATIENCE)
    if job.question.verb == "swell":
        return Reply(MEMORY)
    return who(job)


@pytest.fixture
def keeping(tmp_path: Path) -> Iterator[Keeping]:
    made: list[Reviewers] = []
    others = forks()

    def kept(answer: Callable[[Job], Reply]) -> Reviewers:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(tmp_path / "door"))
        listener.listen(8)
        listener.setblocking(False)
        made.append(Reviewers(listener, Limits(workers=1), answer))
        made[0].complete()
        return made[0]

    yield kept
    for one in made:
        one.listener.close()
        for tie in one.ties:
            tie.close()
    wait_for(forks() - others)


def asked(reviewers: Reviewers, verb: str = "admission", seconds: float = PATIENCE) -> Reply | None:
    """The reply, or None where whoever took the review hangs up."""
    data = pickle.dumps(Job(Question(verb), seconds))
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as one:
        one.settimeout(PATIENCE)
        one.connect(reviewers.listener.getsockname())
        one.sendall(len(data).to_bytes(LENGTH, "big") + data)
        told = b"".join(iter(lambda: one.recv(1 << 16), b""))
    return unpacked(told[LENGTH:]) if told else None


def pid_of(reply: Reply | None) -> int:
    assert reply is not None
    return int(json.loads(reply.body))


def replaced(reviewers: Reviewers) -> None:
    ready, _, _ = select.select(reviewers.ties, [], [], PATIENCE)
    assert ready, "nobody has ended"
    reviewers.replace(ready)


def test_one_fork_answers_several_reviews(keeping: Keeping) -> None:
    reviewers = keeping(who)
    pids = {pid_of(asked(reviewers)) for _ in range(25)}
    assert len(pids) == 1
    assert os.getpid() not in pids


@pytest.mark.parametrize(("verb", "seconds"), [("die", PATIENCE), ("sleep", 0.2)])
def test_one_that_dies_takes_a_single_review_with_it(keeping: Keeping, verb: str, seconds: float) -> None:
    reviewers = keeping(dying)
    first = pid_of(asked(reviewers))
    assert asked(reviewers, verb, seconds) is None
    replaced(reviewers)
    assert pid_of(asked(reviewers)) != first


def test_one_whose_memory_ran_out_ends_after_its_answer(keeping: Keeping) -> None:
    reviewers = keeping(dying)
    reply = asked(reviewers, "swell")
    assert reply is not None
    assert reply.state == MEMORY
    replaced(reviewers)
    pid_of(asked(reviewers))


def test_the_time_of_a_review_ends_with_it(keeping: Keeping) -> None:
    reviewers = keeping(who)
    first = pid_of(asked(reviewers, seconds=0.3))
    time.sleep(0.6)
    assert pid_of(asked(reviewers)) == first


def test_they_end_with_their_worker(keeping: Keeping) -> None:
    reviewers = keeping(who)
    pid = pid_of(asked(reviewers))
    for tie in reviewers.ties:
        tie.close()
    wait_for({pid})
    assert pid not in forks()
