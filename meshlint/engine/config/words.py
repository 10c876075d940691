"""The words of a configuration that name rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.engine.catalogue import Catalogue
from meshlint.engine.parameters import parameter_slips
from meshlint.engine.selectors import selector, unknown_selector
from meshlint.engine.usage import Slip

_LISTS = ("select", "extend-select", "ignore")


def word_slips(data: Mapping[str, Any], catalogue: Catalogue) -> Iterator[Slip]:
    """The words in valid `data` that name no rule, and the parameters that no rule has.

    Those under `ignores` are no slips: like other suppressions they become findings.
    """
    for key in _LISTS:
        for index, word in enumerate(data.get(key, ())):
            yield from _unknown((key, index), word, catalogue)
    for word in data.get("severity", {}):
        yield from _unknown(("severity", word), word, catalogue)
    yield from parameter_slips(catalogue, data.get("rules", {}))


def _unknown(path: tuple[str | int, ...], word: str, catalogue: Catalogue) -> Iterator[Slip]:
    if selector(word, catalogue) is None:
        message, hint = unknown_selector(word, catalogue)
        yield Slip(path, f"{path[0]}: {message}", hint)
