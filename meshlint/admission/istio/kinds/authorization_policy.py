"""What istiod's webhook checks in an AuthorizationPolicy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from meshlint.admission.istio.parts.selectors import ONE_TARGET, TARGETED
from meshlint.admission.istio.vocabulary import policy_values as values
from meshlint.admission.istio.vocabulary.messages import blank
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Check, Said, Scene
from meshlint.admission.istio.vocabulary.shape import shape
from meshlint.admission.istio.vocabulary.values import items, text
from meshlint.resources.schema.words.writing import quoted

_IDENTITIES: Final = ("principals", "notPrincipals", "namespaces", "notNamespaces")
_ACCOUNTS: Final = ("serviceAccounts", "notServiceAccounts")
_DOMAINS: Final = ("trustDomains", "notTrustDomains")
_REQUESTERS: Final = ("requestPrincipals", "notRequestPrincipals")
_BLOCKS: Final = ("ipBlocks", "notIpBlocks", "remoteIpBlocks", "notRemoteIpBlocks")
_SOURCE: Final = (*_IDENTITIES, *_ACCOUNTS, *_DOMAINS, *_REQUESTERS, *_BLOCKS)
_ON_TCP: Final = (*_IDENTITIES, *_ACCOUNTS, *_BLOCKS)
_PORTS: Final = ("ports", "notPorts")
_TEXTS: Final = ("methods", "notMethods", "hosts", "notHosts")
_PATHS: Final = ("paths", "notPaths")
_OPERATION: Final = (*_PORTS, *_TEXTS, *_PATHS)
_NOT_CUSTOM: Final = (*_IDENTITIES, *_ACCOUNTS, *_DOMAINS, *_REQUESTERS)
_NOT_CUSTOM_KEYS: Final = (
    "source.namespace",
    "source.serviceAccount",
    "source.trustDomain",
    "source.principal",
)


def _action(scene: Scene) -> str:
    return text(scene.spec, "action") or "ALLOW"


def _whole(value: Any, scene: Scene) -> Iterator[Said]:
    """Action, provider and rules against each other."""
    action, provider = _action(scene), value.get("provider")
    if action in ("CUSTOM", "DENY") and not items(value, "rules"):
        words = f"is a {action} policy without rules, so it does nothing"
        hint = "Add `rules: [{}]` for all requests."
        yield Said(
            Mistake.POLICY_SHAPE, words, _at(value, "rules"), hint, on_key=True, related=(("action",),)
        )
    elif action == "CUSTOM" and not text(provider, "name"):
        words = "has action CUSTOM and names no provider"
        at = (
            ("provider", "name")
            if isinstance(provider, dict) and "name" in provider
            else _at(value, "provider")
        )
        hint, related = "Name one of `extensionProviders`.", (("action",),)
        yield Said(Mistake.POLICY_SHAPE, words, at, hint, on_key=True, related=related)
    if provider is not None and action != "CUSTOM":
        words = f"names a provider with action {action}"
        at, hint = _at(value, "action"), "Write CUSTOM, or remove the provider."
        yield Said(Mistake.POLICY_SHAPE, words, at, hint, on_key=not at, related=(("provider",),))


def _at(value: dict[str, Any], name: str) -> tuple[str, ...]:
    return (name,) if name in value else ()


def _filled(name: str, known: tuple[str, ...]) -> Check:
    """An entry of `from` or `to` has its one field, and the field holds something."""

    def check(value: Any, _: Scene) -> Iterator[Said]:
        inner = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, dict) and inner is None:
            words = f"has an entry without {quoted(name)}"
            yield Said(
                Mistake.POLICY_SHAPE, words, _at(value, name), "Fill it in, or remove it.", on_key=True
            )
        elif isinstance(inner, dict) and not any(map(inner.get, known)) and _is_blank(inner, known):
            words = f"has an empty {name}"
            yield Said(Mistake.POLICY_SHAPE, words, (name,), "Fill it in, or remove it.", on_key=True)

    return check


def _is_blank(value: dict[str, Any], names: Iterable[str]) -> bool:
    return all(blank(value.get(name)) for name in names)


def _accounts_alone(value: Any, _: Scene) -> Iterator[Said]:
    if not isinstance(value, dict) or value.keys().isdisjoint(_ACCOUNTS):
        return
    account = next((name for name in _ACCOUNTS if items(value, name)), None)
    other = next((name for name in _IDENTITIES if items(value, name)), None)
    if account and other:
        words = f"names callers by both {account} and {other}"
        hint = "A service account says its namespace itself."
        yield Said(Mistake.EXCLUSIVE, words, (account,), hint, on_key=True, related=((other,),))


def _custom_source(value: Any, scene: Scene) -> Iterator[Said]:
    for name in _NOT_CUSTOM if _action(scene) == "CUSTOM" else ():
        if items(value, name):
            words = f"asks for '{name}' with action CUSTOM"
            hint = "Ask for identities in an ALLOW or DENY policy beside it."
            yield Said(Mistake.CUSTOM_IDENTITY, words, (name,), hint, on_key=True)


def _values(problem: Callable[[str], str], *names: str) -> Check:
    """In each list of `names`, the first value of which `problem` says something."""

    def check(value: Any, _: Scene) -> Iterable[Said]:
        if not isinstance(value, dict) or value.keys().isdisjoint(names):
            return ()
        return _of_lists(problem, {name: items(value, name) for name in names if name in value})

    return check


def _of_lists(problem: Callable[[str], str], lists: Mapping[str, list[Any]]) -> Iterator[Said]:
    for name, held in lists.items():
        for index, one in enumerate(held):
            words = problem(one) if isinstance(one, str) else ""
            if words:
                yield _value(name, one, words, (name, index))
                break


def _value(name: str, value: str, problem: str, at: tuple[str | int, ...]) -> Said:
    words = f"names {quoted(value)} in `{name}`, which {problem}"
    if name in (*_ACCOUNTS, "source.serviceAccount"):
        return Said(Mistake.POLICY_ACCOUNT, words, at, "Write `account`, or `namespace/account`.")
    return Said(Mistake.POLICY_VALUE, words, at)


def _too_many(value: Any, _: Scene) -> Iterator[Said]:
    for name in _ACCOUNTS if isinstance(value, dict) and not value.keys().isdisjoint(_ACCOUNTS) else ():
        if len(items(value, name)) > values.MOST_ACCOUNTS:
            words = f"lists more than {values.MOST_ACCOUNTS} {name}"
            yield Said(Mistake.NUMBER, words, (name, values.MOST_ACCOUNTS), "Split the rule.")


def _condition(value: Any, scene: Scene) -> Iterator[Said]:
    if not isinstance(value, dict):
        return
    key = text(value, "key")
    if not key:
        yield Said(Mistake.POLICY_SHAPE, "has a condition without a key", _at(value, "key"), "Name a key.")
        return
    if _action(scene) == "CUSTOM" and (key in _NOT_CUSTOM_KEYS or key.startswith("request.auth.")):
        words = f"asks for '{key}' with action CUSTOM"
        hint = "Ask for identities in an ALLOW or DENY policy beside it."
        yield Said(Mistake.CUSTOM_IDENTITY, words, ("key",), hint)
    if not items(value, "values") and not items(value, "notValues"):
        words = f"has a condition on '{key}' without values"
        yield Said(Mistake.POLICY_SHAPE, words, (), "Add `values` or `notValues`.")
        return
    problem = values.key_problem(key)
    if problem:
        yield Said(Mistake.POLICY_SHAPE, f"has a condition on {quoted(key)}, which {problem}", ("key",))
    yield from _condition_values(value, key, sound=not problem)


def _condition_values(value: dict[str, Any], key: str, *, sound: bool) -> Iterator[Said]:
    judge = values.of_key(key) if sound else values.empty_problem
    for name in ("values", "notValues"):
        for index, one in enumerate(items(value, name)):
            problem = (values.empty_problem(one) or judge(one)) if isinstance(one, str) else ""
            if problem:
                yield _value(key, one, problem, (name, index))
                break


def _stops_tcp(value: Any, scene: Scene) -> Iterator[Said]:
    """A DENY rule by attributes of HTTP alone, which TCP connections always match."""
    if _action(scene) != "DENY" or not isinstance(value, dict):
        return
    sources = [
        one["source"]
        for one in items(value, "from")
        if isinstance(one, dict) and one.get("source") is not None
    ]
    operations = [
        one["operation"]
        for one in items(value, "to")
        if isinstance(one, dict) and one.get("operation") is not None
    ]
    by_caller = any(items(source, name) for source in sources for name in _ON_TCP)
    by_port = any(items(operation, name) for operation in operations for name in _PORTS)
    if (sources and not operations and not by_caller) or (operations and not by_port):
        words = "denies by attributes of HTTP alone, so TCP connections of its ports are all denied"
        hint = "Name the ports that it is for."
        yield Said(Mistake.STOPS_TCP, words, (), hint, on_key=True, refuses=False)


SHAPE: Final = shape(
    {
        **TARGETED,
        "": (ONE_TARGET, _whole),
        "rules[]": {
            "": _stops_tcp,
            "from[]": _filled("source", _SOURCE),
            "from[].source": (
                _accounts_alone,
                _custom_source,
                _too_many,
                _values(values.address_problem, *_BLOCKS),
                _values(values.account_problem, *_ACCOUNTS),
                _values(values.domain_problem, *_DOMAINS),
                _values(values.empty_problem, *_IDENTITIES, *_REQUESTERS),
            ),
            "to[]": _filled("operation", _OPERATION),
            "to[].operation": (
                _values(values.port_problem, *_PORTS),
                _values(values.empty_problem, *_TEXTS),
                _values(values.path_problem, *_PATHS),
            ),
            "when[]": _condition,
        },
    }
)
