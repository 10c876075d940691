from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshlint.resources.istio.parts import duration, nanoseconds, number, port_of_key, string_match
from tests.resources.istio.build import an_istio, line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5s", 5_000_000_000),
        ("1h30m", 5_400_000_000_000),
        ("1.5s", 1_500_000_000),
        (".5ms", 500_000),
        ("1.s", 1_000_000_000),
        ("3us", 3_000),
        ("3µs", 3_000),
        ("3μs", 3_000),
        ("7ns", 7),
        ("0", 0),
        ("+2m", 120_000_000_000),
        ("-2m", -120_000_000_000),
        ("0.1s", 100_000_000),
    ],
)
def test_durations_as_go_reads_them(text: str, expected: int) -> None:
    assert nanoseconds(text) == expected


@pytest.mark.parametrize("text", ["", "5", "s", ".s", "5 s", "5S", "1d", "5s ", "--5s", "1e3s", "٣s"])
def test_no_durations(text: str) -> None:
    assert nanoseconds("1s" * 33) is None
    assert nanoseconds(text) is None


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59_999))
def test_a_duration_is_the_sum_of_its_terms(hours: int, minutes: int, milliseconds: int) -> None:
    text = f"{hours}h{minutes}m{milliseconds / 1000:.3f}s"
    assert nanoseconds(text) == ((hours * 60 + minutes) * 60_000 + milliseconds) * 1_000_000


def test_a_duration_that_is_none_keeps_its_text_and_place() -> None:
    spec = an_istio("Any", "a: 1\ntimeout: 5 seconds").spec
    written = duration(spec, "timeout")
    assert written is not None
    assert (written.text, written.seconds, line(written.field)) == ("5 seconds", None, 2)
    assert duration(spec, "a") is None


@pytest.mark.parametrize(
    ("name", "port"),
    [("80", 80), ("65535", 65535), ("65536", None), ("0", None), ("http", None), ("8_0", None), ("٨٠", None)],
)
def test_ports_as_keys(name: str, port: int | None) -> None:
    assert port_of_key(name) == port
    assert port_of_key("9" * 5000) is None


def test_numbers() -> None:
    spec = an_istio("Any", "{a: 1, b: 0.5, c: true, d: '1', e: .nan, f: .inf}").spec
    assert [number(spec, key) for key in "abcdefg"] == [1, 0.5, None, None, None, None, None]


@pytest.mark.parametrize(
    ("written", "kind", "value"),
    [
        ("{exact: a}", "exact", "a"),
        ("{prefix: a}", "prefix", "a"),
        ("{regex: a}", "regex", "a"),
        ("{regex: b, exact: a}", "exact", "a"),
        ("{exact: 1}", "present", ""),
        ("{}", "present", ""),
    ],
)
def test_string_matches(written: str, kind: str, value: str) -> None:
    match = string_match(an_istio("Any", f"uri: {written}").spec / "uri")
    assert (match.kind, match.value) == (kind, value)
    assert line(match.value.field) == 1
