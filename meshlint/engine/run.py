"""Run the checks of the enabled rules; one that crashes never takes the others with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, Generic, Protocol, TypeVar, cast

from meshlint import HOME
from meshlint.checks.hit import Hit, Spot
from meshlint.documents import Field, Path, Place, Span
from meshlint.engine.mirrored import told_once
from meshlint.engine.plan import Plan
from meshlint.engine.presence import Presence
from meshlint.engine.raised import Raised, Seen, raise_hit, see_hit
from meshlint.engine.rule import ANY, ENGINE_CHECK, Rule
from meshlint.engine.within import holds_within, within
from meshlint.resources import Resource
from meshlint.resources.agreed import DisputedError
from meshlint.resources.resource import ObjectId
from meshlint.resources.side_by_side import Collections
from meshlint.values import evolve, frozen

World = TypeVar("World")
Part = TypeVar("Part", covariant=True)
Said = TypeVar("Said", Raised, Seen)
Made = TypeVar("Made")
WhatAndWhere = tuple[Place | Spot, bool, ObjectId | str, Path, str]
Check = Callable[[World, Mapping[str, Any]], Iterable[Hit]]

Found = Sequence[Raised]
Asking = Callable[[Sequence[Rule], Callable[[Rule], Found]], Iterable[Found]]
"""How each of some rules is asked what it finds: in their order, whoever does the work."""

CRASHED = "HYGIENE900"
REPORT_TO = f"{HOME}/issues"


@frozen(eq=False, repr=False)
class Left:
    """What questions leave with a world beside their answers: the words of it, and how more of them come."""

    words: Callable[[], Iterable[str]]
    leave: Callable[[str], None]


class Shortcuts(Protocol[Part]):
    """Worlds that tell with less work what a rule says of all that is written beside what is taken."""

    @property
    def agreed(self) -> Part | None:
        """What both worlds answer alike; it raises `DisputedError` where they may not; None if little."""
        ...

    @property
    def bare(self) -> Part:
        """What is refused, and no other object."""
        ...

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of what is refused."""
        ...

    @property
    def apart(self) -> Part | None:
        """What is refused, and all of other kinds; None where it shows more of the set than itself."""
        ...


@frozen(eq=False, repr=False)
class Worlds(Generic[World]):
    """The world of what the cluster takes and, where it refuses something, that of everything written.

    `refused` is what only the second one has. Of `collections` the parts are never in one cluster. `left` is
    what is told of the first one beside findings. With `shortcuts`, rules are asked about no more than has to
    be, and say the same. `prepare` makes what many rules ask for, before several processes share them out.
    """

    taken: World
    written: World | None = None
    refused: frozenset[Resource] = frozenset()
    collections: Collections = Collections()
    left: Left | None = None
    shortcuts: Shortcuts[World] | None = None
    prepare: Callable[[], None] = lambda: None


def run(
    plan: Plan,
    worlds: Worlds[World],
    anywhere: str = "",
    presence: Presence | None = None,
    asking: Asking | None = None,
) -> tuple[Raised, ...]:
    """What the rules of `plan` say of `worlds`, in the order of the text, each fingerprint unique.

    `anywhere` is a file of the set: a crash has no place of its own. What can say nothing of what is present
    is not even loaded; None runs everything. Without `asking`, rules are asked one after the other.
    """
    rules = running(plan, presence)

    def found(rule: Rule) -> Found:
        return said(plan, rule, worlds, anywhere)

    each = map(found, rules) if asking is None else asking(rules, found)
    return told((one for those in each for one in those), worlds.collections)


def running(plan: Plan, presence: Presence | None = None) -> list[Rule]:
    """The rules of `plan` that have a check of their own, and may say something of what is present."""
    rules = (rule for rule in plan.rules if rule.check != ENGINE_CHECK)
    return [rule for rule in rules if presence is None or presence.concerns(rule)]


def said(plan: Plan, rule: Rule, worlds: Worlds[World], anywhere: str = "") -> Sequence[Raised]:
    """What one rule says of `worlds`, before it is seen beside what others say."""
    return tuple(_in_both(plan, rule, worlds, anywhere, raise_hit))


def told(found: Iterable[Raised], collections: Collections) -> tuple[Raised, ...]:
    """What all rules together say: in the order of the text, each fingerprint unique."""
    return numbered(told_once(within(found, collections)))


def seen(plan: Plan, worlds: Worlds[World], presence: Presence) -> Iterator[Seen]:
    """What `run` says of `worlds`, in no order and not in words, for those who ask what still holds."""
    for rule in plan.rules:
        if rule.check != ENGINE_CHECK and presence.concerns(rule):
            found = _in_both(plan, rule, worlds, "", see_hit)
            yield from (one for one in found if holds_within(one.hit, worlds.collections))


def numbered(found: Iterable[Raised]) -> tuple[Raised, ...]:
    """In the order of the text, repetitions left out, and `:n` added to the n-th of equal fingerprints.

    The message comes before the place in counting, so that a move of text does not swap two fingerprints.
    """
    seen: set[object] = set()
    counts: Counter[str] = Counter()
    result: list[Raised] = []
    for raised in sorted(found, key=lambda raised: (raised.finding.message, raised.finding.location.order)):
        finding = raised.finding
        once = (finding.fingerprint, finding.location, finding.message)
        if once not in seen:
            seen.add(once)
            counts[finding.fingerprint] += 1
            name = f"{finding.fingerprint}:{counts[finding.fingerprint]}"
            named = evolve(finding, fingerprint=name)
            result.append(Raised(raised.rule, raised.hit, named, raised.mirrored))
    return tuple(sorted(result, key=lambda raised: raised.finding.sort_key))


def resolve(check: str) -> Check[Any]:
    """The function that a rule names; its module is loaded only now."""
    module, _, function = check.rpartition(".")
    return cast("Check[Any]", getattr(import_module(f"meshlint.checks.{module}"), function))


def _in_both(
    plan: Plan, rule: Rule, worlds: Worlds[World], anywhere: str, made: Callable[[Rule, Hit], Said]
) -> Iterable[Said]:
    """What a rule says of what is taken, and would say as well if everything were: nothing follows from a
    refusal, which is told already. What it says of the refused itself is told unless it speaks of effects.
    """
    alone = _alone(rule, worlds.shortcuts)
    alike = None if alone is not None else _alike(plan, rule, worlds, anywhere, made)
    if alike is not None:
        return alike
    found = _run_rule(plan, rule, worlds.taken, anywhere, made)
    if worlds.written is None or (rule.speaks_of_effects and (alone is not None or not found)):
        return found
    refused = frozenset() if rule.speaks_of_effects else worlds.refused
    own: list[Said] = []

    def see(rule: Rule, hit: Hit) -> WhatAndWhere | None:
        if hit.resource in refused:
            own.append(made(rule, hit))
        return _what_and_where(hit) if found else None

    there = _run_rule(plan, rule, worlds.written if alone is None else alone, anywhere, see)
    if alone is not None:
        return list(found) + own
    both = set(there)
    return [one for one in found if _what_and_where(one.hit) in both] + own


def _alone(rule: Rule, shortcuts: Shortcuts[World] | None) -> World | None:
    """What a rule is asked about instead of all that is written, as it judges what is refused alone: then it
    says of all else what it says of what is taken.
    """
    if shortcuts is None:
        return None
    if ANY in rule.alone:
        return shortcuts.bare
    return shortcuts.apart if shortcuts.kinds.issubset(rule.alone) else None


def _alike(
    plan: Plan, rule: Rule, worlds: Worlds[World], anywhere: str, made: Callable[[Rule, Hit], Said]
) -> Sequence[Said] | None:
    """What a rule says of both worlds alike; None where it asks for anything that may tell them apart."""
    agreed = None if worlds.shortcuts is None else worlds.shortcuts.agreed
    if agreed is None:
        return None
    try:
        found = _run_rule(plan, rule, agreed, anywhere, made)
    except DisputedError:
        return None
    refused = frozenset() if rule.speaks_of_effects else worlds.refused
    return list(found) + [one for one in found if one.hit.resource in refused]


def _what_and_where(hit: Hit) -> WhatAndWhere:
    """What tells hits of a rule apart in either world, which have the same documents: what their fingerprints
    are made of, and their places, without words for them or a look at their lines.
    """
    at, about = hit.at, hit.resource
    place = at.place if isinstance(at, Field) else at
    if about is None:
        return place, hit.on_key, hit.message, (), hit.about
    root = about.field.path if isinstance(at, Field) and at.document is about.document else ()
    return place, hit.on_key, about.id, root, hit.about


def _run_rule(
    plan: Plan, rule: Rule, world: World, anywhere: str, made: Callable[[Rule, Hit], Made]
) -> Sequence[Made]:
    found: list[Made] = []
    try:
        for hit in resolve(rule.check)(world, plan.parameters(rule)):
            found.append(made(rule, hit))
    except Exception as error:
        found.extend(_crash(plan, rule, error, anywhere, made))
    return found


def _crash(
    plan: Plan, rule: Rule, error: Exception, anywhere: str, made: Callable[[Rule, Hit], Made]
) -> Iterator[Made]:
    told = plan.rule(CRASHED)
    if told is not None:
        message = f"The check of {rule} stopped with {type(error).__name__}, so it told nothing more"
        hint = f"Please report this at {REPORT_TO}, if you can with the manifests."
        place = Spot(anywhere, Span.at(1, 1))
        yield made(told, Hit(place, message, hint=hint, about=rule.id))
