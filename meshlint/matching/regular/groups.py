"""What may follow an opening parenthesis: names, flags, and the Perl constructs that both dialects refuse."""

from __future__ import annotations

from meshlint.values import evolve, frozen, regex

from .reader import Reader, Refused

_REFUSED = {
    "(?=": "look-ahead `(?=`",
    "(?!": "negative look-ahead `(?!`",
    "(?<=": "look-behind `(?<=`",
    "(?<!": "negative look-behind `(?<!`",
    "(?>": "the atomic group `(?>`",
    "(?#": "the comment `(?#`",
    "(?P=": "the back-reference `(?P=`",
    "(?P>": "the recursion `(?P>`",
    "(?|": "the branch reset `(?|`",
    "(?R": "the recursion `(?R`",
    "(?(": "the conditional `(?(`",
}
_NAME = regex(r"[A-Za-z0-9_]+")
_RUST_NAME = regex(r"[A-Za-z_][A-Za-z0-9_.\[\]]*")
_FLAGS = regex(r"\(\?([a-zA-Z]*)(-[a-zA-Z]+)?([:)])")


@frozen
class Flags:
    """Which flags hold from here on.

    They are `i` (any case), `s` (the dot also takes a line feed) and `U` (repetition is lazy unless marked).
    """

    fold: bool = False
    dot_all: bool = False
    lazy: bool = False


def open_group(reader: Reader, flags: Flags, names: set[str]) -> tuple[Flags, bool]:
    """Read from `(` to where the group's content starts.

    Returns:
        The flags that hold next, and whether a group was opened; `(?i)` opens none.
    """
    if not reader.sees("(?"):
        reader.take()
        return flags, True
    if not (reader.rust and reader.sees("(?R")):
        for start, words in _REFUSED.items():
            if reader.sees(start):
                raise Refused(f"holds {words}, which {reader.dialect.value} does not support")
    if reader.accept("(?P<") or reader.accept("(?<"):
        _read_name(reader, names)
        return flags, True
    return _read_flags(reader, flags)


def _read_name(reader: Reader, names: set[str]) -> None:
    name = reader.until(">") or ""
    if not (_RUST_NAME if reader.rust else _NAME).fullmatch(name):
        raise Refused(f"has the group name `{name}`, which is no name")
    if name in names:
        raise Refused(f"gives two groups the name `{name}`")
    names.add(name)


def _read_flags(reader: Reader, flags: Flags) -> tuple[Flags, bool]:
    found = _FLAGS.match(reader.text, reader.at)
    known = "imsURux" if reader.rust else "imsU"
    if found is None or any(flag not in known for flag in found[1] + (found[2] or "-")[1:]):
        raise Refused(
            f"holds `{reader.text[reader.at : reader.at + 4]}`, which starts no known kind of group"
        )
    reader.at = found.end()
    if set(found[1]) & set("xu") or set(found[2] or "") & set("xu"):
        reader.go_beyond("the flags `x` and `u`")
    for letters, value in ((found[1], True), ((found[2] or "")[1:], False)):
        flags = evolve(flags, fold=value) if "i" in letters else flags
        flags = evolve(flags, dot_all=value) if "s" in letters else flags
        flags = evolve(flags, lazy=value) if "U" in letters else flags
    return flags, found[3] == ":"
