"""The workers from the side of the service: started, asked with a deadline, and replaced when they die."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import pickle
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from meshlint.serve.faults import Fault
from meshlint.serve.limits import Limits
from meshlint.serve.workers.messages import DONE, LENGTH, Job, Reply, Start, unpacked
from meshlint.values import define, field, frozen

_GRACE = 2.0


class Unreachable(Exception):
    """The worker has ended before it could be asked."""


@define(eq=False)
class Worker:
    """One running worker, and what it said of its set."""

    process: asyncio.subprocess.Process
    start: Start
    told: dict[str, Any] = field(factory=dict)

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return self.process.returncode is None

    def retire(self) -> None:
        """Let it take what it has been asked already, and end."""
        if self.process.stdin is not None:
            self.process.stdin.close()

    def stop(self) -> None:
        """End it; questions that are being answered are forks, which end by themselves."""
        self.retire()
        with suppress(ProcessLookupError):
            self.process.kill()
        for address in filter(None, (self.start.address, self.start.reviews)):
            with suppress(FileNotFoundError):
                os.unlink(address)  # noqa: PTH108


@frozen(eq=False)
class Crew:
    """Starts workers in a directory of its own and asks them; `died` counts forks that gave no answer."""

    limits: Limits
    directory: tempfile.TemporaryDirectory[str] = field(
        factory=lambda: tempfile.TemporaryDirectory(prefix="meshlint-")
    )
    numbers: itertools.count[int] = field(factory=itertools.count)

    async def started(self, start: Start) -> Worker:
        """A worker that has read its set; raises `Fault` where it could not in its time and memory."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "meshlint.serve.workers.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        worker = Worker(process, start)
        try:
            async with asyncio.timeout(self.limits.load_seconds):
                worker.told = await _told(process, start)
        except (EOFError, ConnectionError) as error:
            worker.stop()
            raise Fault(503, "the worker ended before it had read its set", Retry_After="1") from error
        except (TimeoutError, OSError, ValueError) as error:
            worker.stop()
            raise Fault(422, "the set could not be read in its time and memory") from error
        except BaseException:
            worker.stop()
            raise
        if worker.told.get("state") != DONE:
            worker.stop()
            detail = str(worker.told.get("detail") or "the set could not be read in its memory")
            raise Fault(422, detail)
        return worker

    def address(self) -> str:
        """A place to listen at that no other worker has."""
        return str(Path(self.directory.name) / f"{next(self.numbers)}.socket")

    async def asked(self, worker: Worker, job: Job) -> Reply:
        """The reply; raises `TimeoutError`, `EOFError` where the fork died, and `Unreachable`."""
        address = worker.start.address if job.review is None else worker.start.reviews or worker.start.address
        async with asyncio.timeout(job.seconds + _GRACE):
            try:
                reader, writer = await asyncio.open_unix_connection(address)
            except OSError as error:
                raise Unreachable from error
            try:
                return await _exchanged(reader, writer, job, self.limits)
            finally:
                writer.close()
                with suppress(OSError):
                    await writer.wait_closed()

    def close(self) -> None:
        """Remove the directory."""
        self.directory.cleanup()


async def _told(process: asyncio.subprocess.Process, start: Start) -> dict[str, Any]:
    if process.stdin is None or process.stdout is None:
        raise ValueError("no pipes")
    process.stdin.write(pickle.dumps(start))
    await process.stdin.drain()
    line = await process.stdout.readline()
    if not line:
        raise EOFError
    told = json.loads(line)
    if not isinstance(told, dict):
        raise ValueError("no object")
    return told


async def _exchanged(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, job: Job, limits: Limits
) -> Reply:
    data = pickle.dumps(job)
    try:
        writer.write(len(data).to_bytes(LENGTH, "big") + data)
        await writer.drain()
        size = int.from_bytes(await reader.readexactly(LENGTH), "big")
        if size > limits.answer:
            raise Fault(413, "the answer is larger than is allowed")
        return unpacked(await reader.readexactly(size))
    except (asyncio.IncompleteReadError, ConnectionError) as error:
        raise EOFError from error
