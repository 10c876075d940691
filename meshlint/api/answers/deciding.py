"""From a request in a user's words to the decision on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from meshlint.engine.usage import Mistake, UsageError
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.access import AccessDecision, AccessDesk, AccessRequest, Destination, Target, combined
from meshlint.security.access.ends import GATEWAY
from meshlint.security.access.request import MAY_BE_OPEN
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class Ends:
    """Who calls whom: the workloads that a name stands for, and the ports that a name leads to."""

    clients: tuple[Workload | None, ...]
    targets: tuple[Target, ...]


def decide(desk: AccessDesk, request: AccessRequest) -> AccessDecision:
    """The decision on one request; raises `UsageError` where it makes no sense."""
    ends = ends_of(desk, request)
    decisions = [desk.decide(client, target, request) for client in ends.clients for target in ends.targets]
    return decisions[0] if len(decisions) == 1 else combined(tuple(decisions), _difference(ends))


def ends_of(desk: AccessDesk, request: AccessRequest) -> Ends:
    """The workloads and ports at both ends of a request."""
    key = (request.destination, request.port, request.source, request.principal is None, request.namespace)
    found = desk.ends.get(key)
    if not isinstance(found, Ends):
        _refuse_nonsense(request)
        found = desk.ends[key] = Ends(_clients(desk, request), _targets(desk, request))
    return found


def destination_named(desk: AccessDesk, text: str) -> Destination:
    """The one destination of that name; raises `UsageError` if there is none, or several."""
    found = desk.names.destinations(text)
    return _only(desk, text, found, "workload or Service")


def source_named(desk: AccessDesk, text: str) -> Destination:
    """The one workload of that name, or all of that name in one namespace."""
    return _only(desk, text, desk.names.sources(text), "workload")


def _only(desk: AccessDesk, text: str, found: Sequence[Destination], what: str) -> Destination:
    if not found and text.startswith(GATEWAY):
        raise UsageError(Mistake(f'"{text}" is no Gateway in the manifests that clients call'))
    if not found:
        near = desk.names.similar(text)
        hint = f'Did you mean "{near[0]}"?' if near else f"Write it as NAME or NAMESPACE/NAME of a {what}."
        raise UsageError(Mistake(f'"{text}" is no {what} in the manifests', hint))
    if len(found) > 1:
        names = _listed(str(one) for one in found)
        raise UsageError(Mistake(f'"{text}" is in several namespaces', f"Name one of {names}."))
    return found[0]


def _clients(desk: AccessDesk, request: AccessRequest) -> tuple[Workload | None, ...]:
    if request.source is not None:
        return source_named(desk, request.source).workloads
    if request.namespace is not None:
        return desk.mesh.workloads.in_namespace(request.namespace) or (None,)
    return (None,)


def _targets(desk: AccessDesk, request: AccessRequest) -> tuple[Target, ...]:
    destination = destination_named(desk, request.destination)
    if not destination.workloads:
        raise UsageError(
            Mistake(
                f"no workload behind the Service {destination} is in the manifests",
                "Without one, nothing is known of the proxies that judge the call.",
            )
        )
    if request.port is not None:
        found = desk.names.targets(destination, request.port)
        if not found:
            raise UsageError(no_port(desk, destination, request.port))
        return found
    targets = desk.names.all_targets(destination)
    if len({(one.service, one.dialed or one.port) for one in targets}) != 1:
        raise UsageError(which_port(destination, targets))
    return targets


def no_port(desk: AccessDesk, destination: Destination, port: int | str) -> Mistake:
    """What to say where a destination has no port of that name."""
    known = _ports(desk.names.all_targets(destination))
    hint = f"Known are {known}." if known else "Give its number."
    return Mistake(f'{destination} has no port "{port}"', hint)


def which_port(destination: Destination, targets: Iterable[Target]) -> Mistake:
    """What to say where a port has to be named."""
    known = _ports(targets)
    if not known:
        return Mistake(f"no port of {destination} is in the manifests", "Name one by its number.")
    return Mistake(f"{destination} has several ports", f"Name one of {known}.")


def _ports(targets: Iterable[Target]) -> str:
    return _listed(str(one) for one in sorted({target.dialed or target.port for target in targets}))


def _listed(words: Iterable[str], most: int = 8) -> str:
    held = list(dict.fromkeys(words))
    return ", ".join(held[:most]) + (", ..." if len(held) > most else "")


def _refuse_nonsense(request: AccessRequest) -> None:
    callers = [one for one in (request.source, request.principal, request.namespace) if one is not None]
    if len(callers) > 1:
        raise UsageError(Mistake("a caller is a workload, a principal or a namespace, not several of them"))
    unknown = request.left_open - MAY_BE_OPEN
    if unknown:
        hint = f"Known are {', '.join(sorted(MAY_BE_OPEN))}."
        raise UsageError(Mistake(f'"{min(unknown)}" is no part of a request', hint))


def _difference(ends: Ends) -> str:
    if len(ends.clients) > 1:
        return "which of the workloads calls"
    return "which of the workloads answers"
