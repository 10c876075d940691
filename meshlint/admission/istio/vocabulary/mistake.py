"""The mistakes that istiod's webhook speaks of, by what a user would call them: a rule tells each one."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Mistake(StrEnum):
    """What is wrong with a field, or with several of them, in the eyes of istiod's webhook."""

    HOST = "host"
    NAME = "name"
    LABEL = "label"
    PORT = "port"
    ADDRESS = "address"
    DURATION = "duration"
    HEADER = "header"
    NUMBER = "number"
    UNKNOWN_VALUE = "unknown-value"
    MISSING = "missing"
    EXCLUSIVE = "exclusive"
    UNSUPPORTED = "unsupported"
    TWICE = "twice"
    UNREADABLE = "unreadable"
    ANNOTATION = "annotation"
    PATCH = "patch"

    ROUTE_ACTION = "route-action"
    ROUTE_TEST = "route-test"
    STAR_HOST = "star-host"
    HOSTS_OVERLAP = "hosts-overlap"
    CLAIM = "claim"
    SNI = "sni"
    SNI_MISSING = "sni-missing"
    WEIGHT = "weight"
    WEIGHTS_ZERO = "weights-zero"
    RETRY_ON = "retry-on"
    RETRIES_OFF = "retries-off"
    TIMEOUT = "timeout"

    SERVER_HOST = "server-host"
    SERVER_PORT_NAME = "server-port-name"
    SERVER_TLS = "server-tls"
    CERTIFICATE = "certificate"
    REDIRECT = "redirect"
    OBJECT_NAME = "object-name"

    SUBSET_TWICE = "subset-twice"
    EMPTY_POLICY = "empty-policy"
    SELECTOR_EXPORTED = "selector-exported"
    LOCALITY_WEIGHTS = "locality-weights"
    TABLE_SIZE = "table-size"
    LOCAL_FAILURES = "local-failures"
    BOTH_PROTOCOLS = "both-protocols"

    ENTRY = "entry"
    ENTRY_PORT_TWICE = "entry-port-twice"
    LISTENER_ORDER = "listener-order"
    NOTHING_SAID = "nothing-said"
    LISTENER_HOST = "listener-host"

    POLICY_SHAPE = "policy-shape"
    POLICY_VALUE = "policy-value"
    POLICY_ACCOUNT = "policy-account"
    CUSTOM_IDENTITY = "custom-identity"

    IGNORED = "ignored"
    SELECTS_ALL = "selects-all"
    DOUBTFUL = "doubtful"
    STOPS_TCP = "stops-tcp"
    UNREACHED = "unreached"
    PATCH_DOUBTFUL = "patch-doubtful"
    ENVOY_FILTER = "envoy-filter"


GENERAL: Final = frozenset(
    {
        *(Mistake.HOST, Mistake.NAME, Mistake.LABEL, Mistake.PORT, Mistake.ADDRESS, Mistake.DURATION),
        *(Mistake.HEADER, Mistake.NUMBER, Mistake.UNKNOWN_VALUE, Mistake.MISSING, Mistake.EXCLUSIVE),
        *(Mistake.UNSUPPORTED, Mistake.TWICE, Mistake.UNREADABLE, Mistake.ANNOTATION, Mistake.PATCH),
    }
)
"""What is told in general terms, which a schema that refuses the same does as well."""
