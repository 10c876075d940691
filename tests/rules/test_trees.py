"""`rules/` and `meshlint/checks/` are one tree, told twice: each rule stands in the folder of its check."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import meshlint.checks
from meshlint.data import data_directory
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.rule import ENGINE_CHECK
from meshlint.engine.rule_file import rule_path, rule_paths

RULES = data_directory("rules")
CHECKS = Path(meshlint.checks.__file__).parent
SHARED = "shared"
CUSTOM = "custom"
"""What rules of users name: no rule of ours has a file there."""
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
    and not module.startswith(f"{CUSTOM}.")
    and [argument.arg for argument in statement.args.posonlyargs + statement.args.args][:1] == ["world"]
    and ast.unparse(statement.args.args[-1].annotation or statement) in ("Parameters", "Mapping[str, Any]")
]


def folders(root: Path) -> set[str]:
    return {
        path.relative_to(root).as_posix()
        for path in root.glob("*/**/")
        if path != root and path.name != "__pycache__"
    }


def first(found: Iterable[object]) -> str | None:
    """The first of what should not be, for the test to name it."""
    return next((str(one) for one in found), None)


def test_there_are_checks_to_look_at() -> None:
    assert len(CHECK_PATHS) > 400


def test_each_rule_names_a_check_of_its_folder() -> None:
    astray = (rule for rule in CATALOGUE if rule.check in NAMED - set(CHECK_PATHS))
    assert first(f"{rule} names {rule.check}" for rule in astray) is None


def test_each_check_is_named_by_a_rule() -> None:
    assert first(check for check in CHECK_PATHS if check not in NAMED) is None


def test_the_file_of_a_rule_is_where_its_check_leads() -> None:
    wanted = {rule_path(rule).relative_to(RULES).as_posix() for rule in CATALOGUE}
    assert first(sorted(wanted ^ {path.relative_to(RULES).as_posix() for path in rule_paths()})) is None


def test_each_folder_has_its_twin() -> None:
    checks = {folder for folder in folders(CHECKS) if folder.split("/")[0] not in (SHARED, CUSTOM)}
    assert first(sorted(folders(RULES) ^ checks)) is None


def test_the_first_folder_is_the_family() -> None:
    strangers = (rule for rule in CATALOGUE if rule.folder.split("/")[0] != rule.family.lower())
    assert first(f"{rule} stands in {rule.folder}" for rule in strangers) is None


def test_a_folder_can_be_read_at_a_glance() -> None:
    rules = Counter(rule.folder for rule in CATALOGUE)
    assert first(f"{folder} holds {count}" for folder, count in rules.items() if count > MOST) is None
    inner = {parent.as_posix() for folder in folders(RULES) for parent in Path(folder).parents}
    assert first(sorted(inner & set(rules))) is None, "rules beside folders of rules"


def test_what_is_shared_is_asked_by_several_families() -> None:
    asking: dict[str, set[str]] = defaultdict(set)
    for module, tree in MODULES.items():
        for statement in ast.walk(tree):
            if isinstance(statement, ast.ImportFrom) and statement.module is not None:
                asking[statement.module].add(module.split(".")[0])
    shared = [name for name in MODULES if name.startswith(f"{SHARED}.") and not name.endswith("__init__")]
    families = {name: asking[f"meshlint.checks.{name}"] - {SHARED} for name in shared}
    assert first(f"{name} by {asked}" for name, asked in families.items() if len(asked) < 2) is None
