from __future__ import annotations

import math
from typing import Any

import pytest

from meshlint.documents.scalars import key_text, plain_scalar, tagged_scalar


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", True),
        ("y", True),
        ("Yes", True),
        ("off", False),
        ("N", False),
        ("yEs", "yEs"),
        ("~", None),
        ("", None),
        ("null", None),
        ("0777", 511),
        ("0o17", 15),
        ("0x1F", 31),
        ("0b101", 5),
        ("-0777", -511),
        ("1_000", 1000),
        ("08", 8.0),
        ("12", 12),
        ("+5", 5),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("12:30", "12:30"),
        ("2026-01-02", "2026-01-02"),
        ("10.0.0.1", "10.0.0.1"),
        ("1.2.3", "1.2.3"),
        ("-", "-"),
        (".", "."),
        ("=", "="),
        ("9" * 200, "9" * 200),
    ],
)
def test_plain_scalars_read_as_kubernetes_reads_them(text: str, value: Any) -> None:
    read = plain_scalar(text)
    assert read == value
    assert type(read) is type(value)


def test_infinity_and_nan() -> None:
    assert plain_scalar("-.inf") == -math.inf
    nan = plain_scalar(".nan")
    assert isinstance(nan, float)
    assert math.isnan(nan)


@pytest.mark.parametrize(
    ("tag", "text", "value"),
    [
        ("tag:yaml.org,2002:str", "12", "12"),
        ("tag:yaml.org,2002:int", "12", 12),
        ("tag:yaml.org,2002:bool", "on", True),
        ("!vault", "secret", "secret"),
    ],
)
def test_explicit_tags(tag: str, text: str, value: Any) -> None:
    assert tagged_scalar(tag, text) == value


@pytest.mark.parametrize(
    ("value", "key"),
    [(True, "true"), (False, "false"), (8080, "8080"), (None, "null"), ("a", "a"), (1.5, "1.5")],
)
def test_keys_become_text_as_in_json(value: Any, key: str) -> None:
    assert key_text(value) == key
