"""Random policies that use every field, and calls aimed at the borders of their values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from tests.oracle.authz.bootstrap import NORMALIZATIONS, TCP_METADATA
from tests.oracle.authz.call import Call
from tests.oracle.authz.judge import Case
from tests.oracle.authz.rbac import Place

Manifest = dict[str, Any]

PORTS = [1, 79, 80, 8080, 9000, 65535]
DOMAINS = ["cluster.local", "td1", "old-td", "td"]
NAMESPACES = ["foo", "bar", "foo-2", "foobar"]
ACCOUNTS = ["web", "web-2", "default", "w.b"]

VALUES: Mapping[str, Sequence[str]] = {
    "principals": [
        "cluster.local/ns/foo/sa/web",
        "td1/ns/bar/sa/web",
        "old-td/ns/foo/sa/default",
        "td/ns/foo/sa/w.b",
        "*",
        "td1/ns/foo*",
        "cluster.local/*",
        "*/sa/web",
        "*b",
        "*/ns/foo/sa/web",
        "*-td/ns/foo/sa/web",
        "td*/ns/bar/sa/web",
        "cluster*/ns/foo/sa/web*",
        "ns/foo/sa/web",
        "a*b",
        "Cluster.local/ns/foo/sa/web",
        "*w.b",
    ],
    "namespaces": ["foo", "bar", "foo*", "*bar", "f*o", "*", "*o*", "FOO", "foo-2", "fo."],
    "serviceAccounts": ["web", "bar/web", "foo/default", "w.b", "foo/w.b", "bar/web-2", "*"],
    "trustDomains": ["cluster.local", "td1", "*", "td*", "*local", "old-td", "TD1", "cluster.loca."],
    "requestPrincipals": [
        "i/s",
        "*",
        "*/s",
        "i/*",
        "i/s*",
        "*s",
        "i*",
        "*i/s",
        "*/*",
        "https://a.test/u",
        "i",
        "https://a.test/*",
        "i/",
    ],
    "ipBlocks": [
        "127.0.1.2",
        "127.0.1.0/24",
        "127.0.0.0/16",
        "127.0.1.3/31",
        "10.0.0.0/8",
        "::1",
        "0.0.0.0/0",
    ],
    "remoteIpBlocks": [
        "10.1.2.3",
        "10.1.2.0/24",
        "10.1.2.7/16",
        "fd00::/8",
        "fd00::1",
        "::/0",
        "127.0.0.0/8",
    ],
    "hosts": ["a.test", "*.a.test", "a.*", "*", "A.Test", "a.test:8080", "a.test:*", "*test", "a*t"],
    "ports": ["80", "8080", "9000", "0", "65535"],
    "methods": ["GET", "POST", "P*", "*T", "*", "get", "PUT", "DELETE", "G*T"],
    "paths": [
        "/a",
        "/a/*",
        "*.js",
        "/a*",
        "*",
        "/a/{*}",
        "/a/{**}",
        "/{*}/b",
        "/A",
        "/a?x",
        "/a//b",
        "*/b",
        "/a/{*}/c",
        "/a*b",
        "/",
        "/%2Fa",
        "/a/{*}/{**}",
        "/a/b",
    ],
    "headers": ["admin", "ad*", "*min", "*", "Admin", "a*n", "a,b", "1"],
    "claims": ["admin", "ad*", "*min", "*", "Admin", "1", "true", "a b", "a"],
    "sni": ["a.test", "*.test", "a.*", "*", "A.test", "outbound_.80_._.a.test", "*.TEST"],
    "metadata": ["exact", "pre*", "*fix", "*", "[exact]", "[pre*]", "[*]", "[*fix]", "[[exact]]"],
}
"""Values of each kind, that share their borders."""
BAD: Mapping[str, Sequence[str]] = {
    "ipBlocks": ["127.0.1", "127.0.1.2/33", "local"],
    "remoteIpBlocks": ["10.1.2.300", ""],
    "ports": ["http", "70000", "-1", "80,81"],
}
"""Values that have no translation."""

SOURCE = [
    "principals",
    "requestPrincipals",
    "namespaces",
    "serviceAccounts",
    "trustDomains",
    "ipBlocks",
    "remoteIpBlocks",
]
OPERATION = ["hosts", "ports", "methods", "paths"]
KEYS: Mapping[str, str] = {
    "request.headers[X-Role]": "headers",
    "request.headers[x-role]": "headers",
    "request.headers[x-other]": "headers",
    "request.headers[:method]": "methods",
    "request.headers[:path]": "paths",
    "request.headers[:authority]": "hosts",
    "request.headers[Host]": "hosts",
    "source.ip": "ipBlocks",
    "remote.ip": "remoteIpBlocks",
    "source.namespace": "namespaces",
    "source.principal": "principals",
    "source.serviceAccount": "serviceAccounts",
    "source.trustDomain": "trustDomains",
    "request.auth.principal": "requestPrincipals",
    "request.auth.audiences": "claims",
    "request.auth.presenter": "claims",
    "request.auth.claims[role]": "claims",
    "request.auth.claims[groups]": "claims",
    "request.auth.claims[scope]": "claims",
    "request.auth.claims[a][b]": "claims",
    "destination.ip": "remoteIpBlocks",
    "destination.port": "ports",
    "connection.sni": "sni",
    "experimental.envoy.filters.a.b[c]": "metadata",
}
ODD_KEYS = [
    "request.headers",
    "request.headers[]",
    "request.auth.claims",
    "request.auth.claims[a",
    "experimental.envoy.filters.a.b",
    "source.user",
    "destination.labels[app]",
    "source.labels[app]",
]
"""Keys that Istio does not know, or not in this form."""
_NOT_FOR_CUSTOM = frozenset(
    {"principals", "requestPrincipals", "namespaces", "serviceAccounts", "trustDomains", "claims"}
)


def case(random: Random, *, tcp: bool, calls: int) -> Case:
    """Some policies, of which not all need to attach, with calls that come near their values."""
    policies = tuple(_policy(random, number) for number in range(random.choice([1, 1, 2, 2, 3, 4])))
    gateway = random.random() < 0.1
    labels = {"app": "httpbin", "version": "v1"}
    labels |= {"gateway.networking.k8s.io/gateway-name": "edge"} if gateway else {}
    domains = random.choice([["cluster.local"], ["td1", "old-td"], ["cluster.local", "td"], ["td", "td1"]])
    aim = _Aim(random, policies, tcp=tcp)
    return Case(
        policies=policies,
        calls=tuple(aim.calls(calls)),
        tcp=tcp,
        place=Place(labels=tuple(labels.items()), domains=tuple(domains)),
        normalization="BASE" if tcp else random.choice([*NORMALIZATIONS, "BASE", "BASE"]),
        provider_allows=random.random() < 0.3,
    )


def _policy(random: Random, number: int) -> Manifest:
    action = random.choice(["ALLOW"] * 5 + ["DENY"] * 4 + ["AUDIT", "CUSTOM"])
    spec: Manifest = {"action": action} if action != "ALLOW" or random.random() < 0.5 else {}
    spec |= {"provider": {"name": "asked"}} if action == "CUSTOM" else {}
    spec |= _attachment(random)
    if random.random() < 0.95:
        spec["rules"] = [_rule(random, action) for _ in range(random.choice([0, 1, 1, 1, 2, 2, 3]))]
    metadata: Manifest = {
        "name": f"p{number}",
        "namespace": random.choice(["foo"] * 7 + ["istio-system", "istio-system", "bar"]),
    }
    if action in ("ALLOW", "DENY") and random.random() < 0.1:
        metadata["annotations"] = {"istio.io/dry-run": random.choice(["true", "false"])}
    return {
        "apiVersion": "security.istio.io/v1",
        "kind": "AuthorizationPolicy",
        "metadata": metadata,
        "spec": spec,
    }


def _attachment(random: Random) -> Manifest:
    kind = random.random()
    if kind < 0.08:
        gateway = {"group": "gateway.networking.k8s.io", "kind": "Gateway"}
        return {"targetRefs": [gateway | {"name": random.choice(["edge", "edge", "other"])}]}
    if kind < 0.55:
        return {}
    labels = random.choice([{"app": "httpbin"}, {"app": "httpbin", "version": "v1"}, {"app": "other"}, {}])
    return {"selector": {"matchLabels": labels}}


def _rule(random: Random, action: str) -> Manifest:
    rule: Manifest = {}
    if random.random() < 0.6:
        sources = (_part(random, SOURCE, action) for _ in range(random.choice([1, 1, 2])))
        rule["from"] = [{"source": one} for one in sources if one]
    if random.random() < 0.55:
        operations = (_part(random, OPERATION, action) for _ in range(random.choice([1, 1, 2])))
        rule["to"] = [{"operation": one} for one in operations if one]
    if random.random() < 0.4:
        conditions = (_condition(random, action) for _ in range(random.choice([1, 1, 2])))
        rule["when"] = [one for one in conditions if one]
    return {key: value for key, value in rule.items() if value}


def _part(random: Random, fields: Sequence[str], action: str) -> Manifest:
    part: Manifest = {}
    for name in random.sample(fields, random.choice([1, 1, 1, 2, 2, 3])):
        if action == "CUSTOM" and name in _NOT_FOR_CUSTOM:
            continue
        if random.random() < 0.75:
            part[name] = _values(random, name)
        if name not in part or random.random() < 0.2:
            part["not" + name[0].upper() + name[1:]] = _values(random, name)
    return part


def _condition(random: Random, action: str) -> Manifest:
    key = random.choice(list(KEYS))
    kind = KEYS[key]
    if action == "CUSTOM" and kind in _NOT_FOR_CUSTOM:
        return {}
    condition: Manifest = {"key": random.choice(ODD_KEYS) if random.random() < 0.04 else key}
    if random.random() < 0.75:
        condition["values"] = _values(random, kind)
    if "values" not in condition or random.random() < 0.25:
        condition["notValues"] = _values(random, kind)
    return condition


def _values(random: Random, kind: str) -> list[str]:
    pool = list(VALUES[kind])
    found = random.sample(pool, random.choice([1, 1, 2, 2, 3]))
    if kind in BAD and random.random() < 0.06:
        found.append(random.choice(BAD[kind]))
    return found


class _Aim:
    """Makes calls whose parts lie near the values of some policies."""

    def __init__(self, random: Random, policies: Sequence[Manifest], *, tcp: bool) -> None:
        self._random = random
        self._tcp = tcp
        self._held: dict[str, list[str]] = {}
        for policy in policies:
            for rule in policy["spec"].get("rules", ()):
                self._gather(rule)

    def _gather(self, rule: Manifest) -> None:
        parts = [one["source"] for one in rule.get("from", ())]
        parts += [one["operation"] for one in rule.get("to", ())]
        for part in parts:
            for name, values in part.items():
                plain = name[3:4].lower() + name[4:] if name.startswith("not") else name
                self._held.setdefault(plain, []).extend(values)
        for one in rule.get("when", ()):
            for values in (one.get("values", ()), one.get("notValues", ())):
                self._held.setdefault(KEYS.get(one["key"], ""), []).extend(values)

    def calls(self, count: int) -> list[Call]:
        """As many calls, of which several share a connection."""
        wires = [self._wire() for _ in range(count if self._tcp else max(1, count // 8))]
        if self._tcp:
            return [Call(**wire, metadata=self._metadata(lists=False)) for wire in wires]
        return [Call(**(self._random.choice(wires) | self._request())) for _ in range(count)]

    def _near(self, kind: str, spare: Sequence[str] = ()) -> str:
        """A value of the kind with its wildcards filled, or a little beside it."""
        random = self._random
        pool = self._held.get(kind) or spare or VALUES[kind]
        value = random.choice(pool if random.random() < 0.8 else VALUES[kind])
        for operator in ("{**}", "{*}", "*"):
            while operator in value:
                value = value.replace(operator, random.choice(["", "x", "x/y", "b", "-2"]), 1)
        if random.random() < 0.6:
            return value
        changes: list[Callable[[str], str]] = [
            lambda text: text + "x",
            lambda text: "x" + text,
            lambda text: text[:-1],
            lambda text: text[1:],
            str.swapcase,
            str.upper,
            str.lower,
            lambda text: text + "/",
        ]
        return random.choice(changes)(value)

    def _wire(self) -> dict[str, Any]:
        random = self._random
        six = random.random() < 0.25
        return {
            "identity": self._identity(),
            "source_ip": random.choice(["127.0.0.1", "127.0.1.2", "127.0.1.3", "127.0.1.4", "127.1.0.0"]),
            "remote_ip": self._address(six) if self._tcp else "127.0.0.1",
            "destination_ip": self._address(six),
            "destination_port": random.choice(PORTS),
            "sni": self._server_name(),
        }

    def _address(self, six: bool) -> str:
        return self._random.choice(
            ["fd00::1", "fd00::2", "fe00::1", "::1"]
            if six
            else ["10.1.2.3", "10.1.2.4", "10.1.3.3", "10.2.0.1"]
        )

    def _identity(self) -> str | None:
        random = self._random
        kind = random.random()
        if kind < 0.2:
            return None
        if kind < 0.5:
            return self._near("principals") or None
        domain = self._near("trustDomains", DOMAINS) if random.random() < 0.4 else random.choice(DOMAINS)
        namespace = self._near("namespaces", NAMESPACES) if random.random() < 0.5 else "foo"
        account = (
            self._near("serviceAccounts", ACCOUNTS) if random.random() < 0.6 else random.choice(ACCOUNTS)
        )
        namespace, account = account.split("/", 1) if "/" in account else (namespace, account)
        between = random.choice([""] * 8 + ["x/", "/", "ns/foo/"])
        return f"{domain}/ns/{namespace}/{between}sa/{account}{random.choice([''] * 6 + ['/z', '/'])}"

    def _server_name(self) -> str | None:
        name = self._near("sni").strip("./")
        return name.replace("..", ".").replace("/", "") or None if self._random.random() < 0.4 else None

    def _request(self) -> dict[str, Any]:
        random = self._random
        method = "".join(char for char in self._near("methods") if char.isalpha())
        host = self._near("hosts").replace("/", "")
        return {
            "remote_ip": self._address(random.random() < 0.25) if random.random() < 0.7 else "127.0.0.1",
            "method": method if method not in ("", "CONNECT") else "GET",
            "host": host or "a.test",
            "path": self._path(),
            "headers": tuple(self._headers()),
            "claims": self._claims() if random.random() < 0.6 else None,
            "metadata": self._metadata(lists=True),
        }

    def _path(self) -> str:
        random = self._random
        path = "/" + self._near("paths").removeprefix("/").replace("?", "")
        if random.random() < 0.4:
            place = random.randrange(1, len(path) + 1)
            part = random.choice(["/", "//", "%2F", "%5c", "/../a", "/./", ";x", "%61", "\\", "%2e%2e/", "x"])
            path = path[:place] + part + path[place:]
        return path + random.choice([""] * 30 + ["?x", "?/a", "?a=/../b"] * 4 + ["#a", "%00"])

    def _headers(self) -> list[tuple[str, str]]:
        random = self._random
        names = [
            random.choice(["x-role", "X-Role", "x-other"]) for _ in range(random.choice([0, 1, 1, 2, 3]))
        ]
        return [(name, random.choice([self._near("headers"), self._near("headers"), ""])) for name in names]

    def _claims(self) -> dict[str, Any]:
        random = self._random
        issuer, slash, subject = self._near("requestPrincipals").rpartition("/")
        claims: dict[str, Any] = {"iss": issuer if slash else subject, "sub": subject if slash else ""}
        for name in ("iss", "sub"):
            if random.random() < 0.15:
                del claims[name]
        for name in ("role", "groups", "scope", "azp", "a"):
            if random.random() < 0.6:
                claims[name] = self._claim()
        if random.random() < 0.5:
            claims["a"] = {"b": self._claim()}
        if random.random() < 0.5:
            audience = self._near("claims")
            claims["aud"] = random.choice([audience, [audience, "x"]])
        return claims

    def _claim(self) -> Any:
        near = self._near("claims")
        return self._random.choice([near, near, [near], ["x", near], [], 1, True, {"x": near}, f"x {near}"])

    def _metadata(self, *, lists: bool) -> dict[str, dict[str, Any]]:
        if self._random.random() < 0.5:
            return {}
        owner, key = TCP_METADATA
        text = self._near("metadata").strip("[],|") or "exact"
        return {owner: {key: [text, "x"] if lists and self._random.random() < 0.5 else text}}
