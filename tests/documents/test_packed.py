"""Readings that go from process to process are as they were."""

from __future__ import annotations

import pytest

from meshlint.documents import Reading, read
from meshlint.documents.packed import packed, reading_of, unpacked

PLAIN = "# head\na: 1\nb: [x, 'é', 1.5, null, true]\n---\n---\nc:\n- d: |\n    text\n"


def through(text: str, name: str = "a.yaml") -> Reading | None:
    data = text.encode("utf-8", "surrogatepass")
    found = unpacked(packed([(3, read(name, data))]))
    return reading_of(name, data, found[3]) if 3 in found else None


TEMPLATE = "a: 1\nb: {{ .Values.b }}\n"


@pytest.mark.parametrize(
    "text", [PLAIN, "", "# nothing\n", PLAIN.replace("\n", "\r\n"), "\ufeff" + PLAIN, TEMPLATE]
)
def test_plain_readings_come_as_they_were(text: str) -> None:
    one, other = read("a.yaml", text.encode()), through(text)
    assert other is not None
    assert other.text.content == one.text.content
    assert (other.problems, other.torn, other.is_template) == ((), (), text == TEMPLATE)
    assert [(each.index, each.value, each.first_line) for each in other.documents] == [
        (each.index, each.value, each.first_line) for each in one.documents
    ]
    assert [each.span(()) for each in other.documents] == [each.span(()) for each in one.documents]


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1\nb: *x\n",
        "a: b: c\n",
        "day: 2024-01-01\n",
        "a: \x00\n",
    ],
)
def test_what_is_not_plain_stays(text: str) -> None:
    found = through(text)
    one = read("a.yaml", text.encode())
    assert found is None or [each.value for each in found.documents] == [each.value for each in one.documents]


def test_what_cannot_go_keeps_nothing_else_back() -> None:
    readings = [
        (0, read("a.yaml", b"a: &x 1\nb: *x\n")),
        (1, read("b.yaml", b"a: b: c\n")),
        (2, read("c.yaml", b"a: 1\n")),
    ]
    assert 2 in unpacked(packed(readings))
    assert 1 not in unpacked(packed(readings))
