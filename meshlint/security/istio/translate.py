"""What the rules of a policy come to in the filters that istiod makes of them.

On a chain for TCP there is no request: a value that only HTTP has takes the whole rule of an ALLOW policy
away, and only itself from a rule of any other action, which makes that rule wider. The same happens to a
value that cannot be translated (Istio: HTTP fields on TCP filter chains). ztunnel knows still less, and skips
what is left empty (Istio: authorization at ztunnel).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from meshlint.documents import Field, Text
from meshlint.mesh import Mesh
from meshlint.mesh.remembered import kept
from meshlint.resources.istio.authorization_policy import (
    AuthorizationPolicy,
    Condition,
    Operation,
    Rule,
    Source,
)
from meshlint.security.istio import admitted as read
from meshlint.security.istio import attributes as known
from meshlint.security.istio.admitted import Admitted, Reader, Scope, united
from meshlint.security.istio.attributes import Attribute
from meshlint.security.transport.chain import Chain
from meshlint.values import frozen, regex


@frozen(eq=False, repr=False)
class Atom:
    """Some value of an attribute is admitted; with `negated`, none is, which holds without any value, too."""

    attribute: Attribute
    admitted: Admitted
    negated: bool
    at: Field
    words: tuple[Text, ...] = ()
    """The values as they are written."""


@frozen(eq=False, repr=False)
class Translated:
    """A rule as it is enforced: some source, some operation and all conditions; an empty one asks nothing.

    `dropped` are the values that the chain does not know, in the order of the rule. `passed_over` are those
    that never reach ztunnel though the rest of their rule does.
    """

    policy: AuthorizationPolicy
    index: int
    rule: Rule
    sources: tuple[tuple[Atom, ...], ...]
    operations: tuple[tuple[Atom, ...], ...]
    conditions: tuple[Atom, ...]
    dropped: tuple[Text, ...] = ()
    vanished: bool = False
    """Whether the chain leaves nothing of the rule, so that it never matches."""
    passed_over: tuple[Text, ...] = ()


@frozen(eq=False, repr=False)
class _Kind:
    """How a field, or a key of a condition, is read, and which chains know it."""

    attribute: Attribute
    reader: Reader
    http_only: bool = False
    ztunnel: bool = False
    unread: bool = False
    """Whether istiod passes over it in silence when it makes policies for ztunnel."""


_SOURCE: Mapping[str, _Kind] = {
    "principals": _Kind(known.IDENTITY, read.principal, ztunnel=True),
    "request_principals": _Kind(known.TOKEN, read.token, http_only=True),
    "namespaces": _Kind(known.IDENTITY, read.namespace, ztunnel=True),
    "service_accounts": _Kind(known.IDENTITY, read.service_account, ztunnel=True),
    "trust_domains": _Kind(known.IDENTITY, read.trust_domain, unread=True),
    "ip_blocks": _Kind(known.SOURCE_IP, read.address, ztunnel=True),
    "remote_ip_blocks": _Kind(known.REMOTE_IP, read.address),
}
_OPERATION: Mapping[str, _Kind] = {
    "hosts": _Kind(known.HOST, read.host, http_only=True),
    "ports": _Kind(known.PORT, read.port, ztunnel=True),
    "methods": _Kind(known.METHOD, read.header, http_only=True),
    "paths": _Kind(known.PATH, read.path, http_only=True),
}
_Named = tuple[str, bool, _Kind]


def _named(kinds: Mapping[str, _Kind]) -> tuple[_Named, ...]:
    """The fields of some kinds, each beside its negation."""
    return tuple(
        (f"not_{name}" if negated else name, negated, kind)
        for name, kind in kinds.items()
        for negated in (False, True)
    )


_SOURCES, _OPERATIONS = _named(_SOURCE), _named(_OPERATION)
_KEYS: Mapping[str, _Kind] = {
    "source.ip": _Kind(known.SOURCE_IP, read.address, ztunnel=True),
    "remote.ip": _Kind(known.REMOTE_IP, read.address),
    "source.namespace": _Kind(known.IDENTITY, read.namespace, ztunnel=True),
    "source.principal": _Kind(known.IDENTITY, read.principal, ztunnel=True),
    "source.serviceAccount": _Kind(known.IDENTITY, read.service_account),
    "source.trustDomain": _Kind(known.IDENTITY, read.trust_domain),
    "request.auth.principal": _Kind(known.TOKEN, read.token, http_only=True),
    "request.auth.audiences": _Kind(("claim", "aud"), read.claim, http_only=True),
    "request.auth.presenter": _Kind(("claim", "azp"), read.claim, http_only=True),
    "destination.ip": _Kind(known.DESTINATION_IP, read.address, ztunnel=True),
    "destination.port": _Kind(known.PORT, read.port, ztunnel=True),
    "connection.sni": _Kind(known.SNI, read.sni),
}
_HEADER = regex(r"request\.headers\[([^\[\]]+)\]")
_CLAIM = regex(r"request\.auth\.claims((?:\[[^\[\]]+\])+)")
_BEGINNINGS = ("request.headers", "request.auth.claims", "experimental.envoy.filters.")
_EXPERIMENTAL = regex(r"experimental\.(envoy\.filters\.[^\[\]]+)\[([^\[\]]+)\]")


def key_kind(key: str | None) -> _Kind | None:
    """How a condition's key is read; None for one that Istio does not know, whose rule it then skips."""
    if key is None or key in _KEYS:
        return _KEYS.get(key or "")
    if header := _HEADER.fullmatch(key):
        return _Kind(("header", header[1].lower()), read.header, http_only=True)
    if claim := _CLAIM.fullmatch(key):
        return _Kind(("claim", *claim[1][1:-1].split("][")), read.claim, http_only=True)
    if found := _EXPERIMENTAL.fullmatch(key):
        return _Kind(("metadata", found[1], found[2]), read.metadata)
    return None


def is_unknown(key: str | None) -> bool:
    """Whether Istio skips a rule for this key; one that is only malformed has values without translation.

    (Istio: keys of conditions; it looks at how a key of headers, claims or metadata begins.)
    """
    return key_kind(key) is None and not (key or "").startswith(_BEGINNINGS)


def translate(policy: AuthorizationPolicy, chain: Chain, domains: tuple[str, ...]) -> Iterator[Translated]:
    """The rules of `policy` on a chain, in their order; `domains` are the mesh's trust domains."""
    at_ztunnel = chain is Chain.ZTUNNEL
    scope = Scope(policy.resource.namespace, () if at_ztunnel else domains, at_ztunnel)
    for index, rule in enumerate(policy.rules or ()):
        yield _Translation(chain, scope).rule(policy, index, rule)


def translated(
    mesh: Mesh, policy: AuthorizationPolicy, chain: Chain, domains: tuple[str, ...] | None = None
) -> tuple[Translated, ...]:
    """The rules of a policy on a chain, in their order; `domains` are the mesh's own where none are given."""
    return _translated(mesh, policy, chain, trust_domains(mesh) if domains is None else domains)


@kept
def _translated(
    _: Mesh, policy: AuthorizationPolicy, chain: Chain, domains: tuple[str, ...]
) -> tuple[Translated, ...]:
    return tuple(translate(policy, chain, domains))


def trust_domains(mesh: Mesh) -> tuple[str, ...]:
    """The trust domain of the mesh, and its aliases."""
    return (mesh.settings.trust_domain, *mesh.settings.trust_domain_aliases)


class _Translation:
    """Translates one rule, and keeps what it had to drop."""

    def __init__(self, chain: Chain, scope: Scope) -> None:
        self._chain = chain
        self._scope = scope
        self._dropped: list[Text] = []
        self._passed_over: list[Text] = []

    def rule(self, policy: AuthorizationPolicy, index: int, rule: Rule) -> Translated:
        sources = [tuple(self._fields(one, _SOURCES)) for one in rule.from_ or ()]
        operations = [tuple(self._fields(one, _OPERATIONS)) for one in rule.to or ()]
        conditions = [tuple(self._condition(one)) for one in rule.when or ()]
        unknown = any(is_unknown(one.key) for one in rule.when or ())
        vanished = unknown or (policy.action == "ALLOW" and bool(self._dropped))
        if self._chain is Chain.ZTUNNEL:
            emptied = any(clause and not any(clause) for clause in (sources, operations))
            vanished = vanished or emptied or any(not atoms for atoms in conditions)
            sources = [atoms for atoms in sources if atoms]
            operations = [atoms for atoms in operations if atoms]
        return Translated(
            policy,
            index,
            rule,
            tuple(sources),
            tuple(operations),
            tuple(atom for atoms in conditions for atom in atoms),
            tuple(self._dropped),
            vanished,
            tuple(self._passed_over),
        )

    def _fields(self, part: Source | Operation, kinds: Sequence[_Named]) -> Iterator[Atom]:
        for name, negated, kind in kinds:
            if values := getattr(part, name):
                yield from self._atom(kind, values, negated=negated)

    def _condition(self, condition: Condition) -> Iterator[Atom]:
        kind = key_kind(condition.key)
        if kind is None:
            self._dropped.extend((*condition.values, *condition.not_values))
            return
        yield from self._atom(kind, condition.values, negated=False)
        yield from self._atom(kind, condition.not_values, negated=True)

    def _atom(self, kind: _Kind, values: tuple[Text, ...], *, negated: bool) -> Iterator[Atom]:
        sets: list[Admitted] = []
        words: list[Text] = []
        for value in values:
            found = kind.reader(value, self._scope) if self._knows(kind) else None
            if found is None:
                (self._passed_over if self._passes_over(kind) else self._dropped).append(value)
            else:
                sets.append(found)
                words.append(value)
        if sets:
            yield Atom(kind.attribute, united(sets), negated, values[0].field, tuple(words))

    def _passes_over(self, kind: _Kind) -> bool:
        """Whether a value that is not translated leaves its rule in force.

        istiod leaves out what it cannot read of ports and addresses, and does not look at trust domains at
        all, so the rest of the rule stays, also that of an ALLOW policy. That may be a mistake of istiod:
        what it counts as knowable by HTTP alone takes the whole rule away (istiod: handleRule, stringToPort
        and stringToIP of its ambient conversion, as of August 2026).
        """
        return self._chain is Chain.ZTUNNEL and (kind.unread or kind.ztunnel)

    def _knows(self, kind: _Kind) -> bool:
        if self._chain is Chain.ZTUNNEL:
            return kind.ztunnel
        return self._chain is Chain.HTTP or not kind.http_only
