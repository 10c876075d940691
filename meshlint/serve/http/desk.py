"""The desk where questions are taken: so many at a time, so many waiting, each with its time."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable

from meshlint.serve.faults import Fault
from meshlint.serve.http.metrics import Metrics
from meshlint.serve.limits import Limits
from meshlint.serve.workers.crew import Crew, Unreachable, Worker
from meshlint.serve.workers.messages import CRASH, DONE, EMPTY, LARGE, MEMORY, MISTAKE, Job, Reply, Start
from meshlint.values import define, evolve, field

_LEAST = 0.01
_WEIGHT = 0.2
"""How much the latest counts for how long one takes."""
_SHARE = 0.5
"""How much of its time a question may take as those of late did: some take longer, and come too late then."""
_SURELY = 2.0
"""How many deviations above the mean hardly any takes."""
Getting = Callable[[], Awaitable[Worker]]
"""What gets a worker that can be asked."""


@define(eq=False)
class Lane:
    """A queue of its own: how many may be asked at a time, how many wait, and how long one takes of late.

    Whoever would have to wait and is likely not answered within `prompt` seconds had better ask again.
    """

    places: int
    prompt: float = math.inf
    waiting: int = 0
    seconds: float = 0.0
    is_used: bool = False
    deviation: float = 0.0
    """How far one is from that, as a rule."""
    free: asyncio.Semaphore = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.free = asyncio.Semaphore(self.places)

    @property
    def expected(self) -> float:
        """The seconds that whoever comes now waits for its turn, if all take as long as those of late."""
        return self.seconds * (self.waiting + 1) / self.places if self.free.locked() else 0.0

    def turns_away(self, job: Job) -> bool:
        """Whether a job had better be asked again later. Nobody is turned away while a place is free."""
        most = min(job.seconds, self.prompt) * _SHARE
        return self.free.locked() and self.expected + self.seconds + _SURELY * self.deviation > most

    def took(self, seconds: float) -> None:
        """Note how long one took."""
        off = seconds - self.seconds
        self.seconds += off * _WEIGHT
        self.deviation += (abs(off) - self.deviation) * _WEIGHT


@define(eq=False)
class Desk:
    """Hands jobs to workers. Reviews have a lane of their own, for the API server waits seconds only."""

    crew: Crew
    limits: Limits
    metrics: Metrics
    plain: Worker | None = None
    _questions: Lane = field(init=False)
    _reviews: Lane = field(init=False)
    _starting: asyncio.Lock = field(factory=asyncio.Lock, init=False)

    def __attrs_post_init__(self) -> None:
        self._questions = Lane(self.limits.workers)
        prompt = self.limits.review_seconds
        self._reviews = Lane(self.limits.workers, prompt, seconds=prompt)

    async def open(self) -> None:
        """Have a worker ready for sets that come with their question."""
        await self._plain()

    async def reply(self, job: Job, getting: Getting | None = None) -> Reply:
        """The reply of the worker that `getting` gets, or of one without a set; raises `Fault`.

        It is got when its turn has come: meanwhile its set may have been read anew. The time of a job counts
        from now on, so that it is over when the caller stops to wait. Where its turn would come too late for
        that, it is told so at once.
        """
        end = time.monotonic() + job.seconds
        lane = self._questions if job.review is None else self._reviews
        lane.is_used = True
        if lane.waiting >= self.limits.waiting or lane.turns_away(job):
            self.metrics.refused.inc()
            raise Fault(429, "too many questions are waiting", Retry_After=str(self._retry_after(lane)))
        lane.waiting += 1
        self.metrics.waiting.inc()
        try:
            async with asyncio.timeout(job.seconds):
                await lane.free.acquire()
        except TimeoutError as error:
            raise _too_long(job) from error
        finally:
            lane.waiting -= 1
            self.metrics.waiting.dec()
        try:
            began = time.monotonic()
            left = max(end - began, _LEAST)
            behind = lane is self._questions and self._reviews.is_used
            reply = await self._asked(
                evolve(job, seconds=left, is_behind=behind), job, getting or self._plain
            )
            lane.took(time.monotonic() - began)
            return reply
        finally:
            lane.free.release()

    async def _asked(self, job: Job, whole: Job, getting: Getting) -> Reply:
        began = time.monotonic()
        try:
            try:
                reply = await self.crew.asked(await getting(), job)
            except Unreachable:
                reply = await self.crew.asked(await getting(), job)
        except Unreachable as error:
            raise Fault(503, "the worker cannot be reached", Retry_After="1") from error
        except (TimeoutError, EOFError) as error:
            self.metrics.died.inc()
            if time.monotonic() - began >= job.seconds - 0.1:
                raise _too_long(whole) from error
            raise Fault(503, "the question took down its worker: it may need too much memory") from error
        return reply

    async def _plain(self) -> Worker:
        async with self._starting:
            if self.plain is None or not self.plain.is_alive:
                self.plain = await self.crew.started(Start(self.crew.address(), self.limits))
            return self.plain

    def _retry_after(self, lane: Lane) -> int:
        """Seconds until half of the queue has likely been answered."""
        return max(1, math.ceil(lane.expected / 2))

    def close(self) -> None:
        """End the worker."""
        if self.plain is not None:
            self.plain.stop()


def _too_long(job: Job) -> Fault:
    return Fault(504, f"the answer would take longer than {job.seconds:g} s")


def body_of(reply: Reply) -> bytes:
    """The answer in a reply; raises `Fault` where it holds none."""
    if reply.state == DONE:
        return reply.body
    if reply.state == MISTAKE:
        raise Fault(422, reply.body.decode("utf-8", "replace"))
    if reply.state == LARGE:
        raise Fault(413, reply.body.decode("utf-8", "replace"))
    if reply.state == EMPTY:
        raise Fault(422, "no Kubernetes manifest was found")
    if reply.state == MEMORY:
        raise Fault(413, "the answer needs more memory than is allowed")
    if reply.state == CRASH:
        raise Fault(500, f"meshlint failed with {reply.body.decode('ascii', 'replace')}; this is a bug")
    raise Fault(500, "the worker gave no answer")
