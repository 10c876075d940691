"""Everything that lives as long as the service does, and how it asks its workers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from meshlint.serve.faults import Fault
from meshlint.serve.following import Follower
from meshlint.serve.http.desk import Desk, Getting, body_of
from meshlint.serve.http.logs import tell
from meshlint.serve.http.metrics import Metrics
from meshlint.serve.http.reading import body_of_request
from meshlint.serve.http.remembered import Remembered
from meshlint.serve.questions.answers import Question
from meshlint.serve.questions.parameters import Kind, read_parameters
from meshlint.serve.questions.verbs import verbs, wanted_media
from meshlint.serve.settings import Settings
from meshlint.serve.uploads.body import Sent, sent_in
from meshlint.serve.workers.crew import Crew
from meshlint.serve.workers.messages import Job
from meshlint.serve.workspaces import Workspaces
from meshlint.values import define, field

_WATCH_SECONDS = 2.0


@define(eq=False)
class Service:
    """Everything that lives as long as the service does."""

    settings: Settings
    metrics: Metrics = field(factory=Metrics)
    is_ready: bool = False
    crew: Crew = field(init=False)
    desk: Desk = field(init=False)
    workspaces: Workspaces = field(init=False)
    remembered: Remembered = field(init=False)

    def __attrs_post_init__(self) -> None:
        limits = self.settings.limits
        self.crew = Crew(limits)
        self.desk = Desk(self.crew, limits, self.metrics)
        self.remembered = Remembered(limits.remembered)
        reviewed = self.settings.admission.workspace
        self.workspaces = Workspaces(self.crew, limits, self.metrics, reviewed)

    async def open(self) -> None:
        """Read the workspaces; raises `UsageError` and `Fault` where one of them cannot be read."""
        await self.desk.open()
        await self.workspaces.open(self.settings.workspaces)
        if self.settings.cluster is not None:
            await self.workspaces.follow(self.settings.admission.workspace, Follower(self.settings.cluster))

    def close(self) -> None:
        """End all workers."""
        self.workspaces.close()
        self.desk.close()
        self.crew.close()

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """Be ready, and watch the workspaces meanwhile."""
        watching = asyncio.create_task(self._watch())
        self.is_ready = True
        try:
            yield
        finally:
            self.is_ready = False
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            try:
                await self.workspaces.refresh()
            except Exception as error:
                tell("a workspace cannot be read", error=type(error).__name__)

    async def ask(self, request: Request, verb_name: str) -> Response:
        """Answer a question about files or about a workspace."""
        verb = verbs()[verb_name]
        media = wanted_media(request.headers.get("accept", ""), verb.formats)
        body = await body_of_request(request, self.settings.limits)
        sent = await sent_in(request.headers.get("content-type", ""), body, self.settings.limits)
        given = {**_query(request, verb_name), **sent.parameters}
        name = sent.workspace if sent.workspace is not None else given.pop("workspace", None)
        parameters = read_parameters(given, verb.parameters)
        question = Question(verb_name, parameters, verb.formats[media])
        _refuse_other_sets(sent, name, compares=verb.compares)
        job = Job(question, self.settings.limits.seconds, sent.files, sent.before)
        getting = self._worker(name)
        key = None
        if name is not None and sent.files is None and sent.before is None:
            key = (name, self.workspaces.get(name).revision, _key(question))
        known = None if key is None else self.remembered.get(key)
        if known is None:
            known = body_of(await self.desk.reply(job, getting))
            if key is not None:
                self.remembered.keep(key, known)
        return Response(known, media_type=media)

    def _worker(self, name: Any) -> Getting | None:
        """How to get the worker of the named workspace; None where none is named."""
        if name is None:
            return None
        if not isinstance(name, str):
            raise Fault(400, '"workspace" must be a name')
        self.workspaces.get(name)
        return lambda: self.workspaces.worker(name)


def _refuse_other_sets(sent: Sent, name: Any, *, compares: bool) -> None:
    """Raise `Fault` where there are not as many sets as the question is about."""
    given = sum(one is not None for one in (sent.before, name, sent.files))
    if compares and given != 2:
        raise Fault(
            400, 'a change is from "before" or a "workspace" to "files" or a "workspace": send two of them'
        )
    if not compares and (given != 1 or sent.before is not None):
        raise Fault(400, 'send "files", or name a "workspace"; not both')


def _key(question: Question) -> str:
    """A question as a text that only the same question has."""
    return repr((question.verb, question.format, sorted(question.parameters.items())))


def _query(request: Request, verb_name: str) -> dict[str, Any]:
    """The parameters of the query: of those that may be several, all; of others the last."""
    several = {one.name for one in verbs()[verb_name].parameters if one.kind in (Kind.WORDS, Kind.TEXTS)}
    found: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        found[name] = [*found.get(name, []), value] if name in several else value
    return found
