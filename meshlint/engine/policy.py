"""What is done with findings before they are told."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from meshlint.values import frozen

if TYPE_CHECKING:
    from meshlint.engine.config.model import Ignore


@frozen(repr=False)
class Policy:
    """What is done with findings before they are told, on the day `today`.

    `ignores` come from a configuration file in `directory`, and `whole` is whether all that it speaks of is
    read; without `honour_ignores` no suppression of any kind counts. More than `group_after` findings that
    read alike are told as one; 0 never groups. The rules share `jobs` processes; None takes as many as pay.
    """

    today: date
    ignores: tuple[Ignore, ...] = ()
    directory: Path | None = None
    whole: bool = False
    honour_ignores: bool = True
    group_after: int = 20
    jobs: int | None = 1
