"""Files that nobody should write: each ends as a finding or a note with a place, and the rest is analysed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.running import CLEAN, ERROR, Done, meshlint, write

_GIBIBYTE = 1024**3
_HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other\n"


def _bomb() -> str:
    levels = [f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    return _HEAD + "\n".join(["data:", "  a0: &a0 [x, x, x, x, x, x, x, x, x, x]", *levels, ""])


def _merge_bomb() -> str:
    levels = [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 12)]
    return _HEAD + "\n".join(["a0: &a0 {x: 1}", *levels, ""])


BROKEN: dict[str, tuple[str | bytes, str, int]] = {
    "alias bomb": (_bomb(), "HYGIENE006", 1),
    "bomb of merge keys": (_merge_bomb(), "HYGIENE006", 1),
    "alias of itself": (_HEAD + "data: &a [*a]\n", "HYGIENE006", 1),
    "deep flow": (_HEAD + "data: " + "[" * 10_000 + "]" * 10_000, "HYGIENE005", 5),
    "deep blocks": (_HEAD + "data:\n" + "".join(" " * n + "a:\n" for n in range(1, 2000)), "HYGIENE005", 205),
    "deep mappings": (_HEAD + 'data: {"a": ' * 1 + '{"a": ' * 10_000 + "}" * 10_001, "HYGIENE005", 5),
    "binary": (bytes(range(256)) * 20, "HYGIENE002", 2),
    "bad UTF-8": (_HEAD.encode() + b"data: {a: \xff\xfe}\n", "HYGIENE002", 5),
    "NUL": (_HEAD + 'data: {a: "x\0y"}\n', "HYGIENE002", 5),
    "tab": (_HEAD + "data:\n\ta: b\n", "HYGIENE003", 6),
    "merge conflict": (
        _HEAD + "<<<<<<< HEAD\ndata: {}\n=======\ndata: {a: b}\n>>>>>>> other\n",
        "HYGIENE004",
        5,
    ),
    "unclosed": (_HEAD + "data: {a: b\n", "HYGIENE001", 5),
    "duplicate key": (_HEAD + "data: {a: b, a: c}\n", "HYGIENE007", 5),
}

FINE: dict[str, bytes] = {
    "BOM": b"\xef\xbb\xbf" + ERROR.encode(),
    "CRLF": ERROR.replace("\n", "\r\n").encode(),
    "UTF-16 with BOM": ERROR.encode("utf-16"),
    "UTF-16, big end first": b"\xfe\xff" + ERROR.encode("utf-16-be"),
    "no newline at the end": ERROR.encode().rstrip(),
    "a comment before": b"# a comment\n---\n" + ERROR.encode(),
    "tabs between words": ERROR.replace(": ", ":\t").encode(),
}


def findings(done: Done) -> list[dict[str, Any]]:
    assert done.code in (0, 1), done.err
    found: list[dict[str, Any]] = json.loads(done.out)["findings"]
    return found


def places(done: Done) -> list[tuple[str, str, int]]:
    return [(one["rule"], one["location"]["file"], one["location"]["line"]) for one in findings(done)]


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_a_finding_and_the_rest_is_analysed(tmp_path: Path, case: str) -> None:
    content, rule, line = BROKEN[case]
    write(tmp_path, broken=content, good=ERROR)
    done = meshlint("check", "-o", "json", at=tmp_path, memory=_GIBIBYTE)
    assert ("SCHEMA009", "good.yaml", 1) in places(done)
    assert (rule, "broken.yaml", line) in places(done)
    assert "Traceback" not in done.err


@pytest.mark.parametrize("case", FINE)
def test_unusual_but_right_files_are_read(tmp_path: Path, case: str) -> None:
    done = meshlint("check", "-o", "json", at=write(tmp_path, a=FINE[case]))
    line = FINE[case].count(b"\n", 0, FINE[case].find(b"apiVersion")) + 1 if b"#" in FINE[case] else 1
    assert places(done) == [("SCHEMA009", "a.yaml", line)]


def test_fifty_megabytes_are_passed_over_within_bounded_memory(tmp_path: Path) -> None:
    with (tmp_path / "huge.yaml").open("w") as stream:
        chunk = _HEAD + "data:\n" + "".join(f"  key{n}: some value\n" for n in range(5000)) + "---\n"
        for _ in range(50 * 1024 * 1024 // len(chunk) + 1):
            stream.write(chunk)
    done = meshlint("check", "-o", "json", at=write(tmp_path, good=ERROR), memory=_GIBIBYTE // 2)
    assert set(places(done)) == {("SCHEMA009", "good.yaml", 1), ("HYGIENE009", "huge.yaml", 1)}
    assert "Not analysed: 1 file (too-large): huge.yaml" in done.err


def test_links_in_circles_end(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "up").symlink_to("..")
    (tmp_path / "here").symlink_to(".")
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    write(inner, a=ERROR)
    done = meshlint("check", "-o", "json", at=tmp_path)
    assert places(done) == [("SCHEMA009", "inner/a.yaml", 1)]


def test_links_to_nothing_are_told(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").symlink_to("nowhere.yaml")
    done = meshlint("check", "-o", "json", at=write(tmp_path, good=ERROR))
    assert ("HYGIENE010", "broken.yaml", 1) in places(done)


@pytest.mark.parametrize("named", [True, False])
def test_a_pipe_is_not_waited_for(tmp_path: Path, named: bool) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    paths = ("pipe.yaml", "good.yaml") if named else (".",)
    done = meshlint("check", "-o", "json", *paths, at=write(tmp_path, good=ERROR))
    assert set(places(done)) == {("SCHEMA009", "good.yaml", 1), ("HYGIENE010", "pipe.yaml", 1)}


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    write(tmp_path, good=ERROR, secret=CLEAN)
    (tmp_path / "secret.yaml").chmod(0)
    done = meshlint("check", "-o", "json", at=tmp_path)
    assert ("HYGIENE010", "secret.yaml", 1) in places(done)


def test_a_name_that_is_no_text_is_printable(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xff\n\x1b[31m.yaml"
    Path(os.fsdecode(name)).write_text(ERROR)
    for format_name in ("text", "json", "sarif", "github"):
        done = meshlint("check", "-o", format_name, at=tmp_path)
        assert done.code == 1, done.err
        assert "\x1b" not in done.out + done.err


_ODD: list[str] = ["[]", "{}", "1", "true", "text", "[1, {a: [b]}]", "null", "1e400", "2020-01-01", "''"]


@pytest.mark.parametrize("value", _ODD)
def test_values_of_any_type_anywhere_are_no_crash(tmp_path: Path, value: str) -> None:
    done = meshlint("check", "-o", "json", "--profile", "pedantic", at=write(tmp_path, a=_oddities(value)))
    assert "HYGIENE900" not in {one["rule"] for one in findings(done)}
    assert not any("crash" in one["message"].lower() for one in findings(done))


def _oddities(value: str) -> str:
    """Objects of many kinds, each with `value` in the place of every field that matters."""
    kinds = {
        "networking.istio.io/v1/VirtualService": ("hosts", "http", "tcp", "tls", "gateways", "exportTo"),
        "networking.istio.io/v1/DestinationRule": ("host", "subsets", "trafficPolicy", "exportTo"),
        "networking.istio.io/v1/Gateway": ("servers", "selector"),
        "networking.istio.io/v1/ServiceEntry": ("hosts", "ports", "endpoints", "workloadSelector"),
        "networking.istio.io/v1/Sidecar": ("egress", "ingress", "workloadSelector"),
        "security.istio.io/v1/PeerAuthentication": ("mtls", "portLevelMtls", "selector"),
        "security.istio.io/v1/AuthorizationPolicy": ("rules", "action", "selector", "targetRefs"),
        "security.istio.io/v1/RequestAuthentication": ("jwtRules", "selector"),
        "telemetry.istio.io/v1/Telemetry": ("tracing", "metrics", "accessLogging"),
        "policy.linkerd.io/v1beta3/Server": ("podSelector", "port", "proxyProtocol", "accessPolicy"),
        "policy.linkerd.io/v1alpha1/AuthorizationPolicy": ("targetRef", "requiredAuthenticationRefs"),
        "policy.linkerd.io/v1alpha1/MeshTLSAuthentication": ("identities", "identityRefs"),
        "policy.linkerd.io/v1alpha1/NetworkAuthentication": ("networks",),
        "linkerd.io/v1alpha2/ServiceProfile": ("routes", "dstOverrides", "retryBudget"),
        "gateway.networking.k8s.io/v1/Gateway": ("listeners", "gatewayClassName", "addresses"),
        "gateway.networking.k8s.io/v1/HTTPRoute": ("parentRefs", "rules", "hostnames"),
        "gateway.networking.k8s.io/v1beta1/ReferenceGrant": ("from", "to"),
        "split.smi-spec.io/v1alpha2/TrafficSplit": ("service", "backends"),
        "v1/Service": ("ports", "selector", "type", "externalName"),
        "apps/v1/Deployment": ("template", "selector", "replicas"),
        "batch/v1/CronJob": ("jobTemplate",),
    }
    documents = []
    for number, (name, fields) in enumerate(kinds.items()):
        version, _, kind = name.rpartition("/")
        spec = "".join(f"  {field}: {value}\n" for field in fields)
        head = f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: odd-{number}, namespace: shop}}\n"
        documents.append(f"{head}spec:\n{spec}")
        documents.append(f"apiVersion: {version}\nkind: {kind}\nmetadata: {value}\nspec: {value}\n")
    return "---\n".join(documents)
