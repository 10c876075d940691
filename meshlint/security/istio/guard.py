"""The policies that attach to one workload, made ready to judge many requests.

CUSTOM comes first, then DENY, then ALLOW. A request passes if no rule of the first two stands against it and,
where any ALLOW policy is attached, one of their rules admits it (Istio: order of authorization policies).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache

from meshlint.matching import StringSet
from meshlint.matching.affixes import Affixes
from meshlint.mesh import Mesh
from meshlint.mesh.remembered import kept
from meshlint.mesh.settings.settings import MeshSettings
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.security.istio.attributes import IDENTITY, Facts, seen_path
from meshlint.security.istio.decision import Decision, Match, Verdict
from meshlint.security.istio.request import Request
from meshlint.security.istio.translate import Atom, Translated, translated
from meshlint.security.transport.chain import Chain
from meshlint.values import field, frozen

_REMEMBERED = 1024
"""How many answers of an automaton are kept: the same few callers and paths are asked about over and over."""

Test = Callable[[Facts], "bool | None"]


@frozen(eq=False, repr=False)
class Judge:
    """A rule with its test: True, False, or None where something left open decides."""

    translated: Translated
    test: Test

    @property
    def match(self) -> Match:
        """The rule as a deciding one."""
        return Match(self.translated.policy, self.translated.index, self.translated.rule.field)


@frozen(eq=False, slots=False, repr=False)
class Guard:
    """The attached policies of one workload, or of one port of it, on one chain."""

    policies: tuple[AuthorizationPolicy, ...]
    chain: Chain
    settings: MeshSettings
    judges: Mapping[str, tuple[Judge, ...]] = field(factory=dict)
    """The enforced rules by action."""
    allowing: tuple[AuthorizationPolicy, ...] = ()
    """The enforced ALLOW policies, also those without a rule that is left."""

    def decide(self, request: Request) -> Decision:
        """What comes of `request`."""
        normalization = self.settings.path_normalization
        if (
            self.chain is Chain.HTTP
            and request.path is not None
            and seen_path(request.path, normalization) is None
        ):
            return Decision(Verdict.DENY, "the proxy refuses the path")
        facts = Facts(request, normalization)
        custom = self._custom(facts, request)
        if custom is not None and custom.is_denied:
            return custom
        denying = [(judge, judge.test(facts)) for judge in self._possible("DENY", request)]
        if any(matched for _, matched in denying):
            against = tuple(judge.match for judge, matched in denying if matched)
            return Decision(Verdict.DENY, "a DENY rule matches", against)
        allowed = self._allowed(facts, request)
        if allowed.is_denied:
            return allowed
        open_denials = [judge.match for judge, matched in denying if matched is None]
        if custom is not None or open_denials or not allowed.is_allowed:
            return _open(facts, custom, open_denials, allowed)
        return allowed

    def matches(self, request: Request, action: str) -> tuple[Match, ...]:
        """The enforced rules of `action` that `request` surely satisfies, whether or not they decide."""
        facts = Facts(request, self.settings.path_normalization)
        return tuple(judge.match for judge in self.judges.get(action, ()) if judge.test(facts))

    def _custom(self, facts: Facts, request: Request) -> Decision | None:
        """What the external providers say; None if none of them is asked, or all agree."""
        asked = [(judge, judge.test(facts)) for judge in self._possible("CUSTOM", request)]
        matching = [judge for judge, matched in asked if matched]
        against = tuple(judge.match for judge in matching)
        if matching and not self.may_ask:
            return Decision(Verdict.DENY, "no external provider can be asked", against)
        if matching and request.provider_allows is False:
            return Decision(Verdict.DENY, "the external provider denies", against)
        perhaps = [judge.match for judge, matched in asked if matched is None]
        if perhaps or (matching and request.provider_allows is None):
            names = {match.policy.provider or "" for match in (*against, *perhaps)}
            return Decision(
                Verdict.DEPENDS,
                "an external provider decides",
                (*against, *perhaps),
                depends_on=tuple(f"provider {name}" for name in sorted(names)),
            )
        return None

    @property
    def may_ask(self) -> bool:
        """Whether there is one usable provider; several on one workload are refused by default."""
        names = {judge.translated.policy.provider for judge in self.judges.get("CUSTOM", ())}
        return len(names) == 1 and is_usable(names.pop(), self.settings)

    def _possible(self, action: str, request: Request) -> tuple[Judge, ...]:
        """The rules of an action that the identity of the caller does not rule out."""
        judges = self.judges.get(action, ())
        if not judges or "identity" in request.left_open:
            return judges
        key = (action, request.identity)
        found = self._by_identity.get(key)
        if found is None:
            if len(self._by_identity) >= _REMEMBERED:
                self._by_identity.clear()
            facts = Facts(Request(identity=request.identity))
            found = tuple(judge for judge in judges if may_be_called(judge.translated, facts))
            self._by_identity[key] = found
        return found

    @cached_property
    def _by_identity(self) -> dict[tuple[str, str | None], tuple[Judge, ...]]:
        return {}

    def _allowed(self, facts: Facts, request: Request) -> Decision:
        if not self.allowing:
            return Decision(Verdict.ALLOW, "no ALLOW policy is attached")
        judged = [(judge, judge.test(facts)) for judge in self._possible("ALLOW", request)]
        admitting = tuple(judge.match for judge, matched in judged if matched)
        if admitting:
            return Decision(Verdict.ALLOW, "an ALLOW rule matches", admitting)
        perhaps = tuple(judge.match for judge, matched in judged if matched is None)
        verdict = Verdict.DEPENDS if perhaps else Verdict.DENY
        return Decision(verdict, "no ALLOW rule matches", perhaps, self.allowing)


def guard(mesh: Mesh, policies: Iterable[AuthorizationPolicy], chain: Chain) -> Guard:
    """The guard that `policies`, all of them attached, make on a chain.

    A dry run enforces nothing. On TCP a CUSTOM policy whose provider speaks only HTTP is ignored, and ztunnel
    ignores all CUSTOM and AUDIT policies, and those with targets.
    """
    attached, settings = tuple(policies), mesh.settings
    enforced = [
        policy for policy in attached if not policy.is_dry_run and _is_enforced(policy, chain, settings)
    ]
    judges: dict[str, list[Judge]] = {}
    for policy in enforced:
        for rule in translated(mesh, policy, chain):
            if not rule.vanished:
                judges.setdefault(policy.action, []).append(_judge(mesh, rule))
    return Guard(
        attached,
        chain,
        settings,
        {action: tuple(held) for action, held in judges.items()},
        tuple(policy for policy in enforced if policy.action == "ALLOW"),
    )


@kept
def _judge(_: Mesh, rule: Translated) -> Judge:
    """The judge of a rule, which stands before many workloads: its tests learn from all of them."""
    return Judge(rule, matcher(rule))


def is_usable(provider: str | None, settings: MeshSettings) -> bool:
    """Whether an external provider can be asked; one that no file declares is taken to be usable."""
    kinds = dict(settings.extension_provider_kinds)
    if not settings.is_declared("extension_providers"):
        return True
    return kinds.get(provider or "", "").startswith("envoyExtAuthz")


def attaches_to_no_ztunnel(policy: AuthorizationPolicy) -> bool:
    """Whether a policy has `selector: {}`, without labels at all, which no ztunnel is told of.

    It is sent as one for workloads that it selects, and selects none. With `matchLabels: {}` it selects all
    (istiod: convertAuthorizationPolicy, buildWorkloadPolicies of its ambient index).
    """
    return policy.selector is not None and not policy.selector.has_labels_written


def may_be_called(translated: Translated, facts: Facts) -> bool:
    """Whether the caller's identity, the one thing in `facts` that counts, leaves a rule possible."""

    def fails(atoms: tuple[Atom, ...]) -> bool:
        own = (atom for atom in atoms if atom.attribute == IDENTITY)
        return any(any(map(atom.admitted.admits, facts[IDENTITY] or ())) == atom.negated for atom in own)

    clauses = (translated.sources, translated.operations)
    is_out = fails(translated.conditions) or any(clause and all(map(fails, clause)) for clause in clauses)
    return not is_out


def matcher(translated: Translated) -> Test:
    """The test of a rule, with three answers; cheap questions come first, which changes none of them."""
    clauses = [
        _some([_all(atoms) for atoms in clause])
        for clause in (translated.operations, translated.sources)
        if clause
    ]
    return _every([*map(_atom, sorted(translated.conditions, key=_cost)), *clauses])


def _is_enforced(policy: AuthorizationPolicy, chain: Chain, settings: MeshSettings) -> bool:
    if chain is Chain.ZTUNNEL:
        is_known = policy.action in ("ALLOW", "DENY") and not policy.target_refs
        return is_known and not attaches_to_no_ztunnel(policy)
    kinds = dict(settings.extension_provider_kinds)
    is_custom = policy.action == "CUSTOM" and chain is Chain.TCP
    return not (is_custom and kinds.get(policy.provider or "") == "envoyExtAuthzHttp")


def _atom(atom: Atom) -> Test:
    attribute, hit, miss = atom.attribute, not atom.negated, atom.negated
    admits = lru_cache(_REMEMBERED)(atom.admitted.admits) if _cost(atom) else atom.admitted.admits

    def test(facts: Facts) -> bool | None:
        values = facts[attribute]
        if values is None:
            return None
        for value in values:
            if admits(value):
                return hit
        return miss

    return test


def _cost(atom: Atom) -> int:
    """What one test costs: 0 where a lookup does, 1 where an automaton has to run."""
    return int(isinstance(atom.admitted, StringSet) and not isinstance(atom.admitted.form, Affixes))


def _all(atoms: tuple[Atom, ...]) -> Test:
    return _every([_atom(atom) for atom in sorted(atoms, key=_cost)])


def _every(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]

    def test(facts: Facts) -> bool | None:
        result: bool | None = True
        for one in tests:
            answer = one(facts)
            if answer is False:
                return False
            if answer is None:
                result = None
        return result

    return test


def _some(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]

    def test(facts: Facts) -> bool | None:
        result: bool | None = False
        for one in tests:
            answer = one(facts)
            if answer:
                return True
            if answer is None:
                result = None
        return result

    return test


def _open(facts: Facts, custom: Decision | None, denials: list[Match], allowed: Decision) -> Decision:
    providers = custom.depends_on if custom is not None else ()
    return Decision(
        Verdict.DEPENDS,
        "parts that were left open decide",
        (*(custom.deciding if custom is not None else ()), *denials, *allowed.deciding),
        allowed.policies,
        (*providers, *sorted(facts.unknown_parts())),
    )
