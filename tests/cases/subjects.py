"""The codes of istioctl analyze and Kiali by their subject: each one has exactly one."""

from __future__ import annotations

TRAFFIC = frozenset(
    [
        "IST0101",
        "IST0109",
        "IST0110",
        "IST0111",
        "IST0112",
        "IST0118",
        "IST0130",
        "IST0131",
        "IST0132",
        "IST0134",
        "IST0138",
        "IST0140",
        "IST0145",
        "IST0149",
        "IST0159",
        "IST0160",
        "IST0161",
        "IST0162",
        "IST0173",
        "IST0174",
        "IST0177",
        "KIA0005",
        "KIA0203",
        "KIA1102",
        "KIA1105",
        "KIA1106",
        "KIA1107",
    ]
)
"""Where requests go: hosts, routes, subsets, gateways, ports."""

SECURITY = frozenset(
    [
        "IST0128",
        "IST0129",
        "IST0158",
        "IST0163",
        "IST0164",
        "IST0171",
        "IST0175",
        "KIA0105",
        "KIA0505",
        "KIA0506",
    ]
)
"""Who may call, and how calls are protected."""

SCHEMA = frozenset(["IST0002", "IST0176"])
"""Versions and fields."""

OTHER = {
    "IST0151": "order of patches of proxies (EnvoyFilter)",
    "IST0152": "operation of a patch of proxies (EnvoyFilter)",
    "IST0154": "operation of a patch of proxies (EnvoyFilter)",
    "IST0155": "order of patches of proxies (EnvoyFilter)",
}
"""Neither of them, with what they are about."""
