"""Our translation of policies gives the verdicts that the filters of istiod itself gave in a real Envoy."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.oracle.authz.call import Call
from tests.oracle.authz.judge import FORBIDDEN, PASSED, Case, needs_addresses, verdicts
from tests.oracle.authz.rbac import Place
from tests.shared import SHARED, needs_shared

pytestmark = [needs_shared, needs_addresses]
ENVOY = SHARED / "cases" / "envoy"
Row = dict[str, Any]

BROKEN = frozenset({"custom-bad-invalid-config", "custom-bad-multiple-providers"})
"""Sets whose external provider cannot be asked, so that what CUSTOM matches is denied."""


def rows(chain: str, every: int) -> list[Row]:
    lines = (ENVOY / f"authz-{chain}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines[::every]]


class Sources:
    """Addresses of callers as ones of the loopback network, with the same blocks from /16 on."""

    def __init__(self) -> None:
        self._known: dict[bytes, int] = {}

    def __call__(self, address: str) -> str:
        text, slash, length = address.partition("/")
        assert not slash or int(length) >= 16
        packed = ipaddress.ip_address(text).packed
        second = self._known.setdefault(packed[:2], len(self._known) + 1)
        return f"127.{second}.{packed[2]}.{packed[3]}{slash}{length}"


@cache
def _policies(chain: str, name: str) -> tuple[Mapping[str, Any], ...]:
    text = (ENVOY / "inputs" / f"{chain}-{name}").read_text(encoding="utf-8")
    return tuple(one for one in yaml.safe_load_all(text) if one)


def _moved(policy: Any, sources: Sources, *, is_source: bool = False) -> Any:
    """The policy with the addresses of its callers moved."""
    if isinstance(policy, list):
        return [_moved(one, sources, is_source=is_source) for one in policy]
    if not isinstance(policy, dict):
        return sources(policy) if is_source else policy
    keyed = policy.get("key") == "source.ip"
    return {
        key: _moved(
            value,
            sources,
            is_source=key in ("ipBlocks", "notIpBlocks") or (keyed and key in ("values", "notValues")),
        )
        for key, value in policy.items()
    }


def _call(row: Row, sources: Sources) -> Call | None:
    """The row's call; None where it has blanks that HTTP/1.1 takes off, or a name that Python refuses."""
    asked = row["request"]
    sni = asked["sni"] or ("unnamed" if asked["transport"] != "plaintext" else None)
    headers = tuple(
        (name, value)
        for name, held in (asked["headers"] or {}).items()
        for value in ([held] if isinstance(held, str) else held)
    )
    if (asked["sni"] or "").startswith(".") or any(value != value.strip() for _, value in headers):
        return None
    source = sources(asked["source_ip"])
    return Call(
        identity=asked["source_principal"] if asked["transport"] == "mtls" else None,
        source_ip=source,
        remote_ip=source if asked["remote_ip"] == asked["source_ip"] else asked["remote_ip"],
        destination_ip=asked["destination_ip"],
        destination_port=asked["destination_port"],
        sni=sni,
        host=asked["host"] or "",
        method=asked["method"] or "",
        path=asked["path"] or "",
        headers=headers,
        claims=asked["jwt"],
        metadata=asked.get("dynamic_metadata") or {},
    )


def _cases(chain: str, every: int) -> Iterator[tuple[Case, list[Row]]]:
    """The recorded rows of each policy set, in one case for each answer of the external provider."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows(chain, every):
        key = (row["case"], json.dumps(row["workload"]), row.get("ext_authz_answer") or "")
        groups.setdefault(key, []).append(row)
    for (name, _, answer), group in groups.items():
        sources = Sources()
        pairs = [(row, call) for row in group if (call := _call(row, sources)) is not None]
        held = [_moved(policy, sources) for policy in _policies(chain, group[0]["policies"].split("/")[-1])]
        providers = (group[0].get("mesh_config") or {}).get("extensionProviders", ())
        if chain == "tcp" and any("envoyExtAuthzHttp" in one for one in providers):
            held = [one for one in held if one["spec"].get("action") != "CUSTOM"]
        yield (
            Case(
                policies=tuple(held),
                calls=tuple(call for _, call in pairs),
                tcp=chain == "tcp",
                place=_place(group[0]["workload"]),
                provider_allows=answer != "deny" and name not in BROKEN,
            ),
            [row for row, _ in pairs],
        )


def _place(workload: Row) -> Place:
    domain = workload["trust_domain"] or "cluster.local"
    return Place(
        namespace=workload["namespace"],
        labels=tuple(workload["labels"].items()),
        domains=(domain, *workload["trust_domain_aliases"]),
    )


def _compare(chain: str, directory: Path, every: int = 1) -> int:
    held = list(_cases(chain, every))
    wrong, asked = [], 0
    for (_, expected), statuses in zip(held, verdicts([case for case, _ in held], directory), strict=True):
        for row, status in zip(expected, statuses, strict=True):
            asked += 1
            if status != (PASSED if row["verdict"] == "allow" else FORBIDDEN):
                wrong.append((row["case"], row["verdict"], status, row["request"]))
    assert wrong == []
    return asked


@pytest.mark.parametrize("chain", ["http", "tcp"])
def test_a_sample_of_the_recorded_verdicts_is_given_again(chain: str, tmp_path: Path) -> None:
    assert _compare(chain, tmp_path, every=7) > 100


@pytest.mark.oracle
@pytest.mark.parametrize(("chain", "fewest"), [("http", 3600), ("tcp", 950)])
def test_every_recorded_verdict_is_given_again(chain: str, fewest: int, tmp_path: Path) -> None:
    assert _compare(chain, tmp_path) > fewest
