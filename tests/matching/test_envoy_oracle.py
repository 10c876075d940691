"""Expressions, templates and paths against a real Envoy."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from meshlint.matching import StringSet, known, re2_problem, request_path, template_problem
from tests.envoy import accepts, direct, needs_envoy, running

from .test_regex import REFUSED

pytestmark = [pytest.mark.oracle, needs_envoy]

_PLAIN_ATOMS = r"a b B 1 - \. . \d \w \s \W [ab] [^a] [a-b_-] [\d.] [^\w] \b \B ^ $ (?:) \x61 []a]"
_PLAIN_ATOMS += r" é \pL \PL \141 \A \z"
_ATOMS = _PLAIN_ATOMS.split()
_ATOMS += ["[[:alpha:]]", "[[:^alpha:]]", r"\Qa.\E", "(?i:k)", "(?i:[^k])", r"(?i:\W)"]
_COUNTS = ["*", "+", "?", "*?", "{2}", "{1,}", "{0,2}", "{1,3}?"]
_TEMPLATE = "envoy.path.match.uri_template.uri_template_matcher"
_TEMPLATE_TYPE = "type.googleapis.com/envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig"


def _pattern(random: Random, depth: int = 3) -> str:
    kind = random.random()
    if depth == 0 or kind < 0.3:
        return random.choice(_ATOMS)
    if kind < 0.6:
        return "".join(_pattern(random, depth - 1) for _ in range(random.randint(1, 3)))
    if kind < 0.75:
        return f"(?:{_pattern(random, depth - 1)}|{_pattern(random, depth - 1)})"
    if kind < 0.92:
        return f"(?:{_pattern(random, depth - 1)}){random.choice(_COUNTS)}"
    return f"(?{random.choice('ismU')}:{_pattern(random, depth - 1)})"


def _header_values(random: Random, held: StringSet) -> list[bytes]:
    """Aim at the border of the set; leave out what cannot be sent as the value of a header."""
    found = [known(held.example), known((~held).example), "", "a", "b"]
    found += ["".join(random.choices("abBkKA_-1. é%~", k=random.randint(0, 6))) for _ in range(6)]
    sent = (text.encode("utf-8", "surrogateescape") for text in found if text is not None)
    return [value for value in sent if value == value.strip() and not set(value) & {*range(32), 127}]


@pytest.mark.parametrize("seed", range(3))
def test_expressions_match_as_in_envoy(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    patterns = [pattern for pattern in (_pattern(random) for _ in range(300)) if len(pattern) < 100]
    matches = [
        {
            "prefix": f"/{place}/",
            "headers": [{"name": "v", "string_match": {"safe_regex": {"regex": pattern}}}],
        }
        for place, pattern in enumerate(patterns)
    ]
    routes = [*(direct(match, "hit") for match in matches), direct({"prefix": "/"}, "none")]
    asked, wrong = 0, []
    with running(routes, tmp_path) as client:
        for place, pattern in enumerate(patterns):
            held = StringSet.regex(pattern)
            for value in _header_values(random, held):
                reply = client.get(b"/%d/" % place, [(b"v", value)])
                asked += 1
                if (reply.body == "hit") is not held.admits(value.decode("utf-8", "surrogateescape")):
                    wrong.append((pattern, value, reply))
    assert asked > 2000
    assert wrong == []


# Go refuses these, and so Istio's admission does, while Envoy alone would take them.
_GO_ONLY = {"a{99999999999}", "(?P<a>x)(?P<a>y)"}


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in REFUSED if pattern not in _GO_ONLY])
def test_envoy_refuses_what_is_refused(pattern: str, tmp_path: Path) -> None:
    assert re2_problem(pattern)
    assert not accepts([direct({"safe_regex": {"regex": pattern}}, "hit")], tmp_path)


def _template(text: str) -> dict[str, object]:
    return {
        "path_match_policy": {
            "name": _TEMPLATE,
            "typed_config": {"@type": _TEMPLATE_TYPE, "path_template": text},
        }
    }


_TEMPLATES = [
    "/a/*",
    "/a/**",
    "/a/*/b",
    "/**/b",
    "/*",
    "/**",
    "/*/",
    "/a/*.js",
    "/a/**.js",
    "/ab*",
    "/a/***",
    "/a.b/*",
]
_SEGMENTS = ["a", "b", "x.js", ".js", "a.b", "axb", "", "%2F", "[", "*", "{*}", "a;b", "a=b", "%20", "^"]


def test_templates_match_as_in_envoy(tmp_path: Path) -> None:
    random = Random(1)
    wrong = []
    for template in _TEMPLATES:
        with running(
            [direct(_template(template), "hit"), direct({"prefix": "/"}, "none")], tmp_path
        ) as client:
            for _ in range(80):
                target = "/" + "/".join(random.choices(_SEGMENTS, k=random.randint(1, 4)))
                path = request_path(target)
                reply = client.get(target.encode())
                if (reply.body == "hit") is not (
                    path is not None and StringSet.template(template).admits(path)
                ):
                    wrong.append((template, target, reply))
    assert wrong == []


@pytest.mark.parametrize(
    "template",
    [
        "/",
        "//",
        "/a//b",
        "/a/",
        "/*/",
        "a/b",
        "/**/*",
        "/**/a/**",
        "/*/**/a",
        "/[x",
        "/a=b",
        "/a^b",
        "/*.js",
        "/*.js/a",
    ],
)
def test_envoy_refuses_the_same_templates(template: str, tmp_path: Path) -> None:
    assert accepts([direct(_template(template), "hit")], tmp_path) is (template_problem(template) is None)


def test_paths_are_normalised_as_in_envoy(tmp_path: Path) -> None:
    random = Random(2)
    parts = [
        "a",
        ".",
        "..",
        "%2e",
        "%2E%2e",
        "..;x",
        ".;",
        "%2f",
        "%41",
        "",
        "\\",
        "^",
        "|",
        '"',
        "{",
        "%zz",
        "..%2f",
        "~",
    ]
    targets = ["/" + "/".join(random.choices(parts, k=random.randint(1, 5))) for _ in range(300)]
    routes = [
        direct({"path": path}, path) for path in sorted({request_path(target) or "/" for target in targets})
    ]
    with running([*routes, direct({"prefix": "/"}, "none")], tmp_path) as client:
        wrong = [(t, reply) for t in targets if (reply := client.get(t.encode())).body != request_path(t)]
    assert wrong == []
