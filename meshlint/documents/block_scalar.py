"""Texts of several lines after `|` or `>` (YAML 1.1, 9.1 and 9.2; libyaml: yaml_parser_scan_block_scalar)."""

from __future__ import annotations

from collections.abc import Sequence

_BLANKS = (" ", "\t")


def block_scalar(lines: Sequence[str], start: int, header: str, around: int) -> tuple[str, int] | None:
    """The text that begins at line `start`, and the number of the line after it.

    `header` is `|` or `>` with `+`, `-` or nothing, and how far the text is indented if that is not plain to
    see; `around` is the column of what the text stands in. None where the lines before the text make its
    indentation doubtful.
    """
    first = next((number for number in range(start, len(lines)) if not is_blank(lines[number])), len(lines))
    reached = indent(lines[first]) if first < len(lines) else 0
    told = header.strip("|>+-")
    if not told and reached <= around:
        return _chomped("", first - start, header), first
    inside = max(around, 0) + int(told) if told else reached
    if any(len(line) > inside for line in lines[start:first]):
        return None
    if reached < inside:
        return _chomped("", first - start, header), first
    if lines[first][inside] == "\t":
        return None
    end = next((n for n in range(first, len(lines)) if _ends(lines[n], inside)), len(lines))
    written = [line[inside:] for line in lines[first:end]]
    trailing = 0
    while written and not written[-1]:
        written.pop()
        trailing += 1
    before = [""] * (first - start)
    text = "\n".join([*before, *written]) if header[0] == "|" else "\n" * len(before) + _folded(written)
    return _chomped(text + "\n", trailing, header), end


def indent(line: str) -> int:
    """How many blanks a line begins with."""
    return len(line) - len(line.lstrip(" "))


def is_blank(line: str) -> bool:
    """Whether a line holds blanks at most."""
    return not line.strip(" ")


def _ends(line: str, inside: int) -> bool:
    """Whether a line stands outside of a text that is indented by `inside`."""
    return not line.startswith(" " * inside) and not is_blank(line)


def _chomped(text: str, trailing: int, header: str) -> str:
    """The end as `header` has it: without line breaks, with that of the text, or with all."""
    if "+" in header:
        return text + "\n" * trailing
    return text.removesuffix("\n") if "-" in header else text


def _folded(lines: Sequence[str]) -> str:
    """Lines joined by blanks; lines that begin with a blank keep their breaks, and so do empty ones."""
    result = [lines[0]]
    breaks, is_deep = 0, lines[0].startswith(_BLANKS)
    for line in lines[1:]:
        if not line:
            breaks += 1
            continue
        was_deep, is_deep = is_deep, line.startswith(_BLANKS)
        joint = "\n" if was_deep or is_deep else "" if breaks else " "
        result.append(joint + "\n" * breaks + line)
        breaks = 0
    return "".join(result)
