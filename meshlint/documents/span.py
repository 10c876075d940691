"""Places in a text."""

from __future__ import annotations

from meshlint.values import frozen

Step = str | int
Path = tuple[Step, ...]
Place = tuple[int, Path]
"""What tells a field from all others of a set: which document it is in, and the path there."""


@frozen(order=True)
class Span:
    """A stretch of text: 1-based lines and columns in code points, the end just after the last character."""

    line: int
    column: int
    end_line: int
    end_column: int

    @classmethod
    def at(cls, line: int, column: int, length: int = 1) -> Span:
        """A stretch on one line."""
        return cls(line, column, line, column + length)

    def down(self, lines: int) -> Span:
        """The same stretch, so many lines further down."""
        return Span(self.line + lines, self.column, self.end_line + lines, self.end_column)
