"""What the user gives for placeholders is read in their places."""

from __future__ import annotations

from pathlib import Path

import pytest

from meshlint.api import CheckOptions, check_texts, read_texts
from meshlint.api.reading.project import ReadOptions
from meshlint.documents import read
from meshlint.documents.blanks import blanks
from meshlint.documents.given import values_in_file, with_substitutions
from meshlint.documents.placeholders import placeholders

NAMES = {
    "${NAME}": "NAME",
    "$${NAME}": "NAME",
    "${NAME:=default}": "NAME",
    "${NAME:-a-b}": "NAME",
    "$(NAME)": "NAME",
    "{{ .Values.mesh.name }}": "mesh.name",
    "{{- name -}}": "name",
    "{{ .Values.a | quote }}": None,
    "__NAME__": "NAME",
    "%%NAME%%": "NAME",
    "<<name>>": "name",
    "[NAME]": "NAME",
    "REPLACE_ME": "REPLACE_ME",
    "ENC[AES256_GCM,data:ab]": None,
}


@pytest.mark.parametrize("text", NAMES)
def test_names(text: str) -> None:
    (one,) = placeholders(text)
    assert one.name == NAMES[text]


def test_values_stand_where_they_are_asked_for() -> None:
    (document,) = read(
        "a.yaml", b'a: x-${NAME}.b\nport: ${PORT}\ntext: "${PORT}"\nopen: ${A}${PORT}\n'
    ).documents
    filled = with_substitutions(document, {"NAME": "shop", "PORT": "80"})
    assert filled.value == {"a": "x-shop.b", "port": 80, "text": "80", "open": "${A}80"}


@pytest.mark.parametrize("more", ["", "b: $(X)\n"])
@pytest.mark.parametrize(("name", "left"), [("${OTHER}", "${OTHER}"), ("$", "${x}"), ("shop", None)])
def test_what_is_given_may_ask_for_more(name: str, left: str | None, more: str) -> None:
    (document,) = read("a.yaml", f"a: ${{NAME}}{{x}}\n{more}".encode()).documents
    open_ones = [one.text for one in blanks(with_substitutions(document, {"NAME": name}))]
    expected = [] if left is None else [left + "{x}" if left == "${OTHER}" else left]
    assert open_ones == [*expected, *(["$(X)"] if more else [])]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a: 1\nb: {c: yes, d: [1]}\n", {"a": "1", "b.c": "true"}),
        ("# of the shop\nexport A=1\nB='x y'\n\n", {"A": "1", "B": "x y"}),
        ("- a\n", None),
    ],
)
def test_files_of_values(text: str, values: dict[str, str] | None) -> None:
    assert values_in_file("values", text.encode()) == values


ROUTE = """apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web.shop.svc.cluster.local]
  http: [{route: [{destination: {host: "${HOST}", port: {number: 81}}}]}]
"""


def test_what_is_given_is_judged() -> None:
    assert check_texts({"a.yaml": ROUTE}).findings == ()
    options = CheckOptions(reading=ReadOptions(substitutions={"HOST": "web"}))
    (found,) = check_texts({"a.yaml": ROUTE}, options).findings
    assert found.rule == "ROUTE013"
    assert read_texts({"a.yaml": ROUTE}, options.reading).gaps == ()


def test_on_the_command_line(tmp_path: Path) -> None:
    from meshlint.api import Request, check

    (tmp_path / "a.yaml").write_text(ROUTE)
    (tmp_path / "values.env").write_text("HOST=web\n")
    (tmp_path / "meshlint.yaml").write_text("substitutions: {HOST: other.example.com}\n")
    request = Request(directory=tmp_path, config=tmp_path / "meshlint.yaml")
    assert check([str(tmp_path / "a.yaml")], request).findings == ()
    request = Request(directory=tmp_path, values=(Path("values.env"),))
    assert [one.rule for one in check([str(tmp_path / "a.yaml")], request).findings] == ["ROUTE013"]
