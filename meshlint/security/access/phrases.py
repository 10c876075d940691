"""Sets of callers and requests in few words."""

from __future__ import annotations

from collections.abc import Iterable

from meshlint.matching import AddressSet
from meshlint.matching.affixes import Affixes
from meshlint.mesh import LinkerdSettings
from meshlint.resources.gateway_api.matches import GrpcMatch, HttpMatch
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.security.identity.linkerd import account_of
from meshlint.security.istio.comparing import Demands
from meshlint.security.istio.openings import Region
from meshlint.security.istio.translate import Atom
from meshlint.security.linkerd.authorization.clients import Box, Clients

ANYONE, ANYTHING = "anyone", "anything"
_MOST = 6
_CALLER = {"identity", "source_ip", "remote_ip", "claims", "claim", "sni"}
_FIELDS = {
    "namespaces": "namespace",
    "serviceAccounts": "account",
    "trustDomains": "trust domain",
    "requestPrincipals": "token",
    "remoteIpBlocks": "client address",
    "hosts": "host",
    "ports": "port",
}
_ATTRIBUTES = {
    "identity": "identity",
    "source_ip": "address",
    "remote_ip": "client address",
    "destination_ip": "destination address",
    "destination_port": "port",
    "sni": "server name",
    "claims": "token",
    "method": "",
    "path": "",
    "host": "host",
}
_KEYS = {
    "source.namespace": "namespace",
    "source.serviceAccount": "account",
    "source.trustDomain": "trust domain",
}


def who(region: Region) -> str:
    """The callers of a region."""
    own = [atom for atom in region.conditions if _is_of_caller(atom)]
    return _phrase(region.sources, own) or ANYONE


def what(region: Region) -> str:
    """The requests of a region, whoever sends them."""
    own = [atom for atom in region.conditions if not _is_of_caller(atom)]
    return _phrase(region.operations, own) or ANYTHING


def whole(region: Region) -> str:
    """A region as a rule's exception: only what it asks for."""
    caller, request = who(region), what(region)
    if caller == ANYONE:
        return request
    return caller if request == ANYTHING else f"{caller} with {request}"


def demand(atom: Atom) -> str:
    """What one field of a rule asks for, in the words of its author."""
    words = _listed(str(word) for word in atom.words)
    name = _name(atom)
    if name == "identity" and tuple(atom.words) == ("*",):
        return "no identity" if atom.negated else "any identity"
    if atom.attribute[0] == "method" and not atom.negated:
        return words
    text = f"{name} {words}".strip()
    return f"not {text}" if atom.negated else text


def clients(settings: LinkerdSettings, held: Clients) -> str:
    """Clients of Linkerd: accounts rather than identities, and the cluster rather than its networks."""
    return "; or ".join(_box(settings, box) for box in held.boxes) or "nobody"


def _box(settings: LinkerdSettings, box: Box) -> str:
    form = box.identities.named.form
    who = box.identities.describe()
    if not box.identities.plain and isinstance(form, Affixes) and form.is_finite():
        machines = box.identities.machines
        who = _listed(
            (
                *(_account(settings, word) for word in sorted(form.words)),
                *(() if machines.is_empty() else (machines.describe(),)),
            )
        )
    if box.addresses.is_any():
        return who
    if box.addresses == AddressSet.of(*settings.cluster_networks):
        return f"{who} in the cluster"
    return f"{who} from {_listed(box.addresses.blocks())}"


def _account(settings: LinkerdSettings, identity: str) -> str:
    account = account_of(settings, identity)
    return identity if account is None else f"account {account[0]}/{account[1]}"


def route(taken: AnyRoute) -> str:
    """The requests that a route takes."""
    matches = [_match(match) for rule in taken.rules for match in rule.matches]
    hosts = f" at host {_listed(map(str, taken.hostnames))}" if taken.hostnames else ""
    return (_listed(matches, "; ") or ANYTHING) + hosts


def _match(match: HttpMatch | GrpcMatch) -> str:
    if isinstance(match, GrpcMatch):
        return f"{match.service or '*'}/{match.method or '*'}"
    star = "*" if match.path.type == "PathPrefix" and match.path.value.endswith("/") else ""
    star = star or ("/*" if match.path.type == "PathPrefix" else "")
    more = [f"header {one.name}" for one in match.headers]
    more += [f"query {one.name}" for one in match.query_params]
    parts = [match.method or "", f"{match.path.value}{star}", f"with {', '.join(more)}" if more else ""]
    return " ".join(part for part in parts if part)


def _phrase(ways: tuple[Demands, ...], conditions: Iterable[Atom]) -> str:
    either = "; ".join(dict.fromkeys(" ".join(map(demand, atoms)) for atoms in ways[:_MOST]))
    if len(ways) > _MOST:
        either += f"; and {len(ways) - _MOST} more"
    both = [demand(atom) for atom in conditions]
    return " if ".join(part for part in (either, " and ".join(both)) if part)


def _name(atom: Atom) -> str:
    kind = atom.attribute[0]
    if kind == "header":
        return f"header {atom.attribute[1]}:"
    if kind == "claim":
        return f"claim {'.'.join(atom.attribute[1:])}:"
    if kind == "metadata":
        return f"metadata {'/'.join(atom.attribute[1:])}:"
    steps = [str(step) for step in atom.at.path]
    written = steps[-2] if len(steps) > 1 else ""
    if written in ("values", "notValues"):
        return _KEYS.get(_key(atom), _ATTRIBUTES.get(kind, kind))
    plain = written[3:4].lower() + written[4:] if written.startswith("not") else written
    return _FIELDS.get(plain, _ATTRIBUTES.get(kind, kind))


def _key(atom: Atom) -> str:
    place = atom.at.document.value
    for step in atom.at.path[:-2]:
        place = place[step]
    return str(place.get("key", ""))


def _is_of_caller(atom: Atom) -> bool:
    return atom.attribute[0] in _CALLER


def _listed(words: Iterable[str], separator: str = ", ") -> str:
    held = list(dict.fromkeys(words))
    more = len(held) - _MOST
    return separator.join(held[:_MOST]) + (f"{separator}and {more} more" if more > 0 else "")
