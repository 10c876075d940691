"""The one value that checks and front ends ask about routing."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from attrs import frozen

from meshlint.mesh import Mesh

if TYPE_CHECKING:
    from meshlint.traffic.shares import Split
    from meshlint.traffic.subsets import Subsets


@frozen(eq=False, slots=False)
class Traffic:
    """Answers about where requests go, each worked out when it is first asked for."""

    mesh: Mesh

    @cached_property
    def splits(self) -> tuple[Split, ...]:
        """How each route shares out its requests."""
        from meshlint.traffic.shares import splits

        return tuple(splits(self.mesh))

    @cached_property
    def subsets(self) -> Subsets:
        """Subsets, and the routes that name them."""
        from meshlint.traffic.subsets import Subsets

        return Subsets(self.mesh)
