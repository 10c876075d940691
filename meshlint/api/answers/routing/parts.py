"""What the answers on one request and on the rules of a host have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from meshlint.api.answers.senders import ISTIO, Named
from meshlint.documents import Field
from meshlint.engine.finding import Location
from meshlint.mesh import Mesh
from meshlint.reports.route.answer import Asked, LeftOut, Rule
from meshlint.reports.route.words import in_words
from meshlint.resources.resource import Resource
from meshlint.traffic.request import Request
from meshlint.traffic.tables.entries import Entry
from meshlint.traffic.tables.left_out import left_out
from meshlint.traffic.ways.way import Way


def asked_of(request: Request, seen: Request) -> Asked:
    """The request as it was understood, and as its proxy sees it."""
    headers = request.headers
    if request.host_header is not None:
        headers = (("host", request.host_header), *headers)
    return Asked(
        request.host,
        request.port,
        request.path,
        request.method,
        request.scheme,
        headers,
        request.sni,
        request.address,
        None if seen.path == request.path else seen.path,
    )


def object_at(resource: Resource) -> tuple[str, Location]:
    """An object, and where it stands."""
    return str(resource), location(resource.field)


def rule_of(found: Way, entry: Entry) -> Rule:
    """An entry of a way's table as a report tells it."""
    entries = found.table.entries if found.table is not None else ()
    number = next((n for n, one in enumerate(entries, 1) if one is entry), 1)
    return as_rule(number, entry)


def as_rule(number: int, entry: Entry) -> Rule:
    """An entry of a route table as a report tells it."""
    # A rule without matches has one by default, which stands nowhere, or is the rule itself.
    match = entry.match if entry.match is not None and entry.match.path != entry.rule.path else None
    words = [in_words(one.value) for one in (entry.outer, match) if one is not None and one]
    at = match if match is not None and match else entry.rule
    return Rule(
        number,
        str(entry.owner),
        path_of(at),
        _name(entry),
        " and ".join(dict.fromkeys(words)) or in_words(None),
        location(at),
        None if entry.outer is None else location(entry.outer),
    )


def path_of(field: Field) -> str:
    """The place in the object's spec: `http[0].match[1]`."""
    steps = field.path[field.path.index("spec") + 1 :] if "spec" in field.path else field.path
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.lstrip(".")


def _name(entry: Entry) -> str | None:
    name = entry.rule.text("name")
    return None if name is None else str(name)


def location(field: Field) -> Location:
    """Where a field stands."""
    return Location(field.file(), field.span())


def rival_definitions(mesh: Mesh, found: Way) -> Iterator[str]:
    """Objects that rules of a table are written in and that files define more than once."""
    owners = {id(one.owner): one.owner for one in (found.table.entries if found.table is not None else ())}
    followed = Counter(owner.id for owner in owners.values())
    for owner in {owner.id: owner for owner in owners.values()}.values():
        written = mesh.resources.called(owner.group, owner.kind, owner.namespace, owner.name)
        several = followed[owner.id] > 1
        here = "several of them are" if several else f"that of {owner.document.file} is"
        if len(written) > 1:
            yield f"{len(written)} files define {owner}; {here} followed here"


def left_out_of(mesh: Mesh, named: Named, request: Request, found: Way) -> Iterator[LeftOut]:
    """What is written for the host and does not count for the client."""
    if named.sender.mesh == ISTIO:
        for one in left_out(mesh, named.client, found.host, request.port, found.table):
            path = "" if one.field.name == "hosts" else path_of(one.field)
            yield LeftOut(str(one.owner), path, one.reason, location(one.field))
