"""A worker: it reads its set once, and forks for each question. Reviews have forks that answer many.

`python -m meshlint.serve.workers.worker` is started by the service, which writes a `Start` to its standard
input and reads a line from its standard output once the set is read. It ends when its input ends.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pickle
import pkgutil
import select
import signal
import socket
import sys
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import meshlint
from meshlint.api.judging.checking import check_project, check_texts, plan_of
from meshlint.api.reading.project import Project
from meshlint.documents import ProblemKind
from meshlint.engine.config import Config
from meshlint.engine.usage import Mistake, UsageError
from meshlint.serve.questions.answers import answer, checking_options, is_empty, mistakes_of, unread
from meshlint.serve.questions.verbs import CHECKING, COMPARING
from meshlint.serve.workers.bounds import bound_memory, bound_question, silence, step_back
from meshlint.serve.workers.keeping import DirectoryKept, FilesKept, Kept, reads_otherwise
from meshlint.serve.workers.messages import (
    CRASH,
    DONE,
    EMPTY,
    LARGE,
    MEMORY,
    MISTAKE,
    Job,
    Reply,
    Start,
)
from meshlint.serve.workers.reviewers import Reviewers
from meshlint.serve.workers.wire import job_from
from meshlint.values import frozen

if TYPE_CHECKING:
    from meshlint.serve.admission.comparing import Before

_WAITING = 128
_FRONT_ENDS = frozenset({"__main__", "cli", "serve"})
_SAMPLE = {
    "a.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 1}]}\n",
    "b.yaml": "apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: a}\nspec: {}\n",
}


@frozen(eq=False)
class Keeper:
    """The kept set as it was read, and what reviews are held against."""

    kept: Kept | None
    project: Project | None
    before: Before | None = None

    @property
    def config(self) -> Config:
        """The configuration of the set."""
        return Config() if self.kept is None else self.kept.config


def main() -> None:
    """Keep the set that standard input names, and answer until it ends."""
    gc.disable()
    start = pickle.load(sys.stdin.buffer)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listener = _listening(start.address)
    bound_memory(start.limits.memory * 2)
    keeper, told = _keeper(start)
    gc.freeze()
    reviewers = None if keeper is None else _reviewers(keeper, start)
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    if keeper is not None:
        _serve(listener, keeper, start, reviewers)


def _listening(address: str) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(address)
    listener.listen(_WAITING)
    return listener


def _keeper(start: Start) -> tuple[Keeper | None, dict[str, Any]]:
    """The set, read and checked once so that questions find it ready; and what the service is told."""
    kept: Kept | None = None
    if start.files is not None:
        kept = FilesKept(start.files)
    elif start.path is not None:
        from pathlib import Path

        kept = DirectoryKept(Path(start.path))
    _make_ready()
    if kept is None:
        return Keeper(None, None), {"state": DONE, "objects": 0}
    try:
        project = kept.read({})
        before = _before(project, kept.config, start)
    except UsageError as error:
        return None, {"state": MISTAKE, "detail": mistakes_of(error)}
    except MemoryError:
        return None, {"state": MEMORY}
    told = {"state": DONE, "objects": len(project.resources.resources), "files": project.summary.files}
    return Keeper(kept, project, before), told


def _before(project: Project, config: Config, start: Start) -> Before | None:
    """What reviews are held against; for other sets, all that questions may ask is worked out once."""
    if start.reviews is not None:
        from meshlint.serve.admission.comparing import held_against

        return held_against(project, config)
    options = checking_options(config, {})
    check_project(project, plan_of(options), options.policy)
    return None


def _make_ready() -> None:
    """Load what any question may need, once for all forks: each would else load it again."""
    for found in pkgutil.walk_packages(meshlint.__path__, "meshlint."):
        if found.name.split(".")[1] not in _FRONT_ENDS:
            with suppress(ImportError):  # what needs a package that is not installed
                importlib.import_module(found.name)
    check_texts(_SAMPLE)


def _serve(listener: socket.socket, keeper: Keeper, start: Start, reviewers: Reviewers | None) -> None:
    while True:
        ties = [] if reviewers is None else reviewers.ties
        ready, _, _ = select.select([listener, sys.stdin, *ties], [], [])
        gone = [tie for tie in ties if tie in ready]
        if reviewers is not None and gone:
            reviewers.replace(gone)
        elif listener in ready:
            _taken(listener, keeper, start)
        elif sys.stdin in ready:
            return


def _reviewers(keeper: Keeper, start: Start) -> Reviewers | None:
    """Those who answer reviews, if this set is asked for any."""
    if start.reviews is None or keeper.before is None:
        return None
    found = Reviewers(_listening(start.reviews), start.limits, partial(_reply, keeper))
    found.listener.setblocking(False)
    found.complete()
    return found


def _taken(listener: socket.socket, keeper: Keeper, start: Start) -> None:
    """Take a question, and answer it in a fork."""
    connection, _ = listener.accept()
    if os.fork() == 0:
        listener.close()
        _child(connection, keeper, start)
    connection.close()


def _child(connection: socket.socket, keeper: Keeper, start: Start) -> None:
    """Answer one question and end, whatever happens."""
    try:
        silence()
        connection.settimeout(start.limits.seconds)
        job = job_from(connection)
        if job.is_behind:
            step_back()
        bound_question(job.seconds, start.limits.memory)
        connection.sendall(_reply(keeper, job).packed())
    finally:
        os._exit(0)


def _reply(keeper: Keeper, job: Job) -> Reply:
    try:
        return _answered(keeper, job)
    except UsageError as error:
        return Reply(MISTAKE, mistakes_of(error).encode("utf-8", "replace"))
    except MemoryError:
        return Reply(MEMORY)
    except Exception as error:
        return Reply(CRASH, type(error).__name__.encode())


def _answered(keeper: Keeper, job: Job) -> Reply:
    if job.review is not None:
        from meshlint.serve.admission.comparing import newly_caused

        return Reply(EMPTY) if keeper.before is None else newly_caused(keeper.before, job.review)
    if job.question.verb == COMPARING:
        return _compared(keeper, job)
    kept: Kept | None = FilesKept(job.files) if job.files is not None else keeper.kept
    if kept is None:
        return Reply(EMPTY)
    project = _read(keeper, kept, job)
    if is_empty(project):
        return Reply(EMPTY)
    return _refused(project, job) or _told(answer(project, kept.config, job.question))


def _refused(project: Project, job: Job) -> Reply | None:
    """What is replied where too little could be read for an answer; a check tells of that itself."""
    problem = None if job.question.verb == CHECKING else unread(project)
    if problem is None:
        return None
    where = Mistake(problem.message, problem.hint or "", problem.file, problem.span.line)
    state = LARGE if problem.kind is ProblemKind.TOO_LARGE else MISTAKE
    return Reply(state, str(where).encode("utf-8", "replace"))


def _read(keeper: Keeper, kept: Kept, job: Job) -> Project:
    """The project of a set; that of the kept one is there already, unless it is to be read otherwise."""
    if keeper.project is not None and kept is keeper.kept and not reads_otherwise(job.question.parameters):
        return keeper.project
    return kept.read(job.question.parameters)


def _compared(keeper: Keeper, job: Job) -> Reply:
    """What a change does: two of the files as they were, the kept set and the files as they are."""
    from meshlint.serve.questions.comparing import Side, compared

    held = [
        ("before", None if job.before is None else FilesKept(job.before)),
        ("the workspace", keeper.kept),
        ("after", None if job.files is None else FilesKept(job.files)),
    ]
    (old, first), (new, second) = [(name, one) for name, one in held if one is not None]
    config = second.config if second.is_configured or not first.is_configured else first.config
    before = _read(keeper, first.configured(config), job)
    after = second.configured(config).read_beside(before, first, job.question.parameters)
    if is_empty(before) and is_empty(after):
        return Reply(EMPTY)
    refused = _refused(before, job) or _refused(after, job)
    return refused or _told(compared(Side(old, before), Side(new, after), config, job.question))


def _told(text: str) -> Reply:
    return Reply(DONE, text.encode("utf-8", "backslashreplace"))


if __name__ == "__main__":
    main()
