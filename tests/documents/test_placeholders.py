"""What counts as filled in later, and what does not."""

from __future__ import annotations

import pytest

from meshlint.documents import read
from meshlint.documents.blanks import blanks, with_values, without_sops
from meshlint.documents.placeholders import is_unknown, left_for_a_person, may_hold, placeholders, sign_among

UNKNOWN = [
    "${HOST}",
    "shop.${DOMAIN}",
    "${HOST:=a.example.com}",
    "$(NAMESPACE)",
    "{{ .Values.host }}",
    "{{host}}",
    "ENC[AES256_GCM,data:ab,iv:cd,tag:ef,type:str]",
    "REPLACE_ME",
    "changeme",
    "change-me.example.com",
    "REPLACE_WITH_DOMAIN",
    "__DOMAIN__",
    "__MY_DOMAIN__.example.com",
    "[NAME]-agent",
    "[CLUSTER_NAME]",
    "%%HOST%%",
    "<<host>>",
    "PLACEHOLDER",
    "DEX_SERVICE.DEX_NAMESPACE.svc.cluster.local",
    "apps/web.MY_NAMESPACE",
    "API_HOST.example.com:8443",
]
KNOWN = [
    "ISTIO_MUTUAL",
    "See A.FOO_BAR for more",
    "/etc/config/MY_FILE.conf",
    "com.example.v1_2",
    "shop.example.com",
    "[a-z]+",
    "[A-Z]+",
    "[A-Z0-9_-]*",
    "[2001:db8::1]",
    "%START_TIME% %REQ(:METHOD)%",
    "__init__",
    "{a}",
    "$HOME",
    "exchangement",
    "irreplaceable",
    "*.example.com",
    "/{*}/items",
]


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_tools_fill_in(text: str) -> None:
    assert is_unknown(text)


@pytest.mark.parametrize("text", KNOWN)
def test_what_is_as_written(text: str) -> None:
    assert not is_unknown(text)


@pytest.mark.parametrize(
    ("text", "default"),
    [("${A:=b}", "b"), ("${A:-b}", "b"), ("${A=b}", "b"), ("${A}", None), ("${A:=}", ""), ("${A^^}", None)],
)
def test_the_default(text: str, default: str | None) -> None:
    (one,) = placeholders(text)
    assert one.default == default


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("shop.<DOMAIN>", "<DOMAIN>"),
        ("‹team›", "‹team›"),
        ("<<host>>", None),
        ("(?P<name>a)", None),
        ("a < b", None),
        ("${A}<b>", None),
    ],
)
def test_what_is_left_for_a_person(text: str, left: str | None) -> None:
    assert left_for_a_person(text) == left


def test_blanks_have_paths_and_styles() -> None:
    (document,) = read("a.yaml", b'a: ${X:=5}\nb: ["${Y}"]\n').documents
    found = {blank.path: blank for blank in blanks(document)}
    assert set(found) == {("a",), ("b", 0)}
    default = found["a",].by_default()
    assert default is not None
    assert found["a",].read(default) == 5
    assert found["b", 0].by_default() is None
    assert found["b", 0].read("5") == "5"


def test_what_kubernetes_expands_is_no_blank() -> None:
    (document,) = read("a.yaml", b"spec: {containers: [{args: [$(POD_IP)]}]}\n").documents
    assert blanks(document) == ()


def test_values_are_put_in_their_places() -> None:
    (document,) = read("a.yaml", b"a: ${X}\nb: {c: 1}\n").documents
    changed = with_values(document, {("a",): "x"})
    assert changed.value == {"a": "x", "b": {"c": 1}}
    assert document.value["a"] == "${X}"
    assert changed.span(("a",)) == document.span(("a",))


def test_the_block_of_sops_is_left_out() -> None:
    (document,) = read("a.yaml", b"a: 1\nsops: {mac: x, version: 3.9.0}\n").documents
    assert without_sops(document).value == {"a": 1}
    (other,) = read("a.yaml", b"a: 1\nsops: {level: 1}\n").documents
    assert without_sops(other).value == {"a": 1, "sops": {"level": 1}}


@pytest.mark.parametrize("known", ["", "$(X) ", "$(X) {{ y }} ", "'[' ", '"\\t" '])
@pytest.mark.parametrize("text", [*UNKNOWN, *KNOWN, "%24%7B", "plain"])
def test_few_signs_in_a_text_are_looked_for_alone(text: str, known: str) -> None:
    whole = f"{known}{text}"
    may_be = sign_among(whole)
    assert [may_be(part) for part in (text, known, whole)] == [
        may_hold(part) for part in (text, known, whole)
    ]
