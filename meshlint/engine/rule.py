"""A rule as data: what is checked, why it matters and what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any, Final

from meshlint import HOME
from meshlint.values import frozen, once

ENGINE_CHECK = "engine"
ANY = "any"


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


_RANKS: Final = MappingProxyType({profile: rank for rank, profile in enumerate(Profile)})


class Confidence(StrEnum):
    """How sure a finding of the rule is, given only files."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


_SEVERITIES: Final = MappingProxyType({str(severity): severity for severity in Severity})
_PROFILES: Final = MappingProxyType({None: Profile.DEFAULT} | {str(profile): profile for profile in Profile})
_CONFIDENCES: Final = MappingProxyType({None: Confidence.HIGH} | {str(one): one for one in Confidence})
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
TEXTS: Final = ("rationale", "remediation", "references")
"""What of a rule is only told."""


@frozen(repr=False)
class Parameter:
    """A value of a rule that users may set; `type` is a key of `parameters.PARAMETER_TYPES`."""

    name: str
    type: str
    default: Any
    description: str


@frozen(repr=False)
class Rule:
    """One rule of `rules/`, without its examples, which are read only to explain and to test it.

    `check` is the path of a function below `meshlint.checks`, such as `scale.sidecars.overlapping`; it is
    `ENGINE_CHECK` for what the engine itself finds.
    An `always` rule speaks of what kept meshlint from looking, so it runs unless it is ignored by name.
    A rule with `needs` has nothing to say of a set that holds no object of any of these kinds, one with
    `meshes` nothing of a set that speaks of none of them; a `plain` one does where no mesh is spoken of. One
    that `speaks_of_effects` has nothing to say of an object that the cluster refuses, because that has none;
    any other tells what stays wrong with it.
    What it says of an object of a kind that it judges `alone` rests on no other object of that kind, nor does
    what it says of other kinds rest on one; where it is `ANY`, on no other object at all. What it says of an
    object of a kind in `near` rests, of Services and workloads, on those alone that are near it; and of a
    kind in `within`, what it says of any object rests on those of its namespace and the root one. What it
    says of any object rests, of Services, workloads and the kinds in `home`, on those alone that live in its
    namespace; and what it says of one of a kind in `around`, of these kinds and Services and workloads, on
    those alone that are near it.
    `fix` is `safe` or `unsafe` where findings can be mended by themselves, else empty.
    `texts` is what is only told of it, as `texts_of` has it: few runs tell any of half a megabyte.
    """

    id: str
    name: str
    summary: str
    severity: Severity
    check: str
    texts: str = "{}"
    profile: Profile = Profile.DEFAULT
    confidence: Confidence = Confidence.HIGH
    meshes: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    security_severity: float | None = None
    parameters: tuple[Parameter, ...] = ()
    always: bool = False
    needs: tuple[str, ...] = ()
    plain: bool = False
    alone: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    home: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    speaks_of_effects: bool = False
    fix: str = ""
    source: str = ""
    """The file of a rule that a user wrote; empty for those that travel with meshlint."""

    @once
    def _told(self) -> Mapping[str, Any]:
        told: Mapping[str, Any] = json.loads(self.texts)
        return told

    @property
    def rationale(self) -> str:
        """Why it matters."""
        return str(self._told.get("rationale", ""))

    @property
    def remediation(self) -> str:
        """What to do."""
        return str(self._told.get("remediation", ""))

    @property
    def references(self) -> tuple[str, ...]:
        """Addresses of what others say of it."""
        return tuple(self._told.get("references", ()))

    @property
    def page(self) -> str:
        """The address of a page on it: ours, or the first reference of a rule that a user wrote; or empty."""
        if not self.source:
            return f"{HOME}/rules/{self.id}"
        return self.references[0] if self.references else ""

    @property
    def family(self) -> str:
        """The letters of the id, such as `MTLS`."""
        return self.id.rstrip("0123456789")

    @property
    def folder(self) -> str:
        """Where its file stands in `rules/` and its check in `meshlint/checks/`, such as `route/ambient`."""
        folder = self.check.rsplit(".", 2)[0]
        return self.family.lower() if self.check == ENGINE_CHECK else folder.replace(".", "/")

    def in_profile(self, profile: Profile) -> bool:
        """Whether the rule is part of `profile`, which includes the profiles before it."""
        return _RANKS[self.profile] <= _RANKS[profile]

    def __str__(self) -> str:
        """`MTLS001 (missing-mtls)`."""
        return f"{self.id} ({self.name})"


def texts_of(data: Mapping[str, Any]) -> str:
    """What valid data of a rule tells and no run needs, as JSON on one line."""
    given = {name: data[name] for name in TEXTS if name in data}
    return compact({name: one.strip() if isinstance(one, str) else one for name, one in given.items()})


def compact(value: object) -> str:
    """A value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def rule_of(data: Mapping[str, Any], texts: str) -> Rule:
    """The rule that valid data of a rule file, or of the catalogue, describes."""
    given = data.get
    return Rule(
        id=data["id"],
        name=data["name"],
        summary=data["summary"],
        severity=_SEVERITIES[data["severity"]],
        check=data["check"],
        texts=texts,
        profile=_PROFILES[given("profile")],
        confidence=_CONFIDENCES[given("confidence")],
        meshes=tuple(given("meshes", ())),
        replaces=tuple(given("replaces", ())),
        tags=tuple(given("tags", ())),
        security_severity=given("security_severity"),
        parameters=tuple(
            Parameter(name, about["type"], about["default"], about["description"])
            for name, about in given("parameters", _NOTHING).items()
        ),
        always=given("always", False),
        needs=tuple(given("needs", ())),
        plain=given("plain", False),
        alone=tuple(given("alone", ())),
        near=tuple(given("near", ())),
        within=tuple(given("within", ())),
        home=tuple(given("home", ())),
        around=tuple(given("around", ())),
        speaks_of_effects=given("speaks_of") == "effects",
        fix=given("fix", ""),
    )
