"""Every annotation that configures Linkerd's proxy: what it takes, and whether a namespace passes it on.

(Linkerd: annotations of the proxy injector.)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final

from attrs import frozen

from meshlint.matching import address_problem
from meshlint.resources.kubernetes.quantity import quantity
from meshlint.resources.schema.formats import go_duration
from meshlint.security.linkerd_ports import port_list

Fault = Callable[[str], str | None]


@frozen
class Setting:
    """What an annotation takes, as a function that says what is wrong with a value, or None."""

    fault: Fault
    is_inherited: bool = True
    """Whether pods take it over from their namespace."""


def _any(_text: str) -> str | None:
    return None


def _one_of(*words: str) -> Fault:
    return lambda text: None if text in words else f"is none of {', '.join(filter(None, words))}"


def _truth(text: str) -> str | None:
    known = ("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False")
    return None if text in known else "is neither true nor false"


def _number(text: str) -> str | None:
    return None if text.lstrip("-").isdecimal() and text.isascii() else "is no whole number"


def _amount(text: str) -> str | None:
    return None if quantity(text) is not None else "is no quantity"


def _time(text: str) -> str | None:
    return None if go_duration(text) is not None else "is no duration such as 10s"


def _ports(text: str) -> str | None:
    bad = port_list(text).unreadable
    return f"holds '{bad[0]}', which is neither a port nor a range" if bad else None


def _networks(text: str) -> str | None:
    parts = (part.strip() for part in text.split(","))
    return next(
        (f"holds '{one}', which {why}" for one in parts if one and (why := address_problem(one))), None
    )


def _ratio(text: str) -> str | None:
    try:
        return None if 0 < float(text) < 1 else "does not lie between 0 and 1"
    except ValueError:
        return "is no number"


def _variables(text: str) -> str | None:
    try:
        return None if isinstance(json.loads(text), list) else "is no list in JSON"
    except (ValueError, RecursionError):
        return "is no list in JSON"


_TEXT = Setting(_any)
_TRUTH = Setting(_truth)
_TIME = Setting(_time)
_AMOUNT = Setting(_amount)
_NUMBER = Setting(_number)
_PORTS = Setting(_ports)
_SWITCH = Setting(_one_of("enabled", "disabled"))

_NAMES: Mapping[str, Setting] = {
    "access-log": Setting(_one_of("", "apache", "json")),
    "admin-port": _NUMBER,
    "close-wait-timeout": Setting(_time, is_inherited=False),
    "control-port": _NUMBER,
    "debug-image": Setting(_any, is_inherited=False),
    "debug-image-pull-policy": Setting(_any, is_inherited=False),
    "debug-image-version": Setting(_any, is_inherited=False),
    "default-inbound-policy": _TEXT,
    "enable-debug-sidecar": _TRUTH,
    "enable-external-profiles": _TRUTH,
    "enable-gateway": Setting(_truth, is_inherited=False),
    "image-pull-policy": _TEXT,
    "inbound-port": _NUMBER,
    "opaque-ports": _TEXT,
    "outbound-port": _NUMBER,
    "pod-inbound-ports": _TEXT,
    "proxy-additional-env": Setting(_variables),
    "proxy-admin-shutdown": _SWITCH,
    "proxy-await": _SWITCH,
    "proxy-cpu-limit": _AMOUNT,
    "proxy-cpu-ratio-limit": Setting(_ratio, is_inherited=False),
    "proxy-cpu-request": _AMOUNT,
    "proxy-disable-inbound-protocol-detect-timeout": _TRUTH,
    "proxy-disable-outbound-protocol-detect-timeout": _TRUTH,
    "proxy-enable-native-sidecar": _TRUTH,
    "proxy-ephemeral-storage-limit": _AMOUNT,
    "proxy-ephemeral-storage-request": _AMOUNT,
    "proxy-gid": _NUMBER,
    "proxy-image": _TEXT,
    "proxy-inbound-connect-timeout": _TIME,
    "proxy-inbound-discovery-cache-unused-timeout": _TIME,
    "proxy-log-format": Setting(_one_of("plain", "json")),
    "proxy-log-http-headers": _TEXT,
    "proxy-log-level": _TEXT,
    "proxy-memory-limit": _AMOUNT,
    "proxy-memory-request": _AMOUNT,
    "proxy-metrics-hostname-labels": _TRUTH,
    "proxy-outbound-connect-timeout": _TIME,
    "proxy-outbound-discovery-cache-unused-timeout": _TIME,
    "proxy-require-identity-inbound-ports": _PORTS,
    "proxy-uid": _NUMBER,
    "proxy-version": _TEXT,
    "shutdown-grace-period": _TIME,
    "skip-inbound-ports": _PORTS,
    "skip-outbound-ports": _PORTS,
    "skip-subnets": Setting(_networks),
}

KNOWN: Final[Mapping[str, Setting]] = {
    **{f"config.linkerd.io/{name}": setting for name, setting in _NAMES.items()},
    "config.alpha.linkerd.io/proxy-enable-native-sidecar": _TRUTH,
    "config.alpha.linkerd.io/proxy-wait-before-exit-seconds": _NUMBER,
    "config.beta.linkerd.io/proxy-enable-native-sidecar": Setting(_truth, is_inherited=False),
}
"""The annotations that the injector knows."""

REMOVED: Final[Mapping[str, str]] = {
    "config.linkerd.io/init-image": "The init container runs the proxy's own image.",
    "config.linkerd.io/init-image-version": "The init container runs the proxy's own image.",
    "config.linkerd.io/disable-identity": "Identity cannot be turned off any more.",
    "config.linkerd.io/debug": "It is called `config.linkerd.io/enable-debug-sidecar`.",
    "config.linkerd.io/disable-tap": "It is called `viz.linkerd.io/disable-tap`.",
    "config.linkerd.io/trace-collector": "Tracing is set for the control plane.",
    "config.alpha.linkerd.io/trace-collector-service-account": "Tracing is set for the control plane.",
    "config.alpha.linkerd.io/proxy-enable-native-sidecar": "It is called "
    "`config.linkerd.io/proxy-enable-native-sidecar`.",
    "config.beta.linkerd.io/proxy-enable-native-sidecar": "It is called "
    "`config.linkerd.io/proxy-enable-native-sidecar`.",
}
"""Annotations of earlier releases, and what became of them."""
