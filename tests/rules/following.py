"""Hints followed to the letter: what a reader does who knows nothing but the hint and the marked line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from meshlint.engine.finding import Finding

_WORD = r"(?P<quote>[`'])(?P<word>[^`'…:]+|[^`'… ]+)(?P=quote)(?=[.?;]|: (?!one of))"
HINT = re.compile(rf"(?:Did you mean|Write|Set|Name it) (?!.* on the )(?:`(?P<pair>[^`…]+: [^`…]+)`|{_WORD})")
"""Hints that say first what is to be written at the marked place: a word, or a key and its value."""
PAIR = re.compile(r"(?P<path>[\w./-]+): (?P<value>\S.*)")
VALUE = re.compile(r"(?<=[:-] )(?=[^\s\[{])(?![^:]*:(?: |$)).*")
"""What stands behind the last colon or dash of a line."""
WORDS = (re.compile(r"[\w*-]+"), re.compile(r"[\w./*:-]+"))
NEAR = 0.5
"""How much a word of the line has to be like the one that is meant instead of it."""
Lines = Sequence[str]


def followed(files: Mapping[str, str], finding: Finding) -> Iterator[dict[str, str]]:
    """The files after each way to do what the hint of a finding says; none where it says no such thing."""
    match = HINT.match(finding.hint or "")
    if match is None:
        return
    name, number = finding.location.file, finding.location.span.line - 1
    lines = files[name].splitlines()
    pair = PAIR.fullmatch(match["pair"] or "")
    made = _with_pair(lines, number, pair) if pair else _with_word(lines, number, match["word"])
    for changed in made:
        yield {**files, name: "\n".join(changed) + "\n"}


def _with_word(lines: Lines, number: int, said: str) -> Iterator[Lines]:
    """The value of the line replaced, or a word of it, the likest first."""
    line = lines[number]
    found = {match.span() for pattern in (VALUE, *WORDS) for match in pattern.finditer(line)}
    likest = sorted(found, key=lambda span: -_likeness(line[slice(*span)], said))
    whole = next((match.span() for match in VALUE.finditer(line)), None)
    for start, end in likest:
        if (start, end) == whole or _likeness(line[start:end], said) >= NEAR:
            yield [*lines[:number], line[:start] + said + line[end:], *lines[number + 1 :]]


def _likeness(word: str, said: str) -> float:
    return SequenceMatcher(None, word, said).ratio()


def _with_pair(lines: Lines, number: int, pair: re.Match[str]) -> Iterator[Lines]:
    """A key and its value written below the line, beside it, or beside what it stands in, inmost first."""
    *above, key = pair["path"].split(".") if "/" not in pair["path"] else [pair["path"]]
    written = f"{key}: {pair['value']}"
    for one in reversed(above):
        key, written = one, f"{one}: {{{written}}}"
    below, line = number + 1, lines[number]
    if line.endswith(" {}"):
        yield [*lines[:number], f"{line[:-1]}{written}}}", *lines[below:]]
    elif below < len(lines) and _indent(lines[below]) > _indent(line):
        yield _beside(lines, below, key, written)
    yield from (_beside(lines, at, key, written) for at in (number, *_around(lines, number)))


def _beside(lines: Lines, at: int, key: str, written: str) -> Lines:
    """`written` in the mapping that line `at` is in, in place of the key if that is there already."""
    indent = _indent(lines[at])
    first = at
    while first and not _is_entry(lines[first], indent) and _is_inside(lines[first - 1], indent):
        first -= 1
    last = first + 1
    while last < len(lines) and _is_inside(lines[last], indent) and not _is_entry(lines[last], indent):
        last += 1
    kept = list(_without(lines[first:last], indent, key))
    entry = _is_entry(lines[first], indent)
    head = " " * (indent - 2) + "- " if entry else " " * indent
    rest = [" " * indent + one.lstrip(" -") if entry and n == 0 else one for n, one in enumerate(kept)]
    return [*lines[:first], head + written, *rest, *lines[last:]]


def _without(block: Lines, indent: int, key: str) -> Iterator[str]:
    """The lines of a mapping without those of one key."""
    inside = False
    for line in block:
        if _indent(line) == indent:
            inside = line.lstrip(" -").startswith(f"{key}:")
        if not inside:
            yield line


def _is_inside(line: str, indent: int) -> bool:
    return _indent(line) >= indent and not line.startswith("---")


def _is_entry(line: str, indent: int) -> bool:
    return _indent(line) == indent and line.lstrip().startswith("- ")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" -"))


def _around(lines: Lines, number: int) -> Iterator[int]:
    """The lines that a line stands in, from the inmost out."""
    indent = _indent(lines[number])
    for at in range(number - 1, -1, -1):
        if lines[at].startswith("---"):
            return
        if _indent(lines[at]) < indent:
            indent = _indent(lines[at])
            yield at
