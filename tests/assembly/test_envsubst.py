"""The forms of variables, with what fluxcd/pkg/envsubst 1.4.0 makes of them; those it refuses stay."""

from __future__ import annotations

import pytest

from meshlint.assembly.deployments.envsubst import expanded

VALUES = {"L": "\xe9t\xe9", "A": "one", "E": "", "U": "UP", "O": "oo", "P": "a/b/c.tar.gz", "N": "5"}
FORMS = {
    "${A}": "one",
    "${B}": "",
    "${A:-d}": "one",
    "${B:-d}": "d",
    "${E:-d}": "d",
    "${B-d}": "${B-d}",
    "${E-d}": "${E-d}",
    "${B:=d}": "d",
    "${E:=d}": "d",
    "${B=d}": "d",
    "${E=d}": "d",
    "${A:+x}": "one",
    "${B:+x}": "x",
    "${E:+x}": "x",
    "${A+x}": "${A+x}",
    "${#A}": "3",
    "${#B}": "0",
    "${A:1}": "ne",
    "${A:0:2}": "on",
    "${A:1:9}": "ne",
    "${A:9}": "",
    "${A: -1}": "one",
    "${A^}": "One",
    "${A^^}": "ONE",
    "${U,}": "uP",
    "${U,,}": "up",
    "${A/n/m}": "ome",
    "${O/o/a}": "ao",
    "${O//o/a}": "aa",
    "${O//o}": "${O//o}",
    "${P/#a/z}": "z/b/c.tar.gz",
    "${P/%gz/z}": "a/b/c.tar.z",
    "${P#*/}": "b/c.tar.gz",
    "${P##*/}": "c.tar.gz",
    "${P%.*}": "a/b/c.tar",
    "${P%%.*}": "a/b/c",
    "${P#a/}": "b/c.tar.gz",
    "${P%.gz}": "a/b/c.tar",
    "${B:-${A}}": "one",
    "${B:-${C:-d}}": "d",
    "${B:=a:b}": "a:b",
    "${B:-http://x/y}": "http://x/y",
    "$A": "$A",
    "$$A": "$A",
    "$${A}": "${A}",
    "$$${A}": "$one",
    "${not a name}": "${not a name}",
    "${A-}": "${A-}",
    "${B:-}": "",
    "${A?e}": "${A?e}",
    "${B:?e}": "e",
    "${a.b}": "${a.b}",
    "${}": "${}",
    "${A }": "${A }",
    "x${A}y${N}z": "xoney5z",
    '${B:-"q"}': '"q"',
    "${B:=[a, b]}": "[a, b]",
    "${B:=}": "",
    "${A%n*}": "o",
    "${A#?}": "ne",
    "${A/e/}": "on",
    "${_X:=1}": "1",
    "${1}": "",
    "text $ only": "text $ only",
    "}": "}",
    "${B:-a b}": "a b",
    "${O/o/$}": "$o",
    "${O/o//x}": "xo",
    "${O//o///x}": "xx",
    "${P/a/x//y}": "x//y/b/c.tar.gz",
    "${A/#o/}": "one",
    "${A/%e/}": "one",
    "${#L}": "5",
    "${L:3}": "\xe9",
    "${L:0:3}": "\xe9t",
}


@pytest.mark.parametrize("text", FORMS)
def test_forms(text: str) -> None:
    assert expanded(text, VALUES) == FORMS[text]


def test_what_is_not_known_stays() -> None:
    assert expanded("${A} ${B} ${C:=d} ${B^} ${#B}", {"A": "one"}, complete=False) == "one ${B} d ${B^} ${#B}"


@pytest.mark.parametrize(
    "text", ["${" * 5000, "${A:-" * 5000 + "}" * 5000, "$" * 5001, "${A#" + "*a" * 3000 + "}"]
)
def test_hostile_forms_end(text: str) -> None:
    assert isinstance(expanded(text, {"A": "a" * 4000}), str)
