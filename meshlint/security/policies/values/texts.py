"""Values in AuthorizationPolicies that no request ever has.

Such a value looks as if it said something: in an ALLOW policy it admits nobody, in a DENY policy it stops
nobody, and after `not` it excludes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache

from meshlint.documents import Text
from meshlint.matching import (
    StringSet,
    address_problem,
    is_path_template,
    istio_path_problem,
    istio_string,
    known,
    port_number,
    request_path,
    without_zone,
)
from meshlint.mesh import Mesh
from meshlint.mesh.remembered import kept, remembered
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy, Operation, Rule, Source
from meshlint.resources.view_class import field_names, view
from meshlint.values import regex

_OF_IDENTITY = frozenset(
    {
        "namespaces",
        "principals",
        "serviceAccounts",
        "source.namespace",
        "source.principal",
        "source.serviceAccount",
        "source.trustDomain",
        "trustDomains",
    }
)
_ATTRIBUTES: Mapping[object, str] = {
    re.sub("_(.)", lambda letter: letter[1].upper(), name): name
    for name in (*field_names(Source), *field_names(Operation))
    if name != "field"
}
"""The attribute of a source or an operation for each of its fields."""
PRINCIPALS = ("principals", "source.principal")
"""The names under which identities of peers stand."""
_WORKLOAD = regex(r"(spiffe://)?[^/*:]+/ns/[^/*]+/(sa/[^/*]*)?\*?|(spiffe://)?[^/*:]+/ns/\*")
_WHOLE = regex(r"[^/*]+/ns/[^/*]+/sa/[^/*]+")
"""An identity without a wildcard, as most are."""
_STARTS = ("", "a", "a/ns/a", "a/ns/a/sa/", "a/ns/a/sa/a")
_ENDS = ("", "a", "/ns/a/sa/a", "a/ns/a/sa/a", "/sa/a", "a/sa/a")
_MOST_KEPT = 1 << 12
_IDENTITIES = StringSet.regex("[^/]+/ns/[^/]+/sa/[^/]+")


@view
class PolicyValue:
    """A value of a policy's rule with the field that it stands in, as `notPaths` or a condition's key."""

    policy: AuthorizationPolicy
    rule: Rule
    name: str
    value: Text
    negated: bool

    @property
    def effect(self) -> str:
        """What a value that never matches makes of its policy, to follow "so"."""
        if self.negated:
            return "it excludes nothing"
        return {"ALLOW": "it admits nobody", "DENY": "it stops nobody"}.get(
            self.policy.action, "it covers nothing"
        )


@kept
def policy_values(_: Mesh, policy: AuthorizationPolicy) -> tuple[PolicyValue, ...]:
    """Every value in the rules of `policy`."""
    return tuple(_values(policy))


def _values(policy: AuthorizationPolicy) -> Iterator[PolicyValue]:
    for rule in policy.rules or ():
        parts: tuple[Source | Operation, ...] = (*(rule.from_ or ()), *(rule.to or ()))
        for part in parts:
            for name, values in _written(part):
                negated = name.startswith("not")
                for value in values:
                    yield PolicyValue(policy, rule, name, value, negated)
        for condition in rule.when or ():
            name = condition.key or ""
            for value in condition.values:
                yield PolicyValue(policy, rule, name, value, negated=False)
            for value in condition.not_values:
                yield PolicyValue(policy, rule, name, value, negated=True)


def _written(part: Source | Operation) -> Iterator[tuple[str, tuple[Text, ...]]]:
    """The lists that are written in a source or an operation, most of which have one or two of them."""
    written = part.field.value
    for key in written if isinstance(written, dict) else ():
        attribute = _ATTRIBUTES.get(key)
        yield str(key), part.field.texts(str(key)) if attribute is None else getattr(part, attribute)


def values_of(mesh: Mesh, *names: str) -> Iterator[PolicyValue]:
    """The values of all policies in fields and conditions of some names, what they exclude as well."""
    held = _by_name(mesh)
    return (value for name in names for value in held.get(name, ()))


def values_named(mesh: Mesh, beginning: str) -> Iterator[PolicyValue]:
    """The values of all policies in fields and conditions whose names begin so."""
    return (value for name, held in _by_name(mesh).items() if name.startswith(beginning) for value in held)


def policies_saying(
    mesh: Mesh, says: Callable[[str], bool], *, negated: bool | None = None
) -> Iterator[AuthorizationPolicy]:
    """The policies that have a value under a name, taken without its negation, of which `says` is true.

    With `negated`, those with one that is excluded, or that is not.
    """
    held = (one for name, values in _by_name(mesh).items() if says(name) for one in values)
    asked = (one for one in held if negated is None or one.negated is negated)
    yield from {id(one.policy): one.policy for one in asked}.values()


@remembered
def _by_name(mesh: Mesh) -> Mapping[str, Sequence[PolicyValue]]:
    """The values of all policies by the names that they stand under, without negation."""
    found: dict[str, list[PolicyValue]] = {}
    written: dict[str, list[PolicyValue]] = {}
    for policy in mesh.authorization_policies.all:
        for value in policy_values(mesh, policy):
            held = written.get(value.name)
            if held is None:
                held = written[value.name] = found.setdefault(positive(value.name), [])
            held.append(value)
    return found


def positive(name: str) -> str:
    """The name of a field without its negation: `paths` for `notPaths`."""
    return name[3].lower() + name[4:] if name.startswith("not") and len(name) > 4 else name


def is_principal(name: str) -> bool:
    """Whether a field or condition holds identities of peers."""
    return positive(name) in PRINCIPALS


def asks_identity(name: str) -> bool:
    """Whether a field or condition is about the identity that a peer proves."""
    return positive(name) in _OF_IDENTITY


def asks_token(name: str) -> bool:
    """Whether a field or condition is about a request's token."""
    return positive(name) == "requestPrincipals" or name.startswith("request.auth.")


def is_workload_in_token(name: str, value: str) -> bool:
    """Whether a value for the principal of a token has the form of a workload's identity.

    What begins with a star may still end as a subject does that holds one.
    """
    of_token = positive(name) == "requestPrincipals" or name == "request.auth.principal"
    return of_token and _WORKLOAD.fullmatch(value) is not None


def is_of_none(value: str, issuers: Collection[str]) -> bool:
    """Whether a value for the principal of a token, which is `issuer/subject`, fits none of some issuers."""
    stem = value.removesuffix("*")
    if value.startswith("*") or "/" not in stem:
        return False
    starts = [f"{one}/" for one in issuers]
    is_open = len(stem) < len(value) and any(start.startswith(stem) for start in starts)
    return not is_open and not any(stem.startswith(start) for start in starts)


def principal_fault(value: str) -> str | None:
    """Why no certificate of the mesh has the identity `value`; kept, since policies share their callers."""
    return None if _WHOLE.fullmatch(value) else _identity_fault(str(value))


@lru_cache(_MOST_KEPT)
def _identity_fault(value: str) -> str | None:
    if value.startswith("spiffe://"):
        return "already gets `spiffe://` put before it"
    if "*" in _literal(value):
        return "has a `*` that is no wildcard, as only one at the start or the end is"
    if not _plainly_fits(value) and known(lambda: istio_string(value).overlaps(_IDENTITIES)) is False:
        return "does not have the form of an identity"
    return None


def _plainly_fits(value: str) -> bool:
    """Whether an identity is found by writing the parts that a wildcard stands for, without a search."""
    literal = _literal(value)
    if value.startswith("*"):
        return any(_WHOLE.fullmatch(f"{part}{literal}") for part in _STARTS)
    return value.endswith("*") and any(_WHOLE.fullmatch(f"{literal}{part}") for part in _ENDS)


def principal_field_fault(name: str, value: str) -> str | None:
    """`principal_fault` for the fields that hold principals."""
    return principal_fault(value) if is_principal(name) else None


def star_fault(name: str, value: str) -> str | None:
    """Why a star in a host, path, method or token's principal is no wildcard where the author means one."""
    field = positive(name) if "*" in value[1:] else ""
    if field not in ("hosts", "methods", "paths", "requestPrincipals") or (
        field == "paths" and is_path_template(value)
    ):
        return None
    if field == "requestPrincipals" and value == "*/*":
        return "asks for a subject that is literally `*`"
    if field == "requestPrincipals" and value.startswith("*/") and "*" not in value[1:]:
        return None
    if "*" in _literal(value):
        return "has a `*` that is no wildcard, as only one at the start or the end is"
    return None


def _literal(value: str) -> str:
    """The part of a value that is taken as it stands."""
    if value.startswith("*"):
        return value[1:]
    return value.removesuffix("*")


def path_fault(name: str, value: str) -> str | None:
    """Why no request has a path like `value`, as the proxy sees paths."""
    if positive(name) != "paths":
        return None
    if "?" in value or "#" in value:
        return "holds a query or fragment, which the proxy cuts off before it compares"
    if not value.startswith(("/", "*")):
        return "does not begin with `/`, as every path does"
    return None


def changed_path(name: str, value: str) -> str | None:
    """The spelling that a path has after normalization, if `value` is written in another one."""
    if positive(name) != "paths" or is_path_template(value) or path_fault(name, value) is not None:
        return None
    literal = value.strip("*")
    if not literal.startswith("/") or literal.endswith(("/.", "/..")) or "*" in literal:
        return None
    seen = request_path(literal)
    return None if seen in (None, literal) else value.replace(literal, seen or "")


def template_fault(name: str, value: str) -> str | None:
    """Why Envoy refuses a template of a path."""
    return istio_path_problem(value) if positive(name) == "paths" else None


def method_fault(name: str, value: str) -> str | None:
    """Why no request has the method `value`: methods are compared as they are sent."""
    if positive(name) != "methods" or value == value.upper():
        return None
    return "is not in capitals, as methods are"


def address_fault(name: str, value: str) -> str | None:
    """Why `value` is no address or block of addresses."""
    field = positive(name)
    if field not in ("ipBlocks", "remoteIpBlocks", "source.ip", "remote.ip", "destination.ip"):
        return None
    return address_problem(without_zone(value))


def port_fault(name: str, value: str) -> str | None:
    """Why `value` is no port."""
    if positive(name) not in ("ports", "destination.port") or port_number(value) is not None:
        return None
    return "is not a number from 0 to 65535, and names and wildcards are not known here"


def claim_fault(name: str, value: str) -> str | None:
    """Why a claim can hardly have the value: numbers and booleans in tokens are never matched."""
    if not name.startswith("request.auth.claims["):
        return None
    return "reads as a number or boolean" if value in ("true", "false") or _is_number(value) else None


def server_name_fault(name: str, value: str) -> str | None:
    """Why no connection has the server name: proxies lower its case first (seen of Envoy 1.40)."""
    if name != "connection.sni" or value == value.lower():
        return None
    return "has capitals, and the proxy lowers server names before it compares"


def _is_number(value: str) -> bool:
    whole, _, fraction = value.removeprefix("-").partition(".")
    return whole.isdecimal() and (not fraction or fraction.isdecimal()) and len(value) < 16
