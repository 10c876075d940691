"""From the bytes of a configuration file to settings, or to what is wrong with it and where."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meshlint.documents import FileText, Span, read
from meshlint.engine.catalogue import Catalogue
from meshlint.engine.config.model import Config, Ignore
from meshlint.engine.config.schema import Path as KeyPath
from meshlint.engine.config.schema import slips
from meshlint.engine.config.words import word_slips
from meshlint.engine.finding import Location
from meshlint.engine.plan import OFF, Selection
from meshlint.engine.rule import Profile, Severity
from meshlint.engine.usage import Mistake, Slip, UsageError
from meshlint.values import evolve

if TYPE_CHECKING:
    from meshlint.engine.custom.files import Holder
    from meshlint.engine.rule_file import RuleFile

Place = Callable[[KeyPath], Span]


def read_config(
    path: Path, shown: str | None = None, catalogue: Catalogue | None = None, within: Path | None = None
) -> Config:
    """The settings in the file at `path`, told of as `shown`; raises `UsageError` with all that is wrong.

    With a catalogue, words that name no rule and parameters that no rule has are wrong as well. Rules that
    the user wrote are read from files beside it, with `within` from that directory alone.
    """
    name = shown or str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(Mistake(f"cannot be read: {error.strerror}", file=name)) from error
    is_toml = path.suffix == ".toml"
    value, text, place = _from_toml(name, data) if is_toml else _from_yaml(name, data)
    directory = path.resolve().parent
    settings = config_of(value, name, place, catalogue, lambda: _on_disk(directory, within))
    return evolve(settings, directory=directory, source=text)


def config_of(
    data: Any,
    name: str = "",
    place: Place = lambda _: Span.at(1, 1),
    catalogue: Catalogue | None = None,
    holder: Callable[[], Holder] | None = None,
) -> Config:
    """The settings that `data` gives; raises `UsageError` with all that is wrong and its `place`.

    `holder` has the files of rules that it names; without one these are not looked for.
    """
    _refuse(list(slips(data)), name, place)
    rules = data.get("rules", {})
    named = rules if isinstance(rules, list) else rules.get("files", ())
    parameters = {} if isinstance(rules, list) else {word: rules[word] for word in rules if word != "files"}
    custom = _custom(named, name, place, catalogue, holder()) if named and holder is not None else ()
    if catalogue is not None:
        known = catalogue.with_rules(one.rule for one in custom)
        _refuse(list(word_slips({**data, "rules": parameters}, known)), name, place)
    return Config(
        custom=custom,
        selection=_selection(data, parameters),
        fail_on=_fail_on(data.get("fail-on", "warning")),
        group_after=data.get("group-after", 20),
        paths=tuple(data.get("paths", ())),
        exclude=tuple(data.get("exclude", ())),
        crds=tuple(data.get("crds", ())),
        assume_complete=data.get("assume") == "complete",
        external={key: tuple(names) for key, names in data.get("external", {}).items()},
        substitutions=data.get("substitutions", {}),
        mesh=data.get("mesh", {}),
        versions=data.get("versions", {}),
        ignores=tuple(
            _ignore(entry, Location(name, place(("ignores", index))))
            for index, entry in enumerate(data.get("ignores", ()))
        ),
        traffic=data.get("traffic", {}),
        advise=data.get("advise", {}),
    )


def _on_disk(directory: Path, within: Path | None) -> Holder:
    from meshlint.engine.custom.files import OnDisk

    return OnDisk(directory, within)


def _refuse(wrong: list[Slip], name: str, place: Place) -> None:
    if wrong:
        lines = [place(slip.path).line if name else 0 for slip in wrong]
        raise UsageError(*(Mistake(s.message, s.hint, name, n) for s, n in zip(wrong, lines, strict=True)))


def _custom(
    words: list[str], name: str, place: Place, catalogue: Catalogue | None, holder: Holder
) -> tuple[RuleFile, ...]:
    """The rules in the files that the section `rules` names."""
    from meshlint.engine.catalogue import load_catalogue
    from meshlint.engine.custom.files import Named
    from meshlint.engine.custom.reading import read_rules

    named = [Named(word, name, place(("rules",)).line) for word in words]
    return read_rules(holder.read(named), catalogue or load_catalogue())


def _selection(data: Mapping[str, Any], parameters: Mapping[str, Any]) -> Selection:
    grades = data.get("severity", {})
    return Selection(
        select=tuple(data.get("select", ())),
        extend_select=tuple(data.get("extend-select", ())),
        ignore=tuple(data.get("ignore", ())),
        profile=Profile(data.get("profile", Profile.DEFAULT)),
        # YAML reads an unquoted `off` as false.
        severity={word: OFF if grade is False else grade for word, grade in grades.items()},
        parameters=parameters,
    )


def _fail_on(word: str) -> Severity | None:
    return None if word == "never" else Severity[word.upper()]


def _ignore(entry: Mapping[str, Any], place: Location) -> Ignore:
    expires = entry.get("expires")
    return Ignore(
        rules=tuple(entry["rules"]),
        reason=entry["reason"],
        kind=entry.get("kind", "*"),
        namespace=entry.get("namespace", "*"),
        name=entry.get("name", "*"),
        path=entry.get("path", ""),
        expires=date.fromisoformat(expires) if expires else None,
        place=place,
    )


def _from_yaml(name: str, data: bytes) -> tuple[Any, FileText, Place]:
    reading = read(name, data)
    if reading.problems:
        raise UsageError(*(Mistake(p.message, p.hint or "", name, p.span.line) for p in reading.problems))
    if reading.is_template:
        raise UsageError(Mistake("This is a template, not a configuration", file=name))
    if len(reading.documents) > 1:
        line = reading.documents[1].span(()).line
        raise UsageError(Mistake("A configuration file holds one document", file=name, line=line))
    if not reading.documents or reading.documents[0].value is None:
        return {}, reading.text, lambda _: Span.at(1, 1)
    document = reading.documents[0]
    return document.value, reading.text, lambda path: document.span(path, on_key=True)


def _from_toml(name: str, data: bytes) -> tuple[Any, FileText, Place]:
    import tomllib

    try:
        content = data.decode()
        whole = tomllib.loads(content)
    except ValueError as error:
        raise UsageError(Mistake(f"This is not TOML: {error}", file=name)) from error
    text = FileText(name, content)
    tool = whole.get("tool")
    section = tool.get("meshlint", {}) if isinstance(tool, dict) else {}
    return _plain(section), text, lambda path: _toml_place(text, path)


def _plain(value: Any) -> Any:
    """TOML values as YAML would give them: dates as text."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _toml_place(text: FileText, path: KeyPath) -> Span:
    """The first line below `[tool.meshlint` that sets the last key of `path`: tomllib tells no places."""
    start = next((n for n, line in enumerate(text.lines) if line.startswith("[tool.meshlint")), 0)
    keys = [re.escape(step) for step in path if isinstance(step, str)]
    sets = re.compile(
        rf"""\s*(\[+tool\.meshlint\.)?(.*\.)?["']?{keys[-1] if keys else "$"}["']?\s*(=|\]|\.)"""
    )
    for number, line in enumerate(text.lines[start:], start + 1):
        if sets.match(line):
            return Span(number, 1, number, len(line) + 1)
    return Span.at(start + 1, 1)
