"""Build `schemas/` from a folder of CustomResourceDefinitions.

Usage: python -m tools.build_schemas CRDS [--out schemas]

CRDS holds one folder per project (istio, linkerd, gateway-api), the Gateway API one its two channels; these
are the development branch. A folder `releases` beside them holds the same for each release. Each version of a
kind is written as the newest release has it; what others have otherwise is written once per kind below
`changes`. Where several projects define a kind, the one that owns its group comes first; fields that only the
experimental channel has are marked. A CEL rule that has no re-expression yet stops the build.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from meshlint import HOME
from meshlint.resources.schema.store.catalogue import priority
from tools.core_kinds import core_kinds
from tools.definitions import DEV, PROJECTS, Source, as_number, sources
from tools.history import History, Releases, releases_of
from tools.rule_table import UnknownRule
from tools.shrink import shrink

OVERLAYS = Path(__file__).with_name("overlays.json")
BASE = f"{HOME}/schemas/"
Key = tuple[str, str, str]
Rows = dict[tuple[str, str], list[Source]]


def histories(found: list[Source], releases: Releases) -> dict[Key, History]:
    """Each version of each kind that some release or the development branch serves."""
    by_key: dict[Key, Rows] = {}
    for source in found:
        by_key.setdefault(source.key, {}).setdefault((source.project, source.release), []).append(source)
    served = {
        key: {release: those for release, those in rows.items() if any(one.is_served for one in those)}
        for key, rows in by_key.items()
    }
    return {
        key: History(owned(rows, releases), releases, OVERLAYS)
        for key, rows in sorted(served.items())
        if rows
    }


def owned(rows: Rows, releases: Releases) -> Rows:
    """The rows that count: where the newest release of an owner serves a version, nobody else is asked."""
    owner = next(project for project in PROJECTS if any(name == project for name, _ in rows))
    if (owner, releases[owner][-1]) not in rows:
        return rows
    return {release: those for release, those in rows.items() if release[0] == owner}


def index_entry(history: History, file: str) -> dict[str, Any]:
    """What the index says of one version: as the newest release has it, and who else serves it."""
    newest = history.by_release[history.base]
    entry: dict[str, Any] = {"file": file, "name": newest[0].version["name"]}
    if newest[0].version["storage"]:
        entry["storage"] = True
    if since := deprecated_since(history):
        entry["deprecated"] = since
    standard = standard_releases(history)
    own = [release for project, release in history.by_release if project == "Gateway API"]
    is_base = history.base[0] == "Gateway API"
    if own and (history.base[1] if is_base else max(own, key=as_number)) not in standard:
        entry["channel"] = "experimental"
        if standard:
            entry["standard"] = [standard[0], standard[-1]]
    return entry


def standard_releases(history: History) -> list[str]:
    """The releases whose standard channel serves the version, the oldest first."""
    found = (
        release
        for (_, release), those in history.by_release.items()
        if any(one.channel == "standard" and one.is_served for one in those)
    )
    return sorted(found, key=as_number)


def deprecated_since(history: History) -> str:
    """The first release of its project in which the version is deprecated; "" when it is not."""
    project = history.base[0]
    marked = [
        release
        for (name, release), those in history.by_release.items()
        if name == project and any(one.version.get("deprecated") for one in those)
    ]
    return f"{project} {min(marked, key=as_number)}" if marked else ""


def write(path: Path, value: Any) -> None:
    """Write compact JSON with sorted keys."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n")


def build(folder: Path, out: Path) -> None:
    """Write the schema files, the changes between releases and the index."""
    found = list(sources(folder))
    releases = releases_of(found)
    kinds: dict[tuple[str, str], dict[str, Any]] = {}
    variants: dict[tuple[str, str], dict[str, Any]] = {}
    known = {source.group for source in found if source.release != DEV}
    for (group, kind, version), history in histories(found, releases).items():
        file = f"{group}/{kind.lower()}_{version}.json"
        write(out / file, {"$id": BASE + file, **shrink(history.schema(history.base))})
        entry = kinds.setdefault((group, kind), kind_entry(history.any))
        spans = history.spans()
        row = index_entry(history, file)
        if group in known and spans != [[entry["project"], releases[entry["project"]][0], DEV]]:
            row["served"] = spans
        entry.setdefault("versions", []).append(row)
        variants.setdefault((group, kind), {})[version] = history.variants()
    write_changes(out, kinds, variants)
    for core in core_kinds():
        write(out / core.file, {"$id": BASE + core.file, **shrink(core.schema)})
        kinds[core.group, core.kind] = core.index_entry()
    for entry in kinds.values():
        entry["versions"].sort(key=lambda version: priority(version["name"]), reverse=True)
    write(out / "index.json", {"kinds": [kinds[key] for key in sorted(kinds)], "releases": releases})


def kind_entry(source: Source) -> dict[str, Any]:
    """What the index says of a kind, its versions aside."""
    return {
        "group": source.group,
        "kind": source.kind,
        "plural": source.plural,
        "project": source.project,
        "scope": source.scope.lower(),
    }


def write_changes(
    out: Path, kinds: dict[tuple[str, str], dict[str, Any]], variants: dict[tuple[str, str], dict[str, Any]]
) -> None:
    """Write what differs between releases, kind by kind; a version that differs as another does names it."""
    for (group, kind), by_version in variants.items():
        if not any(one["variants"] for one in by_version.values()):
            continue
        told: dict[str, Any] = {}
        for version, one in by_version.items():
            twin = next((name for name, other in told.items() if other == one), None)
            told[version] = twin or one
        kinds[group, kind]["changes"] = file = f"changes/{group}/{kind.lower()}.json"
        write(out / file, told)


def main() -> int:
    """Run the build; 1 when a rule of a definition has no re-expression."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("crds", type=Path)
    parser.add_argument("--out", type=Path, default=Path("schemas"))
    arguments = parser.parse_args()
    try:
        build(arguments.crds, arguments.out)
    except UnknownRule as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
