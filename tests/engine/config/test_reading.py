from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from meshlint.engine.config import Config, Ignore, config_of, find_config, read_config
from meshlint.engine.plan import Selection
from meshlint.engine.rule import Parameter, Profile, Severity
from meshlint.engine.usage import UsageError
from tests.engine.worlds import catalogue, rule

YAML = """\
select: [MTLS, weights]
extend-select: [one-way-tls]
ignore: [MTLS003]
profile: strict
severity:
  ROUTE001: info
  MTLS002: off
rules:
  weights: {tolerance: 2}
fail-on: error
group-after: 5
paths: [k8s]
exclude: [old/]
crds: [crds]
assume: complete
external:
  hosts: ["*.example.com"]
mesh:
  root-namespace: mesh-root
versions:
  istio: "1.27"
ignores:
  - rules: [MTLS001]
    reason: moves next month
    kind: Service
    namespace: shop
    name: "cart-*"
    path: apps/
    expires: 2026-12-31
traffic:
  rps: 100
"""
TOML = """\
[project]
name = "shop"
profile = "not ours"

[tool.meshlint]
select = ["MTLS", "weights"]
extend-select = ["one-way-tls"]
ignore = ["MTLS003"]
profile = "strict"
fail-on = "error"
group-after = 5
paths = ["k8s"]
exclude = ["old/"]
crds = ["crds"]
assume = "complete"
external.hosts = ["*.example.com"]
mesh.root-namespace = "mesh-root"
versions.istio = "1.27"
traffic.rps = 100

[tool.meshlint.severity]
ROUTE001 = "info"
MTLS002 = "off"

[tool.meshlint.rules]
weights = {tolerance = 2}

[[tool.meshlint.ignores]]
rules = ["MTLS001"]
reason = "moves next month"
kind = "Service"
namespace = "shop"
name = "cart-*"
path = "apps/"
expires = 2026-12-31
"""


def read_as(directory: Path, name: str, text: str) -> Config:
    path = directory / name
    path.write_text(text, encoding="utf-8")
    return read_config(path, name)


@pytest.mark.parametrize(("name", "text"), [("meshlint.yaml", YAML), ("pyproject.toml", TOML)])
def test_everything_that_may_be_said(tmp_path: Path, name: str, text: str) -> None:
    config = read_as(tmp_path, name, text)
    assert config.selection == Selection(
        select=("MTLS", "weights"),
        extend_select=("one-way-tls",),
        ignore=("MTLS003",),
        profile=Profile.STRICT,
        severity={"ROUTE001": "info", "MTLS002": "off"},
        parameters={"weights": {"tolerance": 2}},
    )
    assert (config.fail_on, config.group_after, config.assume_complete) == (Severity.ERROR, 5, True)
    assert (config.paths, config.exclude, config.crds) == (("k8s",), ("old/",), ("crds",))
    assert config.external == {"hosts": ("*.example.com",)}
    assert (config.mesh, config.versions) == ({"root-namespace": "mesh-root"}, {"istio": "1.27"})
    assert config.traffic == {"rps": 100}
    (ignore,) = config.ignores
    line = next(n for n, line in enumerate(text.splitlines(), 1) if "MTLS001" in line)
    assert (ignore.place.file, ignore.place.span.line) in ((name, line), (name, line - 1))
    assert (ignore.rules, ignore.reason) == (("MTLS001",), "moves next month")
    assert (ignore.kind, ignore.namespace, ignore.name, ignore.path) == ("Service", "shop", "cart-*", "apps/")
    assert ignore.expires == date(2026, 12, 31)
    assert config.directory == tmp_path.resolve()
    assert config.source is not None
    assert config.source.content == text


def test_nothing_said_gives_the_defaults(tmp_path: Path) -> None:
    assert config_of({}) == Config()
    for name, text in [
        ("meshlint.yaml", "# nothing\n"),
        ("a.yaml", "---\n"),
        ("pyproject.toml", "tool = 1\n"),
    ]:
        assert read_as(tmp_path, name, text).selection == Selection()
    assert config_of({"fail-on": "never"}).fail_on is None


def test_an_ignore_without_patterns_fits_everything() -> None:
    (ignore,) = config_of({"ignores": [{"rules": ["ALL"], "reason": "x"}]}).ignores
    assert (ignore.kind, ignore.path, ignore.expires) == ("*", "", None)
    assert Ignore(("X",), "y").place.file == ""


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        (
            "meshlint.yaml",
            "profile: strict\nseletc: []\n",
            'meshlint.yaml:2: "seletc" is no known key. Did you',
        ),
        (
            "meshlint.yaml",
            "mesh:\n  linkerd:\n    namspace: x\n",
            'meshlint.yaml:3: "mesh.linkerd.namspace" is',
        ),
        ("meshlint.yaml", "ignores:\n  - reason: x\n", 'meshlint.yaml:2: "ignores[0]" needs the key "rules"'),
        ("meshlint.yaml", "select:\n  - MTLS\n  - 7\n", 'meshlint.yaml:3: "select[1]" must be a text'),
        ("meshlint.yaml", "a: 1\na: 2\n", 'meshlint.yaml:2: The key "a" stands twice'),
        ("meshlint.yaml", "a: [\n", "meshlint.yaml:1: "),
        (
            "meshlint.yaml",
            "profile: strict\n---\nprofile: strict\n",
            "meshlint.yaml:3: A configuration file holds one",
        ),
        ("meshlint.yaml", "profile: {{ .Values.profile }}\n", "meshlint.yaml: This is a template"),
        ("meshlint.yaml", "- a\n", "meshlint.yaml:1: The configuration must be a mapping"),
        ("pyproject.toml", "[tool.meshlint\n", "pyproject.toml: This is not TOML"),
        ("pyproject.toml", "x = '\xff", "pyproject.toml: This is not TOML"),
        ("pyproject.toml", "[tool]\nmeshlint = 1\n", "pyproject.toml:1: The configuration must be a mapping"),
        (
            "pyproject.toml",
            "[project]\nseletc = 1\n\n[tool.meshlint]\nprofile = 'strict'\nseletc = 1\n",
            'pyproject.toml:6: "seletc" is no known key',
        ),
        (
            "pyproject.toml",
            "[tool.meshlint]\nmesh.linkerd.namspace = 'x'\n",
            'pyproject.toml:2: "mesh.linkerd.namspace" is no known key',
        ),
        (
            "pyproject.toml",
            "[tool.meshlint.mesh.linkerd]\nnamspace = 'x'\n",
            'pyproject.toml:2: "mesh.linkerd.namspace" is no known key',
        ),
        (
            "pyproject.toml",
            "[tool.meshlint]\nmesh = {\"linkerd\" = {namspace = 'x'}}\n",
            'pyproject.toml:1: "mesh.linkerd.namspace" is no known key',
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, name: str, text: str, told: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_as(tmp_path, name, text)
    assert str(raised.value).startswith(told)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        read_as(tmp_path, "meshlint.yaml", "profile: x\nfail-on: y\n")
    assert [mistake.line for mistake in raised.value.mistakes] == [1, 2]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_config(tmp_path / "nowhere.yaml", "nowhere.yaml")


def test_the_nearest_file_up_to_the_git_root_counts(tmp_path: Path) -> None:
    outside, root = tmp_path / "meshlint.yaml", tmp_path / "repo"
    inner, other = root / "apps" / "shop", root / "apps" / "billing"
    for directory in (inner, other, root / ".git"):
        directory.mkdir(parents=True)
    outside.write_text("profile: strict\n")
    assert find_config([inner]) is None

    project = root / "pyproject.toml"
    project.write_text("[project]\nname = 'shop'\n")
    assert find_config([inner]) is None
    project.write_text("[tool.meshlint]\n")
    assert find_config([inner]) == project
    project.write_text("[tool.meshlint]\nbroken =\n")
    assert find_config([inner]) == project
    project.write_text("meshlint broken =\n")
    assert find_config([inner]) is None
    project.write_text("tool = 'meshlint'\n")
    assert find_config([inner]) is None

    hidden = root / "apps" / ".meshlint.yaml"
    hidden.write_text("profile: strict\n")
    assert find_config([inner, other]) == hidden
    plain = root / "apps" / "meshlint.yaml"
    plain.write_text("profile: strict\n")
    assert find_config([inner]) == plain
    nearest = inner / "meshlint.yaml"
    nearest.write_text("profile: strict\n")
    assert find_config([inner / "cart.yaml"]) == nearest
    assert find_config([inner, other]) == plain
    assert find_config([inner / "cart.yaml", inner]) == nearest


def test_without_targets_the_search_begins_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "meshlint.yaml").write_text("profile: strict\n")
    monkeypatch.chdir(tmp_path)
    assert find_config([]) == tmp_path / "meshlint.yaml"


def test_the_search_ends_at_the_root_of_the_file_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "is_file", lambda _: False)
    monkeypatch.setattr(Path, "exists", lambda _: False)
    assert find_config([Path("/nowhere/at/all")]) is None


def test_words_that_name_no_rule_are_told_with_their_line(tmp_path: Path) -> None:
    rules = catalogue(
        rule("MTLS001", "plain-text", parameters=(Parameter("limit", "integer", 3, "how many"),))
    )
    path = tmp_path / "meshlint.yaml"
    path.write_text(
        "select: [MTLS]\n"
        "ignore:\n"
        "  - MTLS001\n"
        "  - plain-txt\n"
        "severity:\n"
        "  MTLS001: off\n"
        "  MTSL: error\n"
        "rules:\n"
        "  plain-text:\n"
        "    limit: many\n"
        "ignores:\n"
        "  - {rules: [NOPE], reason: becomes a finding}\n"
    )
    with pytest.raises(UsageError) as raised:
        read_config(path, "meshlint.yaml", rules)
    assert [str(mistake) for mistake in raised.value.mistakes] == [
        'meshlint.yaml:4: ignore: "plain-txt" names no rule. Did you mean "plain-text"?',
        'meshlint.yaml:7: severity: "MTSL" names no rule. Did you mean "MTLS"?',
        'meshlint.yaml:10: rules: the parameter "limit" of MTLS001 (plain-text) must be a whole number',
    ]
    path.write_text("select: [MTLS]\nrules: {MTLS001: {limit: 2}}\n")
    assert read_config(path, "meshlint.yaml", rules).selection.select == ("MTLS",)
