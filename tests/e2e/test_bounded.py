"""Input that is made to take long beside benign input of its size, and configuration that leads elsewhere."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

from meshlint.api import Request, UsageError, check, check_texts
from meshlint.documents import ProblemKind, read
from meshlint.documents.nesting import MOST_VALUES
from meshlint.sources import SourceOptions, collect

_MOST_TIMES = 10
_AT_LEAST = 0.5
"""Seconds of the benign run: below, what every run takes alike counts for more than the input."""

MESHED = """\
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: till, namespace: shop}
spec:
  selector: {matchLabels: {app: till}}
  template:
    metadata: {labels: {app: till}}
    spec: {containers: [{name: main, image: "registry.example/till:1", ports: [{containerPort: 80}]}]}
---
"""
POLICY = """\
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: NAME, namespace: shop}
spec: {action: ACTION, rules: [RULE]}
"""
ROUTE = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: NAME, namespace: shop}
spec: {hosts: [a.example.com], gateways: [edge], http: [RULES]}
"""


def benign(size: int) -> str:
    """Plain manifests of about some number of characters."""
    one = (
        "apiVersion: v1\nkind: Service\nmetadata: {name: NAME, namespace: shop}\n"
        "spec: {selector: {app: NAME}, ports: [{name: http, port: 80, targetPort: 8080}]}\n"
    )
    return "---\n".join(one.replace("NAME", f"till-{number}") for number in range(size // len(one) + 1))


def words(count: int) -> list[str]:
    return [f"word{number}" for number in range(count)]


def alternation(count: int) -> str:
    pattern = "|".join(words(count))
    one = '{match: [{uri: {regex: "/(PATTERN)END"}}], route: [{destination: {host: a}}]}'
    rules = [one.replace("PATTERN", pattern).replace("END", end) for end in ("", "x?")]
    return ROUTE.replace("NAME", "a").replace("RULES", ", ".join(rules))


def blocks(start: int, count: int) -> str:
    numbers = range(start, start + 3 * count, 3)
    return ", ".join(f"10.{one >> 16}.{one >> 8 & 255}.{one & 255}/32" for one in numbers)


def addresses(count: int) -> str:
    own, barred, others = (blocks(start, count) for start in range(3))
    source = f"{{from: [{{source: {{ipBlocks: [{own}], notIpBlocks: [{barred}]}}}}]}}"
    other = f"{{from: [{{source: {{ipBlocks: [{others}]}}}}]}}"
    allow = POLICY.replace("NAME", "a").replace("ACTION", "ALLOW").replace("RULE", source)
    deny = POLICY.replace("NAME", "b").replace("ACTION", "DENY").replace("RULE", other)
    return f"{MESHED}{allow}---\n{deny}"


def paths(count: int) -> str:
    listed, barred = (", ".join(f"/{word}{end}" for word in words(count)) for end in ("*", ""))
    rule = f"{{to: [{{operation: {{paths: [{listed}], notPaths: [{barred}]}}}}]}}"
    return MESHED + POLICY.replace("NAME", "a").replace("ACTION", "ALLOW").replace("RULE", rule)


def suppressions(count: int) -> str:
    lines = (f"  # meshlint: ignore[NONE{number}] why\n  key{number}: v\n" for number in range(count))
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n" + "".join(lines)


def suppressions_in_a_row(count: int) -> str:
    lines = (f"# meshlint: ignore[MTLS001] why {number}\n" for number in range(count))
    return "".join(lines) + "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


def routes_of_one_host(count: int) -> str:
    rule = "{match: [{uri: {prefix: /PATH}}], route: [{destination: {host: NAME}}]}"
    one = ROUTE.replace("RULES", rule)
    routes = (one.replace("NAME", f"v{number}").replace("PATH", f"p{number % 50}") for number in range(count))
    return "---\n".join(routes)


def brackets(count: int) -> str:
    return "a: " + "[" * count


def seconds(text: str) -> float:
    start = process_time()
    check_texts({"a.yaml": text})
    return process_time() - start


HOSTILE = (
    (alternation, 20_000),
    (addresses, 20_000),
    (paths, 20_000),
    (suppressions, 50_000),
    (suppressions_in_a_row, 50_000),
    (routes_of_one_host, 600),
    (brackets, 16_000_000),
)


def _times(text: str) -> float:
    seconds(benign(1000))
    return seconds(text) / max(_AT_LEAST, seconds(benign(len(text))))


@pytest.mark.parametrize(("made", "count"), HOSTILE)
def test_no_input_takes_ten_times_as_long_as_a_benign_one(made: Callable[[int], str], count: int) -> None:
    assert _times(made(count // 8)) <= _MOST_TIMES


@pytest.mark.slow
@pytest.mark.parametrize(("made", "count"), HOSTILE)
def test_no_large_input_does(made: Callable[[int], str], count: int) -> None:
    assert _times(made(count)) <= _MOST_TIMES


def test_more_values_than_memory_should_hold_are_not_read() -> None:
    (problem,) = read("a.yaml", b"- []\n" * (MOST_VALUES + 1)).problems
    assert (problem.kind, problem.span.line) == (ProblemKind.TOO_LARGE, MOST_VALUES)
    assert read("a.yaml", b"a: {b: [c]}\n").problems == ()


def test_a_set_that_is_too_large_is_a_mistake_of_the_call(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.yaml").write_text("a: 1\n" * 10)
    whole = collect(["."], SourceOptions(tmp_path, max_total_bytes=200))
    cut = collect(["."], SourceOptions(tmp_path, max_total_bytes=60))
    assert (len(whole.files), whole.problems) == (3, ())
    assert len(cut.files) == 2
    assert "name fewer directories" in cut.problems[0]


def _repository(place: Path, config: str) -> Path:
    place.mkdir()
    subprocess.run(["git", "init", "-q", str(place)], check=True)
    (place / "meshlint.yaml").write_text(config)
    (place / "a.yaml").write_text(benign(100))
    return place


CRD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec: {group: example.com, names: {kind: Thing, plural: things}, scope: Namespaced, versions: [{name: v1,
  served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]}
"""


@pytest.mark.parametrize("path", ["..", "../crds", "/", "crds/../../crds", "../**/*.yaml", "link"])
@pytest.mark.parametrize("key", ["crds", "paths"])
def test_a_configuration_names_nothing_outside_of_its_repository(tmp_path: Path, key: str, path: str) -> None:
    (tmp_path / "crds").mkdir()
    (tmp_path / "crds" / "a.yaml").write_text(CRD)
    checked = _repository(tmp_path / "checked", f'{key}: ["{path}"]\n')
    (checked / "link").symlink_to(tmp_path / "crds")
    with pytest.raises(UsageError, match="leads out of the repository"):
        check(["a.yaml"], Request(directory=checked))
    # Whoever names the file has chosen it.
    named = Request(directory=checked, config=checked / "meshlint.yaml")
    if key == "crds" and path == "../crds":
        assert check(["a.yaml"], named).findings == ()


def test_a_configuration_is_no_link_to_a_file_elsewhere(tmp_path: Path) -> None:
    checked = _repository(tmp_path / "checked", "")
    (tmp_path / "secret.yaml").write_text("password: abc\n")
    (checked / "meshlint.yaml").unlink()
    (checked / "meshlint.yaml").symlink_to(tmp_path / "secret.yaml")
    with pytest.raises(UsageError) as told:
        check(["a.yaml"], Request(directory=checked))
    assert "leads out of its repository" in str(told.value)
    assert "password" not in str(told.value)


def test_definitions_are_no_links_to_files_elsewhere(tmp_path: Path) -> None:
    checked = _repository(tmp_path / "checked", "crds: [crds]\n")
    (checked / "crds").mkdir()
    (tmp_path / "secret.yaml").write_text(CRD)
    (checked / "crds" / "a.yaml").symlink_to(tmp_path / "secret.yaml")
    with pytest.raises(UsageError, match="no CustomResourceDefinition"):
        check(["a.yaml"], Request(directory=checked))
    (checked / "crds" / "b.yaml").write_text(CRD)
    assert check(["a.yaml"], Request(directory=checked)).findings == ()


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|aa)+$", "a*a*a*a*a*a*a*b", "^([a-z]+)*[0-9]$"])
def test_the_pattern_of_a_definition_does_not_explode(tmp_path: Path, pattern: str) -> None:
    checked = _repository(tmp_path / "checked", "crds: [crds]\n")
    (checked / "crds").mkdir()
    word = f"word: {{type: string, pattern: '{pattern}'}}"
    schema = f"schema: {{openAPIV3Schema: {{type: object, properties: {{{word}}}}}}}"
    (checked / "crds" / "a.yaml").write_text(CRD.replace("schema: {openAPIV3Schema: {type: object}}", schema))
    thing = f"apiVersion: example.com/v1\nkind: Thing\nmetadata: {{name: a}}\nword: {'a' * 3000}!\n"
    (checked / "a.yaml").write_text(thing)
    start = process_time()
    told = [one.rule for one in check(["a.yaml"], Request(directory=checked)).findings]
    assert told == ["SCHEMA005"]
    assert process_time() - start < _MOST_TIMES * _AT_LEAST


@pytest.mark.parametrize("number", [".nan", ".inf", "-.inf"])
def test_numbers_of_a_configuration_end(tmp_path: Path, number: str) -> None:
    checked = _repository(tmp_path / "checked", f"traffic:\n  rps: {number}\n")
    with pytest.raises(UsageError, match="must be a number that ends"):
        check(["a.yaml"], Request(directory=checked))
