"""A memo as parts that any format can write: sections of paragraphs, lists, tables and bars."""

from __future__ import annotations

from meshlint.values import evolve, field, frozen


@frozen
class Paragraph:
    """Running text."""

    text: str


@frozen
class Bullets:
    """Points in a row, numbered if their order says something."""

    items: tuple[str, ...]
    numbered: bool = False


@frozen
class Table:
    """Rows below a header. Columns named in `right` are numbers, which stand to the right."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int] = field(factory=frozenset)


@frozen
class Bar:
    """A bar for an amount: full up to `typical`, light up to `high`, both as parts of the longest bar."""

    label: str
    typical: float
    high: float
    text: str


@frozen
class Bars:
    """A small picture."""

    bars: tuple[Bar, ...]


Block = Paragraph | Bullets | Table | Bars


@frozen
class Section:
    """A heading and what stands below it."""

    title: str
    blocks: tuple[Block, ...]


@frozen
class Memo:
    """A page: its title, the line below it, and its sections."""

    title: str
    remark: str
    sections: tuple[Section, ...]


def without_repeats(memo: Memo) -> Memo:
    """`memo` with each bullet told once, where it stands first; lists that say nothing new go."""
    told: set[str] = set()
    sections = tuple(evolve(one, blocks=_new_blocks(one.blocks, told)) for one in memo.sections)
    return evolve(memo, sections=tuple(one for one in sections if one.blocks))


def _new_blocks(blocks: tuple[Block, ...], told: set[str]) -> tuple[Block, ...]:
    kept: list[Block] = []
    for block in blocks:
        if isinstance(block, Bullets):
            items = [item for item in dict.fromkeys(block.items) if item not in told]
            told.update(items)
            block = evolve(block, items=tuple(items))
            if not items:
                continue
        kept.append(block)
    return tuple(kept)
