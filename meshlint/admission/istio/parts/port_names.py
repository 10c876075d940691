"""Names that tie the ports of endpoints to those of a ServiceEntry, and which of two to mend."""

from __future__ import annotations

from typing import Any, Final

from meshlint.admission.istio.parts.protocols import KNOWN, TCP, protocol_of
from meshlint.admission.istio.vocabulary.values import mapping, text
from meshlint.values import regex

# What Kubernetes takes for a name of a port (RFC 6335): up to 15 small letters, digits and single hyphens.
_FORM: Final = regex(r"(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*")


def misnamed_ports(ports: list[Any], endpoints: list[Any]) -> list[tuple[int, str]]:
    """Ports of an entry whose name is the one to change, and the name that endpoints know them by.

    That is said where one port is named by no endpoint, one name of endpoints is no port's, and the port's
    name is no name or announces another protocol than the port has while the endpoints' name does neither.
    """
    theirs = {name for one in endpoints for name in mapping(one, "ports") if isinstance(name, str)}
    unknown = theirs - {text(one, "name") for one in ports}
    unused = [
        index for index, one in enumerate(ports) if text(one, "name") and text(one, "name") not in theirs
    ]
    if len(unknown) != 1 or len(unused) != 1:
        return []
    name, port = next(iter(unknown)), ports[unused[0]]
    is_odd = _suits(name, protocol_of(port)) and not _suits(text(port, "name"), protocol_of(port))
    return [(unused[0], name)] if is_odd else []


def _suits(name: str, protocol: str) -> bool:
    """Whether a port of `protocol` may well be called `name`."""
    announced = {one for one in KNOWN if name == one or name.startswith(f"{one}-")}
    if "tcp" in announced and protocol in TCP:
        return True
    return _FORM.fullmatch(name) is not None and (not announced or not protocol or protocol in announced)
