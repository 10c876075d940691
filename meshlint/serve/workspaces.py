"""Workspaces: sets that the service keeps under a name, each with a worker that has read it."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from meshlint.serve.faults import Fault
from meshlint.serve.following import Follower
from meshlint.serve.http.metrics import Metrics
from meshlint.serve.limits import Limits
from meshlint.serve.workers.crew import Crew, Worker
from meshlint.serve.workers.messages import Start
from meshlint.values import define, field, regex

_NAME = regex(r"[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?")
_WATCHED_FILES = 200_000


@define(eq=False)
class Workspace:
    """A set under a name: a directory of whoever runs the service, or what was uploaded."""

    name: str
    path: Path | None
    worker: Worker
    files: Mapping[str, bytes] | None = None
    stamp: int = 0
    follower: Follower | None = None
    revision: int = 1
    """A number that no other reading of any set has, and later ones exceed: whoever shows one asks again."""

    @property
    def told(self) -> dict[str, Any]:
        """What callers hear of it; no path of the server is part of that."""
        counts = {key: self.worker.told.get(key, 0) for key in ("files", "objects")}
        told = {"name": self.name, "kind": self.kind, **counts, "revision": self.revision}
        return told if self.follower is None else {**told, "unread": self.follower.unread}

    @property
    def kind(self) -> str:
        """Where the set comes from."""
        if self.follower is not None:
            return "cluster"
        return "upload" if self.path is None else "directory"


@define(eq=False)
class Workspaces:
    """All workspaces. What replaces one is read before the old one goes."""

    crew: Crew
    limits: Limits
    metrics: Metrics
    reviewed: str
    """The name of the workspace that reviews are held against."""
    by_name: dict[str, Workspace] = field(factory=dict)
    _changing: asyncio.Lock = field(factory=asyncio.Lock)
    _revisions: itertools.count[int] = field(factory=lambda: itertools.count(1))

    async def open(self, directories: Mapping[str, Path]) -> None:
        """Read the directories of whoever runs the service; raises `Fault`."""
        for name, path in directories.items():
            await self._put(checked_name(name), None, path)

    async def follow(self, name: str, follower: Follower) -> None:
        """Keep a live cluster under a name; raises `Fault` and `UsageError`."""
        await follower.start()
        await self._put(checked_name(name), None, None, follower)

    async def put(self, name: str, files: Mapping[str, bytes]) -> Workspace:
        """Keep `files` under a name, in place of what was there; raises `Fault`."""
        checked_name(name)
        known = self.by_name.get(name)
        if known is not None and known.kind != "upload":
            raise Fault(409, f"this workspace is a {known.kind} and takes no upload")
        if known is None and len(self.by_name) >= self.limits.workspaces:
            raise Fault(409, f"there are {self.limits.workspaces} workspaces already")
        return await self._put(name, files, None)

    async def delete(self, name: str) -> None:
        """Forget an upload; raises `Fault`."""
        async with self._changing:
            workspace = self.get(name)
            if workspace.kind != "upload":
                raise Fault(409, f"this workspace is a {workspace.kind} and cannot be deleted")
            del self.by_name[name]
            workspace.worker.retire()
            self.metrics.objects.remove(name)

    def get(self, name: str) -> Workspace:
        """The workspace of that name; raises `Fault` if there is none."""
        workspace = self.by_name.get(name)
        if workspace is None:
            raise Fault(404, "there is no workspace of that name")
        return workspace

    async def worker(self, name: str) -> Worker:
        """The worker of a workspace, started again if it died; raises `Fault`."""
        workspace = self.get(name)
        if not workspace.worker.is_alive:
            workspace = await self._put(name, workspace.files, workspace.path, workspace.follower)
        return workspace.worker

    async def refresh(self) -> None:
        """Read what has changed again; a set that cannot be read stays as it was."""
        for workspace in list(self.by_name.values()):
            stamp = await _stamp(workspace.path, workspace.follower)
            if stamp != workspace.stamp:
                try:
                    await self._put(workspace.name, workspace.files, workspace.path, workspace.follower)
                except Fault:
                    workspace.stamp = stamp

    async def _put(
        self,
        name: str,
        files: Mapping[str, bytes] | None,
        path: Path | None,
        follower: Follower | None = None,
    ) -> Workspace:
        async with self._changing:
            stamp = await _stamp(path, follower)
            if follower is not None:
                files = await asyncio.to_thread(follower.files)
            where = None if path is None else str(path)
            reviews = self.crew.address() if name == self.reviewed else None
            start = Start(self.crew.address(), self.limits, files, where, reviews)
            worker = await self.crew.started(start)
            before = self.by_name.get(name)
            revision = next(self._revisions)
            workspace = self.by_name[name] = Workspace(
                name, path, worker, None if follower else files, stamp, follower, revision
            )
            if before is not None:
                before.worker.retire()
            self.metrics.objects.labels(name).set(worker.told.get("objects", 0))
            return workspace

    def close(self) -> None:
        """End all workers."""
        for workspace in self.by_name.values():
            workspace.worker.stop()
            if workspace.follower is not None:
                workspace.follower.stop()


async def _stamp(path: Path | None, follower: Follower | None) -> int:
    """A number that changes with the set."""
    if follower is not None:
        return follower.changes
    return 0 if path is None else await asyncio.to_thread(stamp_of, path)


def checked_name(name: str) -> str:
    """`name`, if a workspace may be called so; raises `Fault`."""
    if not _NAME.fullmatch(name):
        raise Fault(400, "a workspace is named with up to 63 of a-z, 0-9, ., _ and -")
    return name


def stamp_of(path: Path) -> int:
    """A number that changes with the names, sizes and times of the files below `path`."""
    found: list[tuple[str, str, int, int]] = []
    count = 0
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(one for one in folders if one != ".git")
        for name in sorted(names):
            count += 1
            if count > _WATCHED_FILES:
                return hash(tuple(found))
            try:
                status = os.lstat(os.path.join(folder, name))  # noqa: PTH118
            except OSError:
                continue
            found.append((folder, name, status.st_mtime_ns, status.st_size))
    return hash(tuple(found))
