"""What is asked of a check."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from meshlint.api.reading.options import ReadOptions
from meshlint.engine.plan import Selection
from meshlint.engine.policy import Policy
from meshlint.values import evolve, field, frozen

if TYPE_CHECKING:
    from meshlint.engine.config import Config
    from meshlint.engine.rule import Rule


def policy_of_today() -> Policy:
    """What is done with findings where nothing else is asked for."""
    return Policy(date.today())


@frozen(repr=False)
class CheckOptions:
    """What is asked of a check: which rules, how the input set is read, and which findings are told."""

    selection: Selection = field(factory=Selection)
    reading: ReadOptions = field(factory=ReadOptions)
    policy: Policy = field(factory=policy_of_today)
    custom: tuple[Rule, ...] = ()
    """Rules that the user wrote."""


def options_of(config: Config) -> CheckOptions:
    """The options that a configuration gives, as of today."""
    return CheckOptions(
        config.selection,
        ReadOptions(
            config.mesh,
            config.versions,
            config.external,
            config.assume_complete,
            substitutions=config.substitutions,
        ),
        evolve(
            policy_of_today(),
            ignores=config.ignores,
            directory=config.directory,
            group_after=config.group_after,
        ),
        tuple(one.rule for one in config.custom),
    )
