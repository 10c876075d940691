"""Checks the files of `rules/` and compiles them into `rules/catalogue.json`, which is read at start."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from meshlint.engine.catalogue import CATALOGUE, catalogue_text
from meshlint.engine.rule import ENGINE_CHECK
from meshlint.engine.rule_file import placed_check, read_rule_data, rule_file_of, rule_paths

PROJECT = Path(__file__).resolve().parent.parent
RULES = PROJECT / "rules"
SCHEMA = PROJECT / "schemas" / "rule.json"


def main() -> int:
    """Write the catalogue, or say on stderr what is wrong with the rules."""
    files = {path: read_rule_data(path) for path in rule_paths(RULES)}
    wrong = list(mistakes(files))
    for line in wrong:
        print(line, file=sys.stderr)
    if wrong:
        return 1
    (RULES / CATALOGUE).write_text(compiled(files), encoding="utf-8")
    print(f"{len(files)} rules")
    return 0


def compiled(files: Mapping[Path, Mapping[str, Any]]) -> str:
    """The text of the catalogue for these rule files, with what they or the modules of their checks need."""
    needs = read_rule_data(RULES / "needs.yaml")
    plain = read_rule_data(RULES / "plain.yaml")["places"]
    by_kind = {"alone": read_rule_data(RULES / "alone.yaml"), **read_rule_data(RULES / "near.yaml")}
    rules = []
    for path, data in files.items():
        check = placed_check(data["check"], folder_of(path))
        tables = {**_needed(needs, check), **_plain(plain, data, check), **_kinds(by_kind, data["id"])}
        rules.append({**tables, **data, "check": check})
    return catalogue_text(read_rule_data(RULES / "families.yaml"), rules)


def folder_of(path: Path) -> str:
    """The folder of a rule file below `rules/`."""
    return path.parent.relative_to(RULES).as_posix()


def _needed(needs: Mapping[str, Any], check: str) -> dict[str, Any]:
    """What the table says of a check, or else of its module or the closest folder around it."""
    place = check.replace(".", "/")
    while place:
        if place in needs:
            return {"needs": needs[place]}
        place = place.rpartition("/")[0]
    return {}


def _plain(places: Iterable[str], data: Mapping[str, Any], check: str) -> dict[str, bool]:
    """That a rule about meshes tells of plain objects, too, if its check stands in one of the places."""
    here = check.replace(".", "/")
    told = "meshes" in data and any(here.startswith(f"{place}/") for place in places)
    return {"plain": True} if told else {}


def _kinds(tables: Mapping[str, Mapping[str, Iterable[str]]], rule: str) -> dict[str, list[str]]:
    """The kinds of which a rule judges each object by itself, by what is near, or within its namespace."""
    found = {name: [kind for kind, rules in table.items() if rule in rules] for name, table in tables.items()}
    return {name: kinds for name, kinds in found.items() if kinds}


def mistakes(files: Mapping[Path, Mapping[str, Any]]) -> Iterator[str]:
    """What is wrong with the rule files, one line for each thing."""
    import jsonschema

    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    valid = {}
    for path, data in files.items():
        errors = [f"{path}: {error.json_path}: {error.message}" for error in validator.iter_errors(data)]
        yield from errors
        if not errors:
            valid[path] = data
            yield from (f"{path}: {wrong}" for wrong in _mistakes_of(path, data))
    for key in ("id", "name"):
        counts = Counter(data[key] for data in valid.values())
        yield from (f"{key} {word!r} is used {n} times" for word, n in counts.items() if n > 1)


def _mistakes_of(path: Path, data: Mapping[str, Any]) -> Iterator[str]:
    folder = folder_of(path)
    file = rule_file_of(data, folder)
    family, _, below = folder.partition("/")
    if path.stem != file.rule.name or family != file.rule.family.lower():
        wanted = "/".join(filter(None, (file.rule.family.lower(), below, f"{file.rule.name}.yaml")))
        yield f"a rule {file.rule} belongs in {wanted}"
    if file.rule.check != ENGINE_CHECK and not _exists(file.rule.check):
        yield f"there is no function meshlint.checks.{file.rule.check}"
    for example in file.examples:
        if example.bad != bool(example.expectations):
            yield f"example {example.title!r}: `# expect` marks every bad example and no other"
    if not any(example.bad for example in file.examples) and not file.rule.always:
        yield "there is no bad example"


def _exists(check: str) -> bool:
    module, _, function = check.rpartition(".")
    try:
        return callable(getattr(import_module(f"meshlint.checks.{module}"), function, None))
    except ModuleNotFoundError:
        return False


if __name__ == "__main__":
    sys.exit(main())
