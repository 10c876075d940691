"""`rules/` and `meshlint/checks/` are one tree, told twice: each rule stands in the folder of its check."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import meshlint.checks
from meshlint.data import data_directory
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.rule import ENGINE_CHECK
from meshlint.engine.rule_file import rule_path, rule_paths

RULES = data_directory("rules")
CHECKS = Path(meshlint.checks.__file__).parent
SHARED = "shared"
MOST = 24
"""Rules that a folder may hold and still be read at a glance."""

CATALOGUE = load_catalogue().rules
NAMED = {rule.check for rule in CATALOGUE if rule.check != ENGINE_CHECK}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """The syntax of the modules in the folders of the checks, by paths such as `scale.sidecars`."""
    for path in sorted(CHECKS.glob("*/**/*.py")):
        dotted = ".".join(path.relative_to(CHECKS).with_suffix("").parts)
        yield dotted, ast.parse(path.read_text(encoding="utf-8"))


MODULES = dict(modules())
CHECK_PATHS = [
    f"{module}.{statement.name}"
    for module, tree in MODULES.items()
    for statement in tree.body
    if isinstance(statement, ast.FunctionDef)
    and not statement.name.startswith("_")
    and [argument.arg for argument in statement.args.posonlyargs + statement.args.args][:1] == ["world"]
    and ast.unparse(statement.args.args[-1].annotation or statement) in ("Parameters", "Mapping[str, Any]")
]


def folders(root: Path) -> set[str]:
    return {
        path.relative_to(root).as_posix()
        for path in root.glob("*/**/")
        if path != root and path.name != "__pycache__"
    }


def test_there_are_checks_to_look_at() -> None:
    assert len(CHECK_PATHS) > 400


def test_each_rule_names_a_check_of_its_folder() -> None:
    assert [
        f"{rule} names {rule.check}" for rule in CATALOGUE if rule.check in NAMED - set(CHECK_PATHS)
    ] == []


def test_each_check_is_named_by_a_rule() -> None:
    assert [check for check in CHECK_PATHS if check not in NAMED] == []


def test_the_file_of_a_rule_is_where_its_check_leads() -> None:
    assert [str(rule_path(rule)) for rule in CATALOGUE if not rule_path(rule).is_file()] == []
    assert sorted(set(rule_paths()) - {rule_path(rule) for rule in CATALOGUE}) == []


def test_each_folder_has_its_twin() -> None:
    checks = {folder for folder in folders(CHECKS) if folder.split("/")[0] != SHARED}
    assert sorted(folders(RULES) ^ checks) == []


def test_the_first_folder_is_the_family() -> None:
    strangers = [rule for rule in CATALOGUE if rule.folder.split("/")[0] != rule.family.lower()]
    assert [f"{rule} stands in {rule.folder}" for rule in strangers] == []


def test_a_folder_can_be_read_at_a_glance() -> None:
    rules = Counter(rule.folder for rule in CATALOGUE)
    assert [(folder, count) for folder, count in sorted(rules.items()) if count > MOST] == []
    inner = {parent.as_posix() for folder in folders(RULES) for parent in Path(folder).parents}
    assert sorted(inner & set(rules)) == [], "rules beside folders of rules"


def test_what_is_shared_is_asked_by_several_families() -> None:
    asking: dict[str, set[str]] = defaultdict(set)
    for module, tree in MODULES.items():
        for statement in ast.walk(tree):
            if isinstance(statement, ast.ImportFrom) and statement.module is not None:
                asking[statement.module].add(module.split(".")[0])
    shared = [name for name in MODULES if name.startswith(f"{SHARED}.") and not name.endswith("__init__")]
    families = {name: asking[f"meshlint.checks.{name}"] - {SHARED} for name in shared}
    assert [(name, sorted(asked)) for name, asked in families.items() if len(asked) < 2] == []
