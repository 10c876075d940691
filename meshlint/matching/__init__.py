"""Which strings, addresses, ports and labels does a pattern admit? One exact set algebra, blind to kinds."""

from .addresses import AddressSet, address_problem, has_host_bits, without_zone
from .expressions import ISTIO_LONGEST_REGEX, re2_problem, rust_regex_problem
from .hosts import (
    HostIndex,
    gateway_hostnames,
    host_covers,
    host_intersection,
    host_specificity,
    hosts_overlap,
    is_wildcard,
)
from .istio_strings import (
    RequestPrincipal,
    Wildcard,
    in_trust_domains,
    is_path_template,
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
    istio_wildcard,
    ztunnel_namespace,
)
from .label_index import LabelIndex, SelectorIndex
from .labels import LabelSelector, SelectorDialect, selector_problems
from .linkerd_strings import linkerd_identity, linkerd_identity_problem
from .paths import request_path
from .ports import PortSet, port_number
from .regular import TooComplex
from .string_index import StringIndex
from .strings import StringSet, known
from .templates import template_problem

__all__ = [
    "ISTIO_LONGEST_REGEX",
    "AddressSet",
    "HostIndex",
    "LabelIndex",
    "LabelSelector",
    "PortSet",
    "RequestPrincipal",
    "SelectorDialect",
    "SelectorIndex",
    "StringIndex",
    "StringSet",
    "TooComplex",
    "Wildcard",
    "address_problem",
    "gateway_hostnames",
    "has_host_bits",
    "host_covers",
    "host_intersection",
    "host_specificity",
    "hosts_overlap",
    "in_trust_domains",
    "is_path_template",
    "is_wildcard",
    "istio_header",
    "istio_host",
    "istio_namespace",
    "istio_path",
    "istio_path_problem",
    "istio_request_principal",
    "istio_service_account",
    "istio_sni",
    "istio_string",
    "istio_trust_domain",
    "istio_wildcard",
    "known",
    "linkerd_identity",
    "linkerd_identity_problem",
    "port_number",
    "re2_problem",
    "request_path",
    "rust_regex_problem",
    "selector_problems",
    "template_problem",
    "without_zone",
    "ztunnel_namespace",
]
