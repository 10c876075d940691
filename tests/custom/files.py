"""Rule files of users, written and read as in their repositories."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from meshlint.api import Request, check
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.custom.reading import read_rules
from meshlint.engine.finding import Finding
from meshlint.engine.rule_file import RuleFile


def rule(**given: object) -> str:
    """A rule file with these keys and plain ones for the rest."""
    plain = {"id": "ACME001", "name": "own-rule", "summary": "Something of our own", "severity": "warning"}
    return yaml.safe_dump({**plain, **given})


def read_text(text: str) -> tuple[RuleFile, ...]:
    return read_rules([("own.yaml", text.encode())], load_catalogue())


def findings(directory: Path, rules: str, manifests: str, settings: str = "") -> list[Finding]:
    """What the rules of users say of manifests in a directory."""
    write(
        directory,
        {"meshlint.yaml": f"rules: [own.yaml]\n{settings}", "own.yaml": rules, "app.yaml": manifests},
    )
    outcome = check(["."], Request(directory=directory))
    return [one for one in outcome.findings if one.rule.startswith("ACME")]


def write(directory: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
