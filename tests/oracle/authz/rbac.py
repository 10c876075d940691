"""AuthorizationPolicies as the RBAC filters that istiod makes of them, for a real Envoy to judge by.

Written from what istiod emits and from nothing of meshlint, so that the two can be held against each other;
`test_goldens` holds it to the verdicts that istiod's own filters gave (Istio: pilot/pkg/security/authz).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

Config = dict[str, Any]
Manifest = Mapping[str, Any]

PEER = "io.istio.peer_principal"
"""The filter state that holds a peer's identity on the listeners of waypoints, and here on all."""
ACTIONS = ("CUSTOM", "AUDIT", "DENY", "ALLOW")
_JWT = "envoy.filters.http.jwt_authn"
_TEMPLATE = "type.googleapis.com/envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig"


class NoTranslation(Exception):
    """A value that istiod cannot translate on a chain."""


@frozen
class Place:
    """The proxy that is configured, and what it knows of the mesh."""

    namespace: str = "foo"
    labels: tuple[tuple[str, str], ...] = (("app", "httpbin"), ("version", "v1"))
    root: str = "istio-system"
    domains: tuple[str, ...] = ("cluster.local",)
    """The trust domain of the mesh, and its aliases."""

    def selects(self, policy: Manifest) -> bool:
        """Whether a policy attaches here, by its namespace and its selector or its targets."""
        namespace = policy["metadata"]["namespace"]
        spec, labels = policy.get("spec") or {}, dict(self.labels)
        gateway = labels.get("gateway.networking.k8s.io/gateway-name")
        targets = spec.get("targetRefs")
        if targets:
            named = any(one["kind"] == "Gateway" and one["name"] == gateway for one in targets)
            return gateway is not None and named and namespace == self.namespace
        wanted = (spec.get("selector") or {}).get("matchLabels") or {}
        return namespace in (self.namespace, self.root) and wanted.items() <= labels.items()


@frozen
class _Scope:
    """What the text of a value is read with."""

    namespace: str
    domains: tuple[str, ...]
    tcp: bool


Generator = Callable[[str, "_Scope"], Config]


@frozen
class _Field:
    """A field of a rule: its values, those that it excludes, and how one of them is written."""

    values: tuple[str, ...]
    excluded: tuple[str, ...]
    write: Generator


def filters(policies: Sequence[Manifest], place: Place, *, tcp: bool) -> dict[str, Config]:
    """The settings of the RBAC filter of each action that any attached policy has.

    CUSTOM is written as the DENY that it is while the external provider denies.
    """
    found: dict[str, Config] = {}
    for policy in policies:
        spec = policy.get("spec") or {}
        action = spec.get("action", "ALLOW")
        if not place.selects(policy):
            continue
        dry = (policy["metadata"].get("annotations") or {}).get("istio.io/dry-run") == "true"
        rules = found.setdefault(action, {}).setdefault("shadow_rules" if dry else "rules", {})
        rules["action"] = {"AUDIT": "LOG", "CUSTOM": "DENY"}.get(action, action)
        rules.setdefault("policies", {}).update(_policies(policy, place, tcp=tcp))
    return found


def _policies(policy: Manifest, place: Place, *, tcp: bool) -> Iterator[tuple[str, Config]]:
    spec, metadata = policy.get("spec") or {}, policy["metadata"]
    scope = _Scope(metadata["namespace"], place.domains, tcp)
    lenient = spec.get("action", "ALLOW") != "ALLOW"
    for index, rule in enumerate(spec.get("rules") or ()):
        try:
            written = _rule(rule or {}, scope, lenient=lenient)
        except NoTranslation:
            continue
        yield f"ns[{metadata['namespace']}]-policy[{metadata['name']}]-rule[{index}]", written


def _rule(rule: Manifest, scope: _Scope, *, lenient: bool) -> Config:
    about_target, about_source = _conditions(rule.get("when") or ())
    operations = [_fields(one.get("operation") or {}, _OPERATION) for one in rule.get("to") or ()]
    sources = [_fields(one.get("source") or {}, _SOURCE) for one in rule.get("from") or ()]
    permissions = [[*fields, *about_target] for fields in operations or [[]]]
    principals = [[*fields, *about_source] for fields in sources or [[]]]
    return {
        "permissions": [_all(fields, "rules", scope, lenient=lenient) for fields in permissions],
        "principals": [_all(fields, "ids", scope, lenient=lenient) for fields in principals],
    }


def _fields(part: Manifest, writers: Mapping[str, Generator]) -> list[_Field]:
    found = []
    for name, write in writers.items():
        excluded = part.get("not" + name[0].upper() + name[1:]) or ()
        found.append(_Field(tuple(part.get(name) or ()), tuple(excluded), write))
    return found


def _conditions(conditions: Sequence[Manifest]) -> tuple[list[_Field], list[_Field]]:
    """What is asked of the target, and of the source; a key that nobody knows takes the rule away."""
    target: list[_Field] = []
    source: list[_Field] = []
    for condition in conditions:
        key = condition["key"]
        held = tuple(condition.get("values") or ()), tuple(condition.get("notValues") or ())
        if key in _TARGET_KEYS:
            target.append(_Field(*held, _TARGET_KEYS[key]))
        elif key.startswith("experimental.envoy.filters."):
            target.append(_Field(*held, _of_filter(key)))
        elif key in _SOURCE_KEYS:
            source.append(_Field(*held, _SOURCE_KEYS[key]))
        elif key.startswith("request.headers"):
            source.append(_Field(*held, _of_header(key)))
        elif key.startswith("request.auth.claims"):
            source.append(_Field(*held, _of_claim(key)))
        else:
            raise NoTranslation(key)
    return target, source


def _all(fields: Sequence[_Field], noun: str, scope: _Scope, *, lenient: bool) -> Config:
    found: list[Config] = []
    for one in fields:
        if values := _written(one.values, one.write, scope, lenient=lenient):
            found.append({f"or_{noun}": {noun: values}})
        if excluded := _written(one.excluded, one.write, scope, lenient=lenient):
            negation = "not_rule" if noun == "rules" else "not_id"
            found.append({negation: {f"or_{noun}": {noun: excluded}}})
    return {f"and_{noun}": {noun: found or [{"any": True}]}}


def _written(values: Sequence[str], write: Generator, scope: _Scope, *, lenient: bool) -> list[Config]:
    found = []
    for value in values:
        try:
            found.append(write(value, scope))
        except NoTranslation:
            if not lenient:
                raise
    return found


def _only_http(write: Generator) -> Generator:
    def written(value: str, scope: _Scope) -> Config:
        if scope.tcp:
            raise NoTranslation(value)
        return write(value, scope)

    return written


def _string(value: str) -> Config:
    if value == "*":
        return _regex(".+")
    if value.startswith("*"):
        return {"suffix": value[1:]}
    if value.endswith("*"):
        return {"prefix": value[:-1]}
    return {"exact": value}


def _regex(text: str) -> Config:
    return {"safe_regex": {"regex": text}}


def _identity(matcher: Config) -> Config:
    return {"filter_state": {"key": PEER, "string_match": matcher}}


def _principal(value: str, scope: _Scope) -> Config:
    found = [_identity(_spiffe(one)) for one in _in_domains(value, scope.domains)]
    return found[0] if len(found) == 1 else {"or_ids": {"ids": found}}


def _spiffe(value: str) -> Config:
    if value == "*":
        return _regex(".+")
    if value.startswith("*"):
        return _regex("spiffe://.*" + re.escape(value[1:]))
    key, text = ("prefix", value[:-1]) if value.endswith("*") else ("exact", value)
    return {key: "spiffe://" + text}


def _in_domains(value: str, domains: Sequence[str]) -> list[str]:
    parts = value.split("/")
    if len(parts) != 5 or parts[0] == "*":
        return [value]
    met = any(_domains_meet(parts[0], one) or _domains_meet(one, parts[0]) for one in domains)
    if not met and parts[0] != "cluster.local":
        return [value]
    return ["/".join([one, *parts[1:]]) for one in domains]


def _domains_meet(pattern: str, domain: str) -> bool:
    if pattern.startswith("*"):
        return domain.endswith(pattern[1:])
    if pattern.endswith("*"):
        return domain.startswith(pattern[:-1])
    return pattern == domain


def _namespace(value: str, _: _Scope) -> Config:
    return _identity(_regex(".*/ns/" + ".*".join(map(re.escape, value.split("*"))) + "/.*"))


def _service_account(value: str, scope: _Scope) -> Config:
    namespace, slash, name = value.partition("/")
    if not slash:
        namespace, name = scope.namespace, value
    return _identity(_regex(f"spiffe://.+/ns/{re.escape(namespace)}/(.+/|)sa/{re.escape(name)}(/.+)?"))


def _trust_domain(value: str, scope: _Scope) -> Config:
    names = scope.domains if value in scope.domains else (value,)
    patterns = ("[^/]*".join(map(re.escape, name.split("*"))) for name in names)
    return _identity(_regex("spiffe://(" + "|".join(patterns) + ")/.*"))


def _block(value: str) -> Config:
    try:
        block = ipaddress.ip_network(value, strict=False)
    except ValueError as error:
        raise NoTranslation(value) from error
    return {"address_prefix": str(block.network_address), "prefix_len": block.prefixlen}


def _source_ip(value: str, _: _Scope) -> Config:
    return {"direct_remote_ip": _block(value)}


def _remote_ip(value: str, _: _Scope) -> Config:
    return {"remote_ip": _block(value)}


def _destination_ip(value: str, _: _Scope) -> Config:
    return {"destination_ip": _block(value)}


def _port(value: str, _: _Scope) -> Config:
    if not re.fullmatch("[0-9]+", value) or int(value) > 65535:
        raise NoTranslation(value)
    return {"destination_port": int(value)}


def _token(value: str, _: _Scope) -> Config:
    """An issuer and a subject, told apart at the last slash."""
    issuer, slash, subject = value.rpartition("/")
    if not slash:
        issuer, subject = value, ""
    some, matchers = _regex(".+"), ({"exact": issuer}, {"exact": subject})
    if value == "*":
        matchers = (some, some)
    elif value.startswith("*") and slash:
        matchers = (some if issuer == "*" else {"suffix": issuer[1:]}, {"exact": subject})
    elif value.startswith("*"):
        matchers = (some, {"suffix": value[1:]})
    elif value.endswith("*") and slash:
        matchers = ({"exact": issuer}, some if subject == "*" else {"prefix": subject[:-1]})
    elif value.endswith("*"):
        matchers = ({"prefix": value[:-1]}, some)
    both = [
        _metadata(_JWT, ["payload", name], {"string_match": matcher})
        for name, matcher in zip(("iss", "sub"), matchers, strict=True)
    ]
    return {"and_ids": {"ids": both}}


def _metadata(owner: str, path: Sequence[str], value: Config) -> Config:
    return {"metadata": {"filter": owner, "path": [{"key": step} for step in path], "value": value}}


def _claim(*path: str) -> Generator:
    def written(value: str, _: _Scope) -> Config:
        matcher = {"string_match": _string(value)}
        either = {"or_match": {"value_matchers": [matcher, {"list_match": {"one_of": matcher}}]}}
        return _metadata(_JWT, ["payload", *path], either)

    return _only_http(written)


def _of_claim(key: str) -> Generator:
    steps = key.removeprefix("request.auth.claims")
    if not re.fullmatch(r"(\[[^\[\]]+\])+", steps):
        return _never
    return _claim(*steps[1:-1].split("]["))


def _of_header(key: str) -> Generator:
    name = re.fullmatch(r"\[([^\[\]]+)\]", key.removeprefix("request.headers"))
    return _never if name is None else _only_http(lambda value, _: _header(name[1], value))


def _of_filter(key: str) -> Generator:
    owner, bracket, name = key.removeprefix("experimental.").removesuffix("]").partition("[")

    def written(value: str, _: _Scope) -> Config:
        if value.startswith("[") and value.endswith("]"):
            inner = {"list_match": {"one_of": {"string_match": _string(value.strip("[]"))}}}
            return _metadata(owner, [name], inner)
        return _metadata(owner, [name], {"string_match": _string(value)})

    return written if bracket else _never


def _never(value: str, _: _Scope) -> Config:
    raise NoTranslation(value)


def _header(name: str, value: str, *, ignore_case: bool = False) -> Config:
    if value == "*":
        return {"header": {"name": name, "present_match": True}}
    return {"header": {"name": name, "string_match": _string(value) | {"ignore_case": ignore_case}}}


def _host(value: str, _: _Scope) -> Config:
    return _header(":authority", value, ignore_case=True)


def _method(value: str, _: _Scope) -> Config:
    return _header(":method", value)


def _path(value: str, _: _Scope) -> Config:
    if "{*}" not in value and "{**}" not in value:
        return {"url_path": {"path": _string(value)}}
    template = value.replace("{*}", "*").replace("{**}", "**")
    return {
        "uri_template": {
            "name": "uri-template",
            "typed_config": {"@type": _TEMPLATE, "path_template": template},
        }
    }


def _sni(value: str, _: _Scope) -> Config:
    return {"requested_server_name": _string(value)}


_SOURCE: Mapping[str, Generator] = {
    "principals": _principal,
    "requestPrincipals": _only_http(_token),
    "namespaces": _namespace,
    "serviceAccounts": _service_account,
    "trustDomains": _trust_domain,
    "ipBlocks": _source_ip,
    "remoteIpBlocks": _remote_ip,
}
_OPERATION: Mapping[str, Generator] = {
    "hosts": _only_http(_host),
    "methods": _only_http(_method),
    "paths": _only_http(_path),
    "ports": _port,
}
_TARGET_KEYS: Mapping[str, Generator] = {
    "destination.ip": _destination_ip,
    "destination.port": _port,
    "connection.sni": _sni,
}
_SOURCE_KEYS: Mapping[str, Generator] = {
    "source.ip": _source_ip,
    "remote.ip": _remote_ip,
    "source.namespace": _namespace,
    "source.principal": _principal,
    "source.serviceAccount": _service_account,
    "source.trustDomain": _trust_domain,
    "request.auth.principal": _only_http(_token),
    "request.auth.audiences": _claim("aud"),
    "request.auth.presenter": _claim("azp"),
}
