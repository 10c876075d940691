"""A live cluster as a workspace: its objects, followed by a thread for each kind."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from meshlint.api.inputs.cluster import connect, kinds_of
from meshlint.serve.faults import Fault
from meshlint.sources.cluster.model import Api, Unread
from meshlint.sources.cluster.objects import files_of
from meshlint.sources.cluster.watching import Kept, follow, listed_into
from meshlint.values import define, field

_LISTING = 8
_DISCOVER_SECONDS = 300.0


@define(eq=False)
class Follower:
    """Lists a cluster and follows it. Threads are daemons: an open watch keeps nobody from ending."""

    context: str
    connecting: Callable[[str], Api] = connect
    kept: Kept = field(factory=Kept)
    unserved: tuple[Unread, ...] = ()
    _stop: threading.Event = field(factory=threading.Event)
    _followed: set[Any] = field(factory=set)

    async def start(self) -> None:
        """List everything once, and begin to follow it; raises `UsageError`."""
        await asyncio.to_thread(self._start)

    def _start(self) -> None:
        api = self.connecting(self.context)
        kinds, self.unserved = kinds_of(api)
        with ThreadPoolExecutor(_LISTING) as pool:
            list(pool.map(lambda kind: listed_into(self.kept, api, kind), kinds))
        self._follow(api, kinds)
        threading.Thread(target=self._discover, args=(api,), daemon=True).start()

    def _follow(self, api: Api, kinds: Any) -> None:
        for kind in kinds:
            if kind not in self._followed:
                self._followed.add(kind)
                arguments = (self.kept, api, kind, self._stop)
                threading.Thread(target=follow, args=arguments, daemon=True).start()

    def _discover(self, api: Api) -> None:
        """Follow kinds that are defined later, too."""
        while not self._stop.wait(_DISCOVER_SECONDS):
            try:
                kinds, self.unserved = kinds_of(api)
            except Exception:
                continue
            self._follow(api, kinds)

    @property
    def changes(self) -> int:
        """How often anything changed."""
        return self.kept.now()[0]

    def files(self) -> dict[str, bytes]:
        """A file for each object; raises `Fault` where there is none."""
        _, objects, _ = self.kept.now()
        if not objects:
            raise Fault(422, "the cluster holds nothing that can be read")
        return files_of(objects.items())

    @property
    def unread(self) -> list[str]:
        """What cannot be read, and why."""
        return sorted(f"{one.what}: {one.why}" for one in (*self.unserved, *self.kept.now()[2]))

    def stop(self) -> None:
        """Follow no more."""
        self._stop.set()
