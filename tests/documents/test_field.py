from __future__ import annotations

from meshlint.documents import Field, Span, Text, read

TEXT = """\
spec:
  host: reviews
  weight: 90
  on: true
  hosts: [a, 1, b]
  labels: {app: web, port: 80}
  none:
"""


def spec() -> Field:
    document = read("a.yaml", TEXT.encode()).documents[0]
    return Field(document, (), document.value) / "spec"


def test_values_of_the_right_type_are_read_and_others_are_absent() -> None:
    field = spec()
    assert field.text("host") == "reviews"
    assert field.text("weight") is None
    assert field.integer("weight") == 90
    assert field.integer("true") is None
    assert field.boolean("true") is True
    assert field.boolean("host") is None
    assert field.texts("hosts") == ("a", "b")
    assert field.mapping("labels") == {"app": "web"}
    assert field.items("host") == ()
    assert [inner.name for inner in field.fields("labels")] == ["app", "port"]


def test_a_text_knows_where_it_stands() -> None:
    host = spec().text("host")
    assert isinstance(host, Text)
    assert host.field.span() == Span(2, 9, 2, 16)
    assert spec().texts("hosts")[1].field.span() == Span(5, 17, 5, 18)


def test_presence() -> None:
    field = spec()
    assert "none" in field
    assert not field / "none"
    assert "nothing" not in field
    assert not field / "host" / "deeper"
    assert not field / "hosts" / 9
    assert (field / "hosts" / 0).value == "a"
    assert "x" not in field / "host"
    assert Field(field.document, (), None).name == ""


def test_fields_of_scalars_are_empty() -> None:
    host = spec() / "host"
    assert (host.text("x"), host.integer("x"), host.boolean("x")) == (None, None, None)
    assert host.items() == ()
    assert host.fields() == ()
    assert host.mapping("x") == {}
