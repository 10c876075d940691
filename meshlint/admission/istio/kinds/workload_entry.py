"""What istiod's webhook checks in a WorkloadEntry, also as an endpoint of a ServiceEntry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from meshlint.admission.istio.parts.sockets import socket_problem
from meshlint.admission.istio.vocabulary import texts
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Declared, Said, Scene
from meshlint.admission.istio.vocabulary.shape import shape
from meshlint.admission.istio.vocabulary.values import LABELS, NAME, mapping, port, text
from meshlint.resources.schema.words.writing import quoted


def addressed(value: Any, *, names: bool) -> Iterator[Said]:
    """The address of a workload: an IP address, a Unix socket and, with `names`, a host name."""
    if not isinstance(value, dict):
        return
    address, at = text(value, "address"), ("address",)
    if not address:
        yield from _without_address(value)
    elif address.startswith(texts.UNIX):
        problem = socket_problem(address)
        if problem:
            yield Said(Mistake.ADDRESS, f"has the address {quoted(address)}, which {problem}", at)
        if mapping(value, "ports"):
            words = "has a Unix socket for its address and ports beside it"
            yield Said(Mistake.EXCLUSIVE, words, at, "Remove `ports`.", related=(("ports",),))
    elif not texts.is_address(address) and (not names or texts.host_problem(address)):
        what = "neither an IP address nor a host name" if names else "no IP address"
        yield Said(Mistake.ADDRESS, f"has the address {quoted(address)}, which is {what}", at)


def _without_address(value: dict[str, Any]) -> Iterator[Said]:
    at = ("address",) if "address" in value else ()
    if not text(value, "network"):
        yield Said(Mistake.ADDRESS, "has no address", at, "Set address.", on_key=bool(at))
        return
    words = "names a network and no address, so it is reached through a gateway of that network"
    yield Said(Mistake.DOUBTFUL, words, ("network",), "Set address.", on_key=True, refuses=False)


def _alone(value: Any, _: Scene) -> Iterator[Said]:
    # The webhook looks no further where nothing leads to the workload.
    yield from addressed(value, names=True)


def _port_name(value: Any, scene: Scene) -> Iterator[Said]:
    for said in NAME(value, scene):
        yield Said(said.mistake, said.words, said.at, said.hint, on_key=True)


PORTS: Declared = {"(key)": _port_name, "*": port}
SHAPE: Final = shape({"": _alone, "ports": PORTS, "labels": LABELS})
