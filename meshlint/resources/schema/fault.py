"""What the walk finds, before it is put into words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshlint.values import field, frozen

if TYPE_CHECKING:
    from meshlint.resources.schema.violation import Path, Reason


@frozen(repr=False)
class Fault:
    """A place and what is wrong there, relative to the node that found it.

    `detail` holds what the words need: the allowed values, the names in question, the limit.
    """

    reason: Reason
    path: Path = ()
    on_key: bool = False
    detail: dict[str, Any] = field(factory=dict)
    related: tuple[Path, ...] = ()

    def under(self, step: str | int) -> Fault:
        """The same fault as the node one step further out sees it."""
        related = tuple((step, *path) for path in self.related)
        return Fault(self.reason, (step, *self.path), self.on_key, self.detail, related)


@frozen(repr=False)
class Broken:
    """A constraint that does not hold: what is wrong and where, relative to the value it was asked of."""

    message: str
    path: Path = ()
    on_key: bool = False
    suggestion: str = ""
    related: tuple[Path, ...] = ()
