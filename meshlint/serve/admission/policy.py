"""What is denied, what is warned of, and what passes: by namespace and by rule."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from meshlint import HOME
from meshlint.documents import read
from meshlint.engine.rule import Severity
from meshlint.engine.usage import Mistake, UsageError
from meshlint.values import field, frozen

_THRESHOLDS: dict[str, Severity | None] = {
    **{str(severity): severity for severity in Severity},
    "never": None,
}
RULES_URL = f"{HOME}/rules/{{id}}"
_KEYS = ("deny", "warn", "delete", "rules", "namespaces", "workspace", "on-timeout", "rules-url")


class Effect(Enum):
    """What a finding does to a review."""

    DENY = "deny"
    WARN = "warn"
    OFF = "off"


@frozen
class Thresholds:
    """From which severity on a finding denies, and from which on it warns; None is never."""

    deny: Severity | None = Severity.ERROR
    warn: Severity | None = Severity.WARNING

    def of(self, severity: Severity) -> Effect:
        """What a finding of that severity does."""
        if self.deny is not None and severity >= self.deny:
            return Effect.DENY
        return Effect.WARN if self.warn is not None and severity >= self.warn else Effect.OFF


@frozen
class AdmissionPolicy:
    """The configuration of reviews.

    `rules` give the effect of a rule or of all whose id begins so, the longest word first; `namespaces` are
    thresholds by pattern, the first that matches. What a deletion breaks is warned of, and denied with
    `denies_deletions`. `workspace` is the one that stands for the cluster. Where the deadline passes, a
    review fails, on which the webhook's `failurePolicy` decides; with `allows_late` it passes with a warning.
    """

    thresholds: Thresholds = field(factory=Thresholds)
    rules: Mapping[str, Effect] = field(factory=dict)
    namespaces: tuple[tuple[str, Thresholds], ...] = ()
    workspace: str = "cluster"
    allows_late: bool = False
    denies_deletions: bool = False
    rules_url: str = RULES_URL

    def effect(self, rule: str, severity: Severity, namespace: str, *, deletes: bool = False) -> Effect:
        """What a finding of a rule does to the review of an object in `namespace`."""
        effect = self._effect(rule, severity, namespace)
        is_softened = effect is Effect.DENY and deletes and not self.denies_deletions
        return Effect.WARN if is_softened else effect

    def least(self, namespace: str) -> Severity:
        """The least severity that does anything to the review of an object in `namespace`."""
        thresholds = self._thresholds(namespace)
        given = [one for one in (thresholds.deny, thresholds.warn) if one is not None]
        return min(given, default=max(Severity))

    def _thresholds(self, namespace: str) -> Thresholds:
        return next(
            (one for pattern, one in self.namespaces if fnmatchcase(namespace, pattern)), self.thresholds
        )

    def _effect(self, rule: str, severity: Severity, namespace: str) -> Effect:
        thresholds = self._thresholds(namespace)
        by_severity = thresholds.of(severity)
        words = sorted((word for word in self.rules if rule.startswith(word)), key=len, reverse=True)
        if not words or by_severity is Effect.OFF:
            return by_severity
        wanted = self.rules[words[0]]
        return Effect.WARN if wanted is Effect.DENY and thresholds.deny is None else wanted


def read_policy(file: Path) -> AdmissionPolicy:
    """The policy in a YAML file; raises `UsageError` for what it does not understand."""
    try:
        reading = read(str(file), file.read_bytes())
    except OSError as error:
        raise UsageError(Mistake("the admission policy cannot be read", file=str(file))) from error
    value: Any = reading.documents[0].value if len(reading.documents) == 1 else None
    if reading.problems or not isinstance(value, dict):
        raise UsageError(Mistake("the admission policy must be one mapping", file=str(file)))
    return policy_of(value, str(file))


def policy_of(value: Mapping[str, Any], file: str = "") -> AdmissionPolicy:
    """The policy that `value` says; raises `UsageError`."""
    _refuse_unknown(value, _KEYS, file)
    thresholds = _thresholds(value, Thresholds(), file)
    timeout = value.get("on-timeout", "fail")
    if timeout not in ("fail", "allow"):
        raise UsageError(Mistake('"on-timeout" must be fail or allow', file=file))
    deletion = value.get("delete", "warn")
    if deletion not in ("deny", "warn"):
        raise UsageError(Mistake('"delete" must be deny or warn', file=file))
    return AdmissionPolicy(
        denies_deletions=deletion == "deny",
        thresholds=thresholds,
        rules={str(name): _effect(one, file) for name, one in _mapping(value, "rules", file).items()},
        namespaces=tuple(
            (str(name), _of_namespace(one, thresholds, file))
            for name, one in _mapping(value, "namespaces", file).items()
        ),
        workspace=str(value.get("workspace", "cluster")),
        allows_late=timeout == "allow",
        rules_url=str(value.get("rules-url", RULES_URL)),
    )


def _of_namespace(value: Any, default: Thresholds, file: str) -> Thresholds:
    if value == "off" or value is False:
        return Thresholds(None, None)
    if not isinstance(value, dict):
        raise UsageError(Mistake("a namespace takes off, or deny and warn", file=file))
    _refuse_unknown(value, ("deny", "warn"), file)
    return _thresholds(value, default, file)


def _thresholds(value: Mapping[str, Any], default: Thresholds, file: str) -> Thresholds:
    return Thresholds(
        _threshold(value["deny"], file) if "deny" in value else default.deny,
        _threshold(value["warn"], file) if "warn" in value else default.warn,
    )


def _threshold(word: Any, file: str) -> Severity | None:
    if word not in _THRESHOLDS:
        raise UsageError(Mistake(f'"deny" and "warn" take one of: {", ".join(_THRESHOLDS)}', file=file))
    return _THRESHOLDS[word]


def _effect(word: Any, file: str) -> Effect:
    if word is False:  # YAML 1.1 reads an unquoted off so
        return Effect.OFF
    try:
        return Effect(word)
    except ValueError as error:
        raise UsageError(Mistake("a rule takes deny, warn or off", file=file)) from error


def _mapping(value: Mapping[str, Any], key: str, file: str) -> Mapping[str, Any]:
    found = value.get(key, {})
    if not isinstance(found, dict):
        raise UsageError(Mistake(f'"{key}" must be a mapping', file=file))
    return found


def _refuse_unknown(value: Mapping[str, Any], known: tuple[str, ...], file: str) -> None:
    unknown = sorted(str(key) for key in value if key not in known)
    if unknown:
        raise UsageError(Mistake(f'"{unknown[0]}" is unknown', f"Known are: {', '.join(known)}", file))
