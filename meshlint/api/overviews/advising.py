"""From an input set to an advice which mesh fits it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from meshlint.advisor import Advice, Given, Weights, load_needs, load_weights, with_overrides
from meshlint.advisor import advise as advise_mesh
from meshlint.advisor.evidence.sizing import matching_workloads
from meshlint.api.reading.project import Project
from meshlint.engine.config import Config
from meshlint.engine.usage import Mistake, UsageError, did_you_mean


def advise_project(project: Project, given: Given | None = None, weights: Weights | None = None) -> Advice:
    """The advice for a project; raises `UsageError` for needs and workloads that do not exist."""
    given = given or Given()
    _refuse_unknown((*given.needs, *given.without), load_needs(), "need")
    advice = advise_mesh(project.mesh, given, weights or load_weights())
    _refuse_strangers(advice)
    return advice


def completed(given: Given | None, config: Config) -> Given:
    """`given`, with what it leaves open as the configuration has it."""
    given = given or Given()
    traffic, section = config.traffic, config.advise
    return Given(
        rps=_first(given.rps, traffic.get("rps")),
        rps_for={**_exact(traffic.get("rps-for", {})), **given.rps_for},
        nodes=traffic.get("nodes") if given.nodes is None else given.nodes,
        cpu_price=_first(given.cpu_price, traffic.get("cpu-price")),
        memory_price=_first(given.memory_price, traffic.get("memory-price")),
        needs=tuple(dict.fromkeys((*section.get("needs", ()), *given.needs))),
        without=tuple(dict.fromkeys((*section.get("without", ()), *given.without))),
    )


def weights_of(config: Config, file: Path | None = None) -> Weights:
    """The weights as the configuration changes them, and as `file` changes those."""
    weights = with_overrides(load_weights(), config.advise)
    return weights if file is None else with_overrides(weights, _read_weights(file))


def _read_weights(file: Path) -> Mapping[str, Any]:
    """The section `advise` of a configuration, as a file of its own."""
    from meshlint.documents import read
    from meshlint.engine.config.reading import config_of

    try:
        reading = read(str(file), file.read_bytes())
    except OSError as error:
        raise UsageError(Mistake(f"the weights cannot be read: {error.strerror}", file=str(file))) from error
    if reading.problems or len(reading.documents) > 1:
        message = reading.problems[0].message if reading.problems else "A file of weights holds one document"
        raise UsageError(Mistake(message, file=str(file)))
    value = reading.documents[0].value if reading.documents else {}
    return config_of({"advise": value or {}}, str(file)).advise


def _first(stated: Fraction | None, configured: Any) -> Fraction | None:
    if stated is not None or configured is None:
        return stated
    return Fraction(str(configured))


def _exact(rates: Mapping[str, Any]) -> dict[str, Fraction]:
    return {name: Fraction(str(rate)) for name, rate in rates.items()}


def _refuse_unknown(names: Iterable[str], known: Iterable[str], what: str) -> None:
    known = tuple(known)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UsageError(*(Mistake(f'"{name}" is no {what}', _hint(name, known)) for name in unknown))


def _hint(name: str, known: Sequence[str]) -> str:
    return did_you_mean(name, known) or f"Known are: {', '.join(known)}."


def _refuse_strangers(advice: Advice) -> None:
    strangers = [name for name in advice.given.rps_for if not matching_workloads(advice.profile, name)]
    workloads = [one.workload for one in advice.profile.serving]
    names = [name for one in workloads for name in (f"{one.namespace}/{one.name}", one.name)]
    if strangers:
        raise UsageError(*(_stranger(name, names) for name in strangers))


def _stranger(name: str, names: Sequence[str]) -> Mistake:
    hint = did_you_mean(name, names) or "Workloads are named namespace/name."
    return Mistake(f'"{name}" is no workload in the manifests', hint)
