"""What the files of a set leave to be filled in, and the worlds that may come of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from meshlint.checks.world import World
from meshlint.documents import Field
from meshlint.documents.placeholders import filled, is_unknown
from meshlint.engine.finding import Finding, RelatedLocation
from meshlint.engine.raised import Raised
from meshlint.engine.run import Worlds
from meshlint.resources.filling import Gap, Target, first_choice, in_use, other_choice, turns, wanted
from meshlint.values import evolve, frozen, regex

if TYPE_CHECKING:
    from meshlint.api.reading.project import Project

Choice = Callable[[Gap], Any]
ELLIPSIS: Final = "…"
_MARKER: Final = regex(r"unknown-?value-?\d+(?:-b)?(?:\.example\.(?:com|org))?")
_QUOTED: Final = regex(r"""(['"])((?:(?!\1).){1,253})\1""")
_LABEL: Final = regex(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_WORD: Final = regex(r"[\w-]{3,}")
_OTHERS: Final = 2
_MOST_OF_AN_ENUMERATION: Final = 8
_FEWEST_TARGETS: Final = 6
_MOST_TARGETS: Final = 60
_OBJECTS: Final = 4000
"""How many objects are looked at again, all worlds together; one question asks about all of them."""
_FEW: Final = 10
_DEPTH: Final = 8
_LOCAL: Final = ("SCHEMA", "HYGIENE", "UPGRADE")


@frozen(eq=False, slots=False, repr=False)
class Unknowns:
    """The gaps of a project, as the engine asks for them."""

    project: Project
    shown: Project
    """The project as it is looked at first, with something sound filled in."""
    worlds_of: Callable[[Project], Worlds[World]]

    @cached_property
    def _paths(self) -> dict[tuple[str, int], set[tuple[str | int, ...]]]:
        """The paths of gaps by file and number of the document."""
        found: dict[tuple[str, int], set[tuple[str | int, ...]]] = {}
        for gap in self.project.gaps:
            found.setdefault((gap.document.file, gap.document.index), set()).add(gap.blank.path)
        return found

    def told(self, raised: Raised) -> Raised | None:
        """The finding with open names left out of its words; None if it is about an open value."""
        hit, finding = raised.hit, raised.finding
        if isinstance(hit.at, Field) and not hit.on_key and self._is_open(hit.at):
            return None
        own = str(hit.resource) if hit.resource is not None else ""
        if _MARKER.search(finding.message.replace(own, "") if own else finding.message):
            return None
        return evolve(raised, finding=_without_words(finding)) if _speaks(finding) else raised

    @property
    def _affordable(self) -> int:
        """How many worlds may be asked about; none of a very large set."""
        return _OBJECTS // max(1, len(self.project.resources.resources))

    @property
    def is_settled(self) -> bool:
        """Whether all the worlds that matter are asked about, and not a few for want of time."""
        return self._affordable >= _MOST_OF_AN_ENUMERATION + _OTHERS + _FEWEST_TARGETS

    def may_touch(self, raised: Raised) -> bool:
        """Whether an open value stands in the object of a finding, or in one that it points to."""
        places = (raised.hit.at, *(related.at for related in raised.hit.related))
        documents = (one.document for one in places if isinstance(one, Field))
        return any((document.file, document.index) in self._paths for document in documents)

    def worlds(self) -> Iterator[Worlds[World]]:
        """Other sound values, those that are in use elsewhere, and each word of an enumeration."""
        return self._new(islice(self._sound_choices(), self._affordable))

    def _sound_choices(self) -> Iterator[Choice]:
        words = max((turns(gap) for gap in self.project.gaps), default=0)
        for turn in range(1, max(_OTHERS, min(_MOST_OF_AN_ENUMERATION, words))):
            yield other_choice(turn)
        common = in_use(self.project.documents, self.project.gaps)
        for turn in range(_OTHERS):
            yield common(turn)

    def worlds_against(self, found: Iterable[Raised]) -> Iterator[Worlds[World]]:
        """Worlds in which open values are just what a finding speaks of."""
        if not self.is_settled:
            return iter(())
        most = min(_MOST_TARGETS, self._affordable)
        return self._new(map(wanted, self._nearest(_targets(found))[:most]))

    def _nearest(self, targets: list[Target]) -> list[Target]:
        """The targets that most gaps could come to, judged by what is known of their texts, first."""
        known = {part for gap in self.project.gaps for part in _WORD.findall(gap.blank.filled(_nothing))}
        return sorted(targets, key=lambda target: not known.intersection(_WORD.findall(target.value)))

    def _new(self, choices: Iterable[Choice]) -> Iterator[Worlds[World]]:
        """The worlds of choices that fill in something else than those before: many fit nowhere."""
        for choice in choices:
            values = self._values(choice)
            if values not in self._asked:
                self._asked.add(values)
                yield self.worlds_of(self.project.filled(choice, self.shown))

    @cached_property
    def _asked(self) -> set[str]:
        """What was filled in in the worlds that were asked about and in the one that is looked at first."""
        return {self._values(first_choice)}

    def _values(self, choice: Choice) -> str:
        return json.dumps([choice(gap) for gap in self.project.gaps], default=str)

    def _is_open(self, at: Field) -> bool:
        """Whether `at` is an open value, or a list or mapping with one right in it."""
        known = self._paths.get((at.document.file, at.document.index), set())
        return bool(at.path) and any(
            path[: len(at.path)] == at.path and len(path) <= len(at.path) + 1 for path in known
        )


def _speaks(finding: Finding) -> bool:
    """Whether any word of a finding is one that was filled in, or is left to be."""
    said = "\n".join(
        dict.fromkeys([finding.message, finding.hint or "", *(one.message for one in finding.related)])
    )
    return _elided(said) != said


def _without_words(finding: Finding) -> Finding:
    related = tuple(RelatedLocation(place.location, _elided(place.message)) for place in finding.related)
    hint = None if finding.hint is None else _elided(finding.hint)
    return evolve(finding, message=_elided(finding.message), hint=hint, related=related)


def _nothing(_: object) -> str:
    return " "


def _targets(found: Iterable[Raised]) -> list[Target]:
    targets: dict[Target, None] = {}
    for raised in found:
        resource = raised.hit.resource
        if resource is not None and not raised.rule.id.startswith(_LOCAL):
            targets[Target("", resource.namespace)] = None
            for word in _evidence(raised):
                targets.update(dict.fromkeys(_meant(word, resource.namespace)))
    return list(targets)


def _meant(word: str, namespace: str) -> Iterator[Target]:
    """What a word may name: something of this namespace, of `namespace/name`, or of `name.namespace.svc…`."""
    before, slash, after = word.partition("/")
    if slash and before and after and "/" not in after:
        yield Target(after, before)
    labels = word.split(".")
    if len(labels) > 2 and labels[2] == "svc":
        yield Target(labels[0], labels[1])
    yield Target(word, namespace)
    if _LABEL.fullmatch(word):
        yield Target(f"{word}.{namespace}.svc.cluster.local", namespace)


def _evidence(raised: Raised) -> list[str]:
    """The texts and numbers that a finding is about."""
    at, resource = raised.hit.at, raised.hit.resource
    said = f"{raised.hit.message} {raised.hit.hint or ''}"
    words = [match[2] for match in _QUOTED.finditer(said)][:_FEW]
    for place in (at, *(related.at for related in raised.hit.related[:_FEW])):
        words += list(_scalars(place.value, _DEPTH))[:_FEW] if isinstance(place, Field) else []
    words += [resource.kind, resource.group] if resource is not None else []
    return [word for word in dict.fromkeys(words) if word and not is_unknown(word)]


def _scalars(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str | int) and not isinstance(value, bool):
        yield str(value)
    elif depth and isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _scalars(inner, depth - 1)


def _elided(text: str) -> str:
    """`text` without what is not known yet."""
    return filled(_MARKER.sub(ELLIPSIS, text), lambda _: ELLIPSIS)
