"""The forms that patterns stand for, in words."""

from __future__ import annotations

from typing import Final

_LABEL: Final = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_NAME: Final = rf"{_LABEL}(\.{_LABEL})*"
_KEY: Final = rf"^({_NAME}/)?([A-Za-z0-9][-A-Za-z0-9_.]{{0,61}})?[A-Za-z0-9]$"
_DNS: Final = 'It is a DNS name in lower case, such as "shop.example.com".'
_WORD: Final = 'It is lower-case letters, digits and hyphens, such as "my-name".'
_HEADER: Final = 'It is the name of a header, such as "x-user": no spaces and no colon.'

FORMS: Final = {
    rf"^{_LABEL}$": _WORD,
    rf"^({_LABEL})?$": _WORD,
    rf"^{_NAME}$": _DNS,
    rf"^$|^{_NAME}$": 'It is an API group such as "gateway.networking.k8s.io", or empty for the core API.',
    rf"^(\*\.)?{_NAME}$": 'It is a host name, "*." in front or not, without scheme, port or path.',
    _KEY: 'It is a name of letters, digits, "-", "_" and ".", perhaps with a domain and a slash in front.',
    "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$": (
        'It is letters, digits, "-", "_" and ".", with a letter or digit at both ends.'
    ),
    "^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$": 'It is the name of a kind, such as "Service".',
    "^[^*]*$": "No wildcard works here.",
    r"^[A-Za-z0-9!#$%&'*+\-.^_\x60|~]+$": _HEADER,
    "^[-_A-Za-z0-9]+$": _HEADER,
    "^([0-9]{1,5}(h|m|s|ms)){1,4}$": 'It is a duration in h, m, s and ms, such as "1m30s".',
    "^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$": "It is letters, digits and hyphens.",
    "(^$|^[a-f0-9]{64}$)": "It is the 64 hexadecimal digits of a SHA-256.",
}
"""By pattern; what is not here is shown as the pattern."""


def in_words(pattern: str) -> str:
    """What a value of this form looks like."""
    return FORMS.get(pattern, f"The form is {pattern}")
