"""What clients do on the way to a host: pools, outliers, balancing, TLS (Istio: `validateTrafficPolicy`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from meshlint.admission.istio.parts.localities import locality, zones
from meshlint.admission.istio.vocabulary import texts
from meshlint.admission.istio.vocabulary.messages import blank, exclusive, needs, needs_one, unique
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Declared, Said, Scene
from meshlint.admission.istio.vocabulary.values import (
    NOT_NEGATIVE,
    PERCENT,
    duration,
    duration_or_zero,
    mapping,
    number,
    one_of,
    port,
    readable_duration,
    text,
    within,
)
from meshlint.resources.schema.words.writing import quoted

LARGEST_TABLE: Final = 5_000_011
CONFIG_MAP: Final = "configmap://"
_POLICY: Final = (
    "outlierDetection",
    "connectionPool",
    "loadBalancer",
    "tls",
    "portLevelSettings",
    "tunnel",
    "proxyProtocol",
    "retryBudget",
)


def _both_protocols(value: Any, _: Scene) -> Iterator[Said]:
    if (
        text(value, "h2UpgradePolicy") == "UPGRADE"
        and mapping({"": value}, "").get("useClientProtocol") is True
    ):
        words = "upgrades to HTTP/2 and keeps the client's protocol"
        at, related = ("h2UpgradePolicy",), (("useClientProtocol",),)
        yield Said(
            Mistake.BOTH_PROTOCOLS,
            words,
            at,
            "Keep one of the two.",
            True,
            related=related,
        )


POOL: Declared = {
    "": needs_one("http", "tcp", what="an empty connection pool"),
    "http": {
        "": _both_protocols,
        "http1MaxPendingRequests": NOT_NEGATIVE,
        "http2MaxRequests": NOT_NEGATIVE,
        "maxRequestsPerConnection": NOT_NEGATIVE,
        "maxRetries": NOT_NEGATIVE,
        "maxConcurrentStreams": NOT_NEGATIVE,
        "idleTimeout": duration,
        "http2KeepAlive": {
            "": needs("interval", "timeout"),
            "interval": duration,
            "timeout": duration,
        },
    },
    "tcp": {
        "maxConnections": NOT_NEGATIVE,
        "connectTimeout": duration,
        "maxConnectionDuration": duration,
        "idleTimeout": duration_or_zero,
        "tcpKeepalive.time": duration,
        "tcpKeepalive.interval": duration,
    },
}


def _local_failures(value: Any, _: Scene) -> Iterator[Said]:
    if number(value, "consecutiveLocalOriginFailures") > 0 and not value.get(
        "splitExternalLocalOriginErrors"
    ):
        words = "counts local failures without telling them apart"
        hint = "Set `splitExternalLocalOriginErrors: true`."
        counted, split = "consecutiveLocalOriginFailures", "splitExternalLocalOriginErrors"
        at = (split,) if split in value else ()
        yield Said(Mistake.LOCAL_FAILURES, words, at, hint, on_key=True, related=((counted,),))


OUTLIERS: Declared = {
    "": _local_failures,
    "baseEjectionTime": duration,
    "interval": duration,
    "maxEjectionPercent": PERCENT,
    "minHealthPercent": PERCENT,
}


def _ring_sizes(value: Any, _: Scene) -> Iterator[Said]:
    if not number(value, "minimumRingSize"):
        return
    for name in ("ringHash", "maglev"):
        if value.get(name) is not None:
            words = f"sets both minimumRingSize and {name}"
            related = (("minimumRingSize",),)
            yield Said(Mistake.EXCLUSIVE, words, (name,), "Keep the second.", on_key=True, related=related)


def _table_size(value: Any, _: Scene) -> Iterator[Said]:
    size = int(number(value, "tableSize"))
    at = ("tableSize",) if isinstance(value, dict) and "tableSize" in value else ()
    if not size:
        yield Said(Mistake.TABLE_SIZE, "has a Maglev table of no size", at, "The default is 65537.")
    elif size >= LARGEST_TABLE or not _is_prime(size):
        words = (
            f"has a Maglev table of {size}, which is {'no prime' if size < LARGEST_TABLE else 'too large'}"
        )
        yield Said(Mistake.TABLE_SIZE, words, at, "The default is 65537.")


def _is_prime(size: int) -> bool:
    """As Envoy counts them, with 1."""
    return size > 0 and all(size % factor for factor in range(2, int(size**0.5) + 1))


def _empty_cookie(value: Any, _: Scene) -> Iterator[Said]:
    if isinstance(value, dict) and not text(value, "name"):
        at = ("name",) if "name" in value else ()
        yield Said(Mistake.MISSING, "has a cookie attribute without a name", at)


def _positive(value: Any, _: Scene) -> Iterator[Said]:
    if isinstance(value, int | float) and value <= 0:
        yield Said(Mistake.NUMBER, f"has {value} where a number above 0 belongs")


BALANCER: Declared = {
    "": exclusive("localityLbSetting", "zoneAwareLbSetting"),
    "consistentHash": {
        "": _ring_sizes,
        "httpCookie": {
            "": needs("name", hint="Name the cookie."),
            "ttl": readable_duration,
            "attributes": unique("name", what="the cookie attribute"),
            "attributes[]": _empty_cookie,
        },
        "maglev": _table_size,
    },
    "localityLbSetting": locality,
    "zoneAwareLbSetting": zones,
    "warmup": {
        "": needs("duration"),
        "duration": duration,
        "minimumPercent": within(0, 100),
        "aggression": _positive,
    },
}


def _config_map(value: Any, scene: Scene) -> Iterator[Said]:
    if not isinstance(value, str) or not value.startswith(CONFIG_MAP):
        return
    parts = value[len(CONFIG_MAP) :].split("/")
    if len(parts) < 2 or not parts[0] or not parts[1]:
        words = f"names {quoted(value)}, which is no ConfigMap"
        yield Said(Mistake.NAME, words, hint="Write configmap://namespace/name.")
    elif parts[0] != scene.namespace:
        words = f"names {quoted(value)}, a ConfigMap of another namespace"
        yield Said(Mistake.NAME, words, hint="Only ConfigMaps of the object's own namespace may be read.")


def _unverified(value: Any, _: Scene) -> Iterator[Said]:
    if not isinstance(value, dict) or value.get("insecureSkipVerify") is not True:
        return
    mode = text(value, "mode")
    names = {"SIMPLE": ["caCertificates", "credentialName"], "MUTUAL": ["caCertificates"]}.get(mode)
    if names is None:
        return
    given = next((name for name in names if text(value, name)), None)
    given = given or ("subjectAltNames" if value.get("subjectAltNames") else None)
    if given is not None:
        words = f"sets insecureSkipVerify and {given}, by which servers would be verified"
        related = (("insecureSkipVerify",),)
        yield Said(Mistake.EXCLUSIVE, words, (given,), "Keep one.", on_key=True, related=related)


def _credentials(value: Any, _: Scene) -> Iterator[Said]:
    mode = text(value, "mode")
    if text(value, "credentialName") and mode in ("SIMPLE", "MUTUAL"):
        for name in ("clientCertificate", "caCertificates", "privateKey", "caCrl"):
            if text(value, name):
                words = f"sets both credentialName and {name}"
                related = (("credentialName",),)
                yield Said(Mistake.EXCLUSIVE, words, (name,), "Keep one.", on_key=True, related=related)
                return
    elif mode == "MUTUAL":
        lacking = [name for name in ("clientCertificate", "privateKey") if not text(value, name)]
        if lacking:
            words = f"has mode MUTUAL without {' and '.join(lacking)}"
            at = (lacking[0],) if lacking[0] in value else ()
            hint = "Add it, or `credentialName`; mode ISTIO_MUTUAL brings the mesh's own."
            yield Said(Mistake.MISSING, words, at, hint, on_key=True)


CLIENT_TLS: Declared = {"": (_unverified, _credentials), "credentialName": _config_map}


def _tunnel_target(value: Any, _: Scene) -> Iterator[Said]:
    host = text(value, "targetHost")
    if isinstance(value, dict) and texts.host_problem(host) and not texts.is_address(host):
        at = ("targetHost",) if "targetHost" in value else ()
        yield Said(Mistake.HOST, f"tunnels to {quoted(host)}, which is neither host nor address", at)


def _tunnel_port(value: Any, scene: Scene) -> Iterator[Said]:
    if isinstance(value, dict) and blank(value.get("targetPort")):
        yield Said(Mistake.PORT, "tunnels to no port", ("targetPort",) if "targetPort" in value else ())
    elif isinstance(value, dict):
        for said in port(value["targetPort"], scene):
            yield Said(said.mistake, said.words, ("targetPort",), said.hint)


TUNNEL: Declared = {
    "": (_tunnel_target, _tunnel_port),
    "protocol": one_of(("CONNECT", "POST"), what="protocol of a tunnel"),
}


def _port_policy(value: Any, _: Scene) -> Iterator[Said]:
    if not isinstance(value, dict):
        return
    if value.get("port") is None:
        yield Said(Mistake.MISSING, "has settings of a port that name no port", hint="Set port.number.")
    if all(value.get(name) is None for name in _POLICY[:4]):
        yield Said(Mistake.EMPTY_POLICY, "has settings of a port that say nothing", on_key=True)


_COMMON: Declared = {
    "outlierDetection": OUTLIERS,
    "connectionPool": POOL,
    "loadBalancer": BALANCER,
    "tls": CLIENT_TLS,
}
TRAFFIC_POLICY: Declared = {
    **_COMMON,
    "": (
        needs_one(*_POLICY, mistake=Mistake.EMPTY_POLICY, what="an empty traffic policy"),
        exclusive("tunnel", "proxyProtocol"),
    ),
    "tunnel": TUNNEL,
    "retryBudget.budgetInterval": readable_duration,
    "portLevelSettings[]": {**_COMMON, "": _port_policy},
}
