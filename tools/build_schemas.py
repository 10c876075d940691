"""Build `schemas/` from a folder of CustomResourceDefinitions.

Usage: python -m tools.build_schemas CRDS [--out schemas]

CRDS holds one folder per project (istio, linkerd, gateway-api), the Gateway API one its two channels.
Where several definitions give the same kind and version, the experimental channel of the project that owns
the group wins, and its fields that the standard channel lacks are marked. A CEL rule that has no
re-expression yet stops the build.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from attrs import frozen

from meshlint.resources.schema.shape.objects import object_schema
from meshlint.resources.schema.shape.structural import add
from tools.channels import mark_experimental
from tools.core_kinds import core_kinds
from tools.rule_table import UnknownRule, express, settle
from tools.shrink import shrink

if TYPE_CHECKING:
    from collections.abc import Iterator

OWNERS = ("gateway-api/experimental", "gateway-api/standard", "istio", "linkerd")
OVERLAYS = Path(__file__).with_name("overlays.json")
BASE = "https://meshlint.dev/schemas/"


@frozen
class Source:
    """One version of one kind, as one definition gives it."""

    owner: str
    group: str
    kind: str
    plural: str
    scope: str
    version: dict[str, Any]

    @property
    def key(self) -> tuple[str, str, str]:
        """Group, kind and version name."""
        return self.group, self.kind, self.version["name"]


def definitions(folder: Path) -> Iterator[Source]:
    """Every version of every definition below `folder`, owners in order of precedence."""
    for owner in OWNERS:
        for file in sorted((folder / owner).glob("*.yaml")):
            for crd in yaml.load_all(file.read_text(), Loader=yaml.CSafeLoader):
                if crd and crd.get("kind") == "CustomResourceDefinition":
                    spec = crd["spec"]
                    names = spec["names"]
                    for version in spec["versions"]:
                        yield Source(
                            owner, spec["group"], names["kind"], names["plural"], spec["scope"], version
                        )


def merge(sources: list[Source]) -> dict[tuple[str, str, str], list[Source]]:
    """The sources of each kind and version, the one that is believed first."""
    merged: dict[tuple[str, str, str], list[Source]] = {}
    for source in sources:
        merged.setdefault(source.key, []).append(source)
    return merged


def build_schema(sources: list[Source]) -> dict[str, Any]:
    """The schema of one kind and version; fields of the experimental channel alone are marked."""
    first = sources[0]
    schema = object_schema(first.version, first.group, first.kind, express)
    settle(schema)
    lay_over(schema, first.group, first.kind)
    standard = [source for source in sources if source.owner.endswith("/standard")]
    if standard and first.owner.endswith("/experimental"):
        mark_experimental(schema, object_schema(standard[0].version, first.group, first.kind, express))
    return schema


def lay_over(schema: dict[str, Any], group: str, kind: str) -> None:
    """Add in place what `overlays.json` knows beyond the definitions, such as what a webhook refuses."""
    for row in json.loads(OVERLAYS.read_text()):
        if (row["group"], row["kind"]) == (group, kind):
            node = schema
            for step in row["path"]:
                node = node.get("properties", {}).get(step, {})
            if node:
                add(node, row["adds"])


def index_entry(sources: list[Source], file: str) -> dict[str, Any]:
    """What the index says of one version."""
    versions = [source.version for source in sources]
    entry: dict[str, Any] = {"file": file, "name": versions[0]["name"]}
    if versions[0]["storage"]:
        entry["storage"] = True
    if any(version.get("deprecated") for version in versions):
        entry["deprecated"] = True
    served = {source.owner for source in sources if source.version["served"]}
    if any(owner.startswith("gateway-api") for owner in {s.owner for s in sources}) and (
        "gateway-api/standard" not in served
    ):
        entry["channel"] = "experimental"
    return entry


def priority(version: str) -> tuple[int, int, int]:
    """The rank of a version as Kubernetes orders them: stable over beta over alpha, newer over older."""
    match = re.fullmatch(r"v(\d+)(?:(alpha|beta)(\d+))?", version)
    if match is None:
        return -1, 0, 0
    major, stage, minor = match.groups()
    return {"alpha": 0, "beta": 1, None: 2}[stage], int(major), int(minor or 0)


def write(path: Path, value: Any) -> None:
    """Write compact JSON with sorted keys."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n")


def build(folder: Path, out: Path) -> None:
    """Write the schema files and the index."""
    kinds: dict[tuple[str, str], dict[str, Any]] = {}
    for (group, kind, version), sources in sorted(merge(list(definitions(folder))).items()):
        file = f"{group}/{kind.lower()}_{version}.json"
        write(out / file, {"$id": BASE + file, **shrink(build_schema(sources))})
        entry = kinds.setdefault(
            (group, kind),
            {"group": group, "kind": kind, "plural": sources[0].plural, "scope": sources[0].scope.lower()},
        )
        entry.setdefault("versions", []).append(index_entry(sources, file))
    for core in core_kinds():
        write(out / core.file, {"$id": BASE + core.file, **shrink(core.schema)})
        kinds[core.group, core.kind] = core.index_entry()
    for entry in kinds.values():
        entry["versions"].sort(key=lambda version: priority(version["name"]), reverse=True)
    write(out / "index.json", [kinds[key] for key in sorted(kinds)])


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
