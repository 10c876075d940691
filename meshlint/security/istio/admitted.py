"""Which values of an attribute a value of a policy admits; None stands for one that has no translation."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from meshlint.matching import (
    AddressSet,
    PortSet,
    StringSet,
    address_problem,
    in_trust_domains,
    istio_header,
    istio_host,
    istio_namespace,
    istio_path,
    istio_path_problem,
    istio_request_principal,
    istio_service_account,
    istio_sni,
    istio_string,
    istio_trust_domain,
    port_number,
    without_zone,
    ztunnel_namespace,
)
from meshlint.matching.istio_strings import RequestPrincipal
from meshlint.security.istio.attributes import LIST_MARK, TEXT_MARK
from meshlint.values import frozen


@frozen(repr=False)
class TokenSet:
    """Tokens that any of several request principals admits."""

    principals: tuple[RequestPrincipal, ...]

    def admits(self, token: tuple[str, str]) -> bool:
        """Whether a token of this issuer and subject is admitted."""
        return any(principal.admits(*token) for principal in self.principals)


Admitted = StringSet | AddressSet | PortSet | TokenSet


@frozen(repr=False)
class Scope:
    """What a value means beyond its own text: the policy's namespace, and the mesh's trust domains.

    Without `domains`, no value is spelt out for them, as `at_ztunnel` (Istio: trust domain aliases).
    """

    namespace: str
    domains: tuple[str, ...]
    at_ztunnel: bool = False


Reader = Callable[[str, Scope], Admitted | None]


def principal(value: str, scope: Scope) -> StringSet:
    """A peer's identity."""
    spelt = in_trust_domains(value, scope.domains) if scope.domains else (value,)
    return istio_string(spelt[0]) if len(spelt) == 1 else StringSet.union_of(map(istio_string, spelt))


def namespace(value: str, scope: Scope) -> StringSet:
    """A peer's namespace, over identities."""
    return ztunnel_namespace(value) if scope.at_ztunnel else istio_namespace(value)


def service_account(value: str, scope: Scope) -> StringSet:
    """A peer's account, over identities."""
    return istio_service_account(value, scope.namespace)


def trust_domain(value: str, scope: Scope) -> StringSet:
    """A peer's trust domain, over identities; one of the mesh's own stands for all of them."""
    names = scope.domains if value in scope.domains else (value,)
    return StringSet.union_of(istio_trust_domain(name) for name in names)


def token(value: str, _: Scope) -> TokenSet:
    """Issuer and subject of a token."""
    return TokenSet((istio_request_principal(value),))


def address(value: str, _: Scope) -> AddressSet | None:
    """An address or a block of them; the zone of an address is left out."""
    bare = without_zone(value)
    return None if address_problem(bare) is not None else AddressSet.of(bare)


def port(value: str, _: Scope) -> PortSet | None:
    """A port number in text."""
    number = port_number(value)
    return None if number is None else PortSet.of(number)


def path(value: str, _: Scope) -> StringSet | None:
    """A path or a template of one."""
    return None if istio_path_problem(value) is not None else istio_path(value)


def host(value: str, _: Scope) -> StringSet:
    """An authority, port included."""
    return istio_host(value)


def header(value: str, _: Scope) -> StringSet:
    """A header or a method."""
    return istio_header(value)


def sni(value: str, _: Scope) -> StringSet:
    """A server name."""
    return istio_sni(value)


def claim(value: str, _: Scope) -> StringSet:
    """A claim, audience or presenter."""
    return istio_string(value)


def metadata(value: str, _: Scope) -> StringSet:
    """Metadata of a filter: a text, or in brackets a member of a list."""
    is_member = value.startswith("[") and value.endswith("]")
    mark, inner = (LIST_MARK, value.strip("[]")) if is_member else (TEXT_MARK, value)
    if inner == "*":
        return StringSet.prefix(mark) - StringSet.exact(mark)
    if inner.startswith("*"):
        return StringSet.prefix(mark) & StringSet.suffix(inner[1:])
    return istio_string(mark + inner)


def united(parts: Iterable[Admitted]) -> Admitted:
    """What any of the parts admits; all are of one type, and there is one at least."""
    held = tuple(parts)
    if len(held) == 1:
        return held[0]
    strings = [one for one in held if isinstance(one, StringSet)]
    if strings:
        return StringSet.union_of(strings)
    tokens = [one for one in held if isinstance(one, TokenSet)]
    if tokens:
        return TokenSet(tuple(principal for one in tokens for principal in one.principals))
    ports = [one for one in held if isinstance(one, PortSet)]
    if ports:
        return PortSet.ranges(span for one in ports for span in one.spans)
    return AddressSet.union_of(one for one in held if isinstance(one, AddressSet))
