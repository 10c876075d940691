"""A rule as data: what is checked, why it matters and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import Any

from attrs import field, frozen


class Severity(IntEnum):
    """How bad a finding is: traffic or security broken or open, likely wrong or risky, or advice."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        """The word used in configuration and reports."""
        return self.name.lower()


class Profile(StrEnum):
    """Which readers want a rule: everyone, the strict, or the pedantic. Each includes the one before."""

    DEFAULT = "default"
    STRICT = "strict"
    PEDANTIC = "pedantic"


class Confidence(StrEnum):
    """How sure a finding of the rule is, given only files."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@frozen
class Rule:
    """One rule of `rules/`, without its examples, which are read only to explain and to test it."""

    id: str
    name: str
    summary: str
    severity: Severity
    check: str
    rationale: str
    remediation: str
    profile: Profile = Profile.DEFAULT
    confidence: Confidence = Confidence.HIGH
    meshes: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    security_severity: float | None = None
    parameters: Mapping[str, Any] = field(factory=dict)

    @property
    def family(self) -> str:
        """The letters of the id, such as `MTLS`."""
        return self.id.rstrip("0123456789")
