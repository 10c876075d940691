"""Which strings, addresses, ports and labels does a pattern admit? One exact set algebra, blind to kinds."""

from .addresses import AddressSet, address_problem, has_host_bits
from .hosts import (
    HostIndex,
    gateway_hostnames,
    host_covers,
    host_intersection,
    host_specificity,
    hosts_overlap,
    is_wildcard,
)
from .label_index import LabelIndex, SelectorIndex
from .labels import LabelSelector, SelectorDialect, selector_problems
from .ports import PortSet, port_number

__all__ = [
    "AddressSet",
    "HostIndex",
    "LabelIndex",
    "LabelSelector",
    "PortSet",
    "SelectorDialect",
    "SelectorIndex",
    "address_problem",
    "gateway_hostnames",
    "has_host_bits",
    "host_covers",
    "host_intersection",
    "host_specificity",
    "hosts_overlap",
    "is_wildcard",
    "port_number",
    "selector_problems",
]
