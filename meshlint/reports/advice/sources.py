"""The sources that an advice rests on, numbered in the order of their use."""

from __future__ import annotations

from collections.abc import Iterable

from meshlint.advisor import Advice
from meshlint.advisor.cost.costs import Item
from meshlint.advisor.cost.figures import Source
from meshlint.advisor.cost.weights import Setting
from meshlint.advisor.needs import Support
from meshlint.advisor.verdict.terms import Term
from meshlint.values import field, frozen


@frozen
class Sources:
    """Numbers for sources, by the key of the source."""

    advice: Advice
    numbers: dict[str, int] = field(factory=dict)
    lines: list[str] = field(factory=list)

    def of_items(self, items: Iterable[Item]) -> str:
        """The marks of all sources of `items`, and a word if something of it is assumed."""
        known = self.advice.model.figures.sources
        bounds = [bound for item in items for bound in item.figure.stated]
        numbers = {self._number(b.source, _line(known[b.source])) for b in bounds if b.source}
        marks = ", ".join(map(str, sorted(numbers)))
        return f"[{marks}{', in part assumed' if any(b.assumption for b in bounds) else ''}]"

    def of_support(self, supports: Iterable[Support]) -> str:
        """The marks of the documentation of `supports`."""
        numbers = {self._number(one.source, f"{one.version}: {one.source}") for one in supports}
        return f"[{', '.join(map(str, sorted(numbers)))}]"

    def of_term(self, term: Term) -> str:
        """The mark of where a term is written, behind a space; empty for what was counted here."""
        return f" [{self._number(term.source, f'{term.date}: {term.source}')}]" if term.source else ""

    def of_setting(self, setting: Setting) -> str:
        """The mark of who says so."""
        source = self.advice.model.figures.sources[setting.source]
        return f"[{self._number(setting.source, _line(source))}]"

    def _number(self, key: str, line: str) -> int:
        if key not in self.numbers:
            self.numbers[key] = len(self.numbers) + 1
            self.lines.append(line)
        return self.numbers[key]


def _line(source: Source) -> str:
    where = f" {source.url}" if source.url else ""
    return f"{source.by}, {source.date} ({source.kind}): {source.title}.{where}"
