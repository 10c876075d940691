"""What the answer of a check depends on: a name for the question, and the state of the program that answered.

A set that looks at more than the files it was given (what kustomize, helm, Flux or Argo CD put together,
definitions, another revision, a baseline) has no name, and is checked anew each time.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import meshlint
from meshlint.api.comparing.baseline_files import baseline_file
from meshlint.data import data_directory
from meshlint.engine.catalogue import CATALOGUE
from meshlint.sources import Reason

if TYPE_CHECKING:
    from meshlint.api.inputs.gathering import Gathered
    from meshlint.engine.outcome import Outcome

_PUT_TOGETHER: Final = frozenset(
    {Reason.HELM_CHART_FILE, Reason.HELM_TEMPLATE, Reason.KUSTOMIZATION, Reason.KUSTOMIZE_PATCH}
)
_WITHOUT_SAY: Final = "jobs"
"""What of a request no answer depends on."""
_PACKAGE: Final = Path(meshlint.__file__).resolve().parent
_DATA: Final = ("advisor/data", "reports/findings/page", "serve/page")
"""The folders of the package that hold what is no module."""
_OTHERS: Final = "meshlint.processes"
"""The module that has other processes work on an answer too."""


def name_of(here: Gathered, telling: Iterable[str]) -> str | None:
    """The name of the answer to a check; None where it depends on more than can be named.

    It is made of the bytes of all files and what was passed over, the request, the configuration and the
    day, what the program finds beside its modules, and `telling`: how the answer is told.
    """
    if not _is_closed(here):
        return None
    made = sha256()
    for part in (*telling, *_surroundings(), *_question(here), *_files(here)):
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        made.update(len(data).to_bytes(8, "big") + data)
    return made.hexdigest()


def may_be_kept(outcome: Outcome) -> bool:
    """Whether an answer is one that the same question has again: no file led elsewhere, nothing crashed."""
    from meshlint.api.reading.deployed import declares
    from meshlint.engine.run import CRASHED

    crashed = any(finding.rule == CRASHED for finding in outcome.findings)
    return not crashed and not any(declares(text.content) for text in outcome.texts.values())


def _is_closed(here: Gathered) -> bool:
    """Whether nothing is looked at but the files that were gathered."""
    request, sources = here.asked.request, here.sources
    if request.changed or request.since or request.crds or here.asked.config.crds or sources.rendered:
        return False
    if here.asked.config.custom:
        return False
    if request.deployment or request.helm_values or baseline_file(here.asked) is not None:
        return False
    return not any(entry.reason in _PUT_TOGETHER for entry in sources.passed_over)


def _files(here: Gathered) -> Iterator[str | bytes]:
    for entry in here.sources.passed_over:
        yield from (entry.path, entry.reason.value, entry.detail, entry.hint)
    yield "files"
    for file in here.sources.files:
        yield from (file.path, str(file.location), file.origin.value, sha256(file.data).digest())


def _question(here: Gathered) -> Iterator[str | bytes]:
    asked, policy = here.asked, here.asked.options.policy
    yield from _words(asked.request)
    yield from (*map(repr, asked.paths), str(policy.today), repr(policy.whole))
    for name, data in asked.options.reading.mesh_config:
        yield from (name, data)
    yield repr(sorted(asked.options.reading.substitutions.items()))
    source = asked.config.source
    yield from (str(asked.config.directory), *((source.path, source.content) if source else ()))


def _words(request: Any) -> Iterator[str]:
    for name, value in sorted(vars(request).items()):
        if name != _WITHOUT_SAY:
            yield f"{name}={sorted(value.items()) if isinstance(value, dict) else value!r}"


def program(since: int) -> tuple[str, ...]:
    """The modules that answer, each file with its state; none where one has changed `since` (nanoseconds).

    What no question needed was not loaded, and cannot change its answer. Other processes may have loaded
    more: where there may have been some, each module counts.
    """
    files = _all_modules() if _OTHERS in sys.modules else _loaded_modules()
    try:
        states = [(file, os.stat(file)) for file in files]  # noqa: PTH116 - a path object costs more
    except OSError:
        return ()
    if any(about.st_mtime_ns >= since for _, about in states):
        return ()
    return tuple([_told(file, about) for file, about in states])


def is_program(told: Iterable[str]) -> bool:
    """Whether all modules that were `told` as having answered are still as they were; raises `OSError`."""
    files = [(line, line.split(" ", 2)[-1]) for line in told]
    return all(line == _told(file, os.stat(file)) for line, file in files)  # noqa: PTH116 - as above


def _told(file: str, about: os.stat_result) -> str:
    return f"{about.st_size} {about.st_mtime_ns} {file}"


def _loaded_modules() -> Iterator[str]:
    for name, module in list(sys.modules.items()):
        if name.startswith(meshlint.__name__) and (file := getattr(module, "__file__", None)):
            yield file


def _all_modules() -> Iterator[str]:
    return map(str, _PACKAGE.rglob("*.py"))


def _surroundings() -> Iterator[str]:
    """The interpreter, the packages beside meshlint, and each file of data with its size and last change.

    Of the rules, the catalogue holds all that a check reads.
    """
    yield sys.version
    catalogue = str(data_directory("rules") / CATALOGUE)
    for place in (*sys.path, catalogue):
        yield from (place, _stamp(place))
    for root in (data_directory("schemas"), *(_PACKAGE / place for place in _DATA)):
        yield from _stamps(str(root))


def _stamps(directory: str) -> Iterator[str]:
    """A text for each directory: there are a thousand files, and the set may be one line."""
    with os.scandir(directory) as entries:
        found = sorted([(entry.name, entry) for entry in entries if entry.name != "__pycache__"])
    inside, told = [], [directory]
    for name, entry in found:
        if entry.is_dir():
            inside.append(entry.path)
        else:
            about = entry.stat()
            told.append(f"{name} {about.st_size} {about.st_mtime_ns}")
    yield "\n".join(told)
    for one in inside:
        yield from _stamps(one)


def _stamp(place: str) -> str:
    try:
        return str(Path(place or ".").stat().st_mtime_ns)
    except OSError:
        return ""
