"""Workspaces: sets that the service keeps under a name, each with a worker that has read it."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import define, field

from meshlint.serve.faults import Fault
from meshlint.serve.http.metrics import Metrics
from meshlint.serve.limits import Limits
from meshlint.serve.workers.crew import Crew, Worker
from meshlint.serve.workers.messages import Start

_NAME = re.compile(r"[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?")
_WATCHED_FILES = 200_000


@define(eq=False)
class Workspace:
    """A set under a name: a directory of whoever runs the service, or what was uploaded."""

    name: str
    path: Path | None
    worker: Worker
    files: Mapping[str, bytes] | None = None
    stamp: int = 0

    @property
    def told(self) -> dict[str, Any]:
        """What callers hear of it; no path of the server is part of that."""
        kind = "upload" if self.path is None else "directory"
        counts = {key: self.worker.told.get(key, 0) for key in ("files", "objects")}
        return {"name": self.name, "kind": kind, **counts}


@define(eq=False)
class Workspaces:
    """All workspaces. What replaces one is read before the old one goes."""

    crew: Crew
    limits: Limits
    metrics: Metrics
    by_name: dict[str, Workspace] = field(factory=dict)
    _changing: asyncio.Lock = field(factory=asyncio.Lock)

    async def open(self, directories: Mapping[str, Path]) -> None:
        """Read the directories of whoever runs the service; raises `Fault`."""
        for name, path in directories.items():
            await self._put(checked_name(name), None, path)

    async def put(self, name: str, files: Mapping[str, bytes]) -> Workspace:
        """Keep `files` under a name, in place of what was there; raises `Fault`."""
        checked_name(name)
        known = self.by_name.get(name)
        if known is not None and known.path is not None:
            raise Fault(409, "this workspace is a directory of the server and takes no upload")
        if known is None and len(self.by_name) >= self.limits.workspaces:
            raise Fault(409, f"there are {self.limits.workspaces} workspaces already")
        return await self._put(name, files, None)

    async def delete(self, name: str) -> None:
        """Forget an upload; raises `Fault`."""
        async with self._changing:
            workspace = self.get(name)
            if workspace.path is not None:
                raise Fault(409, "this workspace is a directory of the server and cannot be deleted")
            del self.by_name[name]
            workspace.worker.stop()
            self.metrics.objects.remove(name)

    def get(self, name: str) -> Workspace:
        """The workspace of that name; raises `Fault` if there is none."""
        workspace = self.by_name.get(name)
        if workspace is None:
            raise Fault(404, "there is no workspace of that name")
        return workspace

    async def alive(self, name: str) -> Workspace:
        """The workspace, with its worker started again if it died; raises `Fault`."""
        workspace = self.get(name)
        if workspace.worker.is_alive:
            return workspace
        return await self._put(name, workspace.files, workspace.path)

    async def refresh(self) -> None:
        """Read the directories again that have changed; one that cannot be read stays as it was."""
        for workspace in list(self.by_name.values()):
            if workspace.path is not None:
                stamp = await asyncio.to_thread(stamp_of, workspace.path)
                if stamp != workspace.stamp:
                    try:
                        await self._put(workspace.name, None, workspace.path)
                    except Fault:
                        workspace.stamp = stamp

    async def _put(self, name: str, files: Mapping[str, bytes] | None, path: Path | None) -> Workspace:
        async with self._changing:
            stamp = await asyncio.to_thread(stamp_of, path) if path is not None else 0
            start = Start(self.crew.address(), self.limits, files, None if path is None else str(path))
            worker = await self.crew.started(start)
            before = self.by_name.get(name)
            workspace = self.by_name[name] = Workspace(name, path, worker, files, stamp)
            if before is not None:
                before.worker.stop()
            self.metrics.objects.labels(name).set(worker.told.get("objects", 0))
            return workspace

    def close(self) -> None:
        """End all workers."""
        for workspace in self.by_name.values():
            workspace.worker.stop()


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
