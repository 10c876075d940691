"""Work shared out among forks: all of it is done once, whoever ends before it has told."""

from __future__ import annotations

import os
import signal

import pytest

from meshlint.processes import Tasks, shared_out
from tests.forks import forks

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def told(tasks: Tasks) -> bytes:
    return b" ".join(b"%d" % task for task in tasks)


def numbers(answers: list[bytes]) -> list[int]:
    return [int(word) for answer in answers for word in answer.split()]


def nothing(_: Tasks) -> None:
    pass


@pytest.mark.parametrize(
    ("count", "jobs", "run"), [(0, 2, 1), (1, 4, 1), (7, 2, 1), (700, 3, 64), (9000, 2, 1)]
)
def test_each_task_is_taken_once(count: int, jobs: int, run: int) -> None:
    mine: list[int] = []
    answers = shared_out(count, jobs, mine.extend, told, run)
    assert sorted([*mine, *numbers(answers)]) == list(range(count))
    assert len(answers) == jobs - 1


def test_forks_take_what_others_leave() -> None:
    assert sorted(numbers(shared_out(50, 3, nothing, told))) == list(range(50))


def test_long_answers_come_whole() -> None:
    assert shared_out(1, 2, nothing, lambda _: b"x" * (1 << 20)) == [b"x" * (1 << 20)]


def test_a_fork_that_is_killed_is_left_out() -> None:
    def killed(tasks: Tasks) -> bytes:
        next(tasks)
        os.kill(os.getpid(), signal.SIGKILL)
        return b""

    assert shared_out(9, 3, nothing, killed) == []


def test_a_fork_that_fails_is_left_out_in_silence(capfd: pytest.CaptureFixture[str]) -> None:
    def failing(tasks: Tasks) -> bytes:
        raise MemoryError

    assert shared_out(9, 2, nothing, failing) == []
    assert capfd.readouterr() == ("", "")


def test_what_fails_here_leaves_no_fork() -> None:
    def failing(_: Tasks) -> None:
        raise KeyboardInterrupt

    def endless(tasks: Tasks) -> bytes:
        signal.pause()
        return b""

    others = forks()
    with pytest.raises(KeyboardInterrupt):
        shared_out(9, 3, failing, endless)
    assert forks() == others


def test_what_the_system_has_no_process_for_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> int:
        raise BlockingIOError

    mine: list[int] = []
    monkeypatch.setattr(os, "fork", refused)
    assert shared_out(9, 3, mine.extend, told) == []
    assert sorted(mine) == list(range(9))


def test_what_the_system_has_no_file_for_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> tuple[int, int]:
        raise OSError

    mine: list[int] = []
    monkeypatch.setattr(os, "pipe", refused)
    assert shared_out(9, 3, mine.extend, told) == []
    assert mine == list(range(9))
