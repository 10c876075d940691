"""Rules as SARIF describes them, with what GitHub shows beside an alert."""

from __future__ import annotations

from typing import Any

import sarif_om as om

from meshlint.engine.finding import Finding
from meshlint.engine.rule import Rule, Severity

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
MAX_NAME = 255
MAX_DESCRIPTION = 1024
MAX_TAGS = 20


def descriptor(rule: Rule) -> om.ReportingDescriptor:
    """What a viewer may tell of the rule: GitHub takes no empty words and cuts nothing, it rejects."""
    links = [reference for reference in rule.references if reference.startswith(("https://", "http://"))]
    return om.ReportingDescriptor(
        id=rule.id,
        name=rule.name[:MAX_NAME],
        short_description=_message(rule.summary or rule.name),
        full_description=_message(rule.rationale or rule.summary or rule.name),
        help=om.MultiformatMessageString(text=_help(rule), markdown=_markdown(rule)),
        help_uri=links[0] if links else None,
        default_configuration=om.ReportingConfiguration(level=LEVELS[rule.severity]),
        properties=_properties(rule),
    )


def placeholder(finding: Finding) -> om.ReportingDescriptor:
    """Stands in for a rule that is not in the list, as when a check has failed."""
    return om.ReportingDescriptor(
        id=finding.rule,
        name=finding.name[:MAX_NAME],
        short_description=_message(finding.name),
        full_description=_message(finding.name),
        help=om.MultiformatMessageString(text=finding.hint or finding.name),
        default_configuration=om.ReportingConfiguration(level=LEVELS[finding.severity]),
    )


def _properties(rule: Rule) -> dict[str, Any]:
    is_security = rule.security_severity is not None
    tags = ["security"] * is_security + [rule.family.lower(), *rule.meshes, *rule.tags]
    properties: dict[str, Any] = {
        "tags": list(dict.fromkeys(filter(None, tags)))[:MAX_TAGS],
        "precision": str(rule.confidence),
        "problem.severity": "recommendation" if rule.severity is Severity.INFO else str(rule.severity),
    }
    if rule.security_severity is not None:
        properties["security-severity"] = f"{rule.security_severity:.1f}"
    return properties


def _help(rule: Rule) -> str:
    parts = [rule.rationale, rule.remediation, *rule.references]
    return "\n\n".join(part.strip() for part in parts if part.strip()) or rule.summary or rule.name


def _markdown(rule: Rule) -> str:
    parts = [f"**{rule.summary or rule.name}** (`{rule.id}`, `{rule.name}`)", rule.rationale.strip()]
    if rule.remediation.strip():
        parts.append(f"### What to do\n\n{rule.remediation.strip()}")
    if rule.references:
        parts.append("### Read more\n\n" + "\n".join(f"- {reference}" for reference in rule.references))
    parts.append(f"`meshlint explain {rule.id}` shows examples.")
    return "\n\n".join(filter(None, parts))


def _message(text: str) -> om.MultiformatMessageString:
    text = " ".join(text.split())
    if len(text) > MAX_DESCRIPTION:
        text = text[: MAX_DESCRIPTION - 1].rsplit(" ", 1)[0] + "…"
    return om.MultiformatMessageString(text=text)
