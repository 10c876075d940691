"""The checks that rules of users may name, with what each one takes."""

from __future__ import annotations

from typing import Any, Final

from meshlint.checks.custom.hosts import KINDS as HOST_KINDS
from meshlint.checks.custom.policies import KINDS as POLICY_KINDS
from meshlint.checks.custom.scope import WORKLOAD
from meshlint.values import frozen

EXPRESSION: Final = "expression"
"""The check behind rules that say `expression:`."""


@frozen(repr=False)
class Taken:
    """A value that a check takes; `default` is None where it has to be given. `among` are all it may be."""

    name: str
    type: str
    words: str
    default: Any = None
    among: tuple[str, ...] = ()


@frozen(repr=False)
class BuiltIn:
    """A check by the name that rule files use, the function below `meshlint.checks`, and what it takes."""

    name: str
    check: str
    words: str
    takes: tuple[Taken, ...]


def _scope(kinds: list[str] | None = None) -> tuple[Taken, ...]:
    """Which objects a rule is about: what every check takes."""
    return (
        Taken(
            "kinds",
            "strings",
            "Kinds, as `Kind` or `group/Kind`; `workload` is every kind that makes pods",
            kinds,
        ),
        Taken("namespaces", "strings", "Patterns of the namespaces that the rule is for", ["*"]),
        Taken("except_namespaces", "strings", "Patterns of namespaces that it is not for", []),
        Taken("names", "strings", "Patterns of the names of objects that it is for", ["*"]),
        Taken(
            "labels",
            "strings",
            "Labels that these have, themselves or on their pods, as `key` or `key=pattern`",
            [],
        ),
    )


_FIELD: Final = Taken(
    "field", "string", 'A path such as `spec.http[].timeout` or `metadata.annotations["example.com/owner"]`'
)
_VALUES: Final = Taken("values", "strings", "Patterns of the values that are allowed", ["*"])
_PODS: Final = Taken("pods", "boolean", "Ask it of the pods that a workload makes, not of itself", False)

BUILT_INS: Final = (
    BuiltIn(
        "require-label",
        "custom.metadata.require_label",
        "Each object has a label.",
        (Taken("label", "string", "The label"), _VALUES, _PODS, *_scope()),
    ),
    BuiltIn(
        "require-annotation",
        "custom.metadata.require_annotation",
        "Each object has an annotation.",
        (Taken("annotation", "string", "The annotation"), _VALUES, _PODS, *_scope()),
    ),
    BuiltIn(
        "require-field",
        "custom.fields.require_field",
        "Each object sets a field; where the path goes through a list, each entry does.",
        (_FIELD, *_scope()),
    ),
    BuiltIn(
        "forbid-field",
        "custom.fields.forbid_field",
        "No object sets a field, or sets it to some values.",
        (_FIELD, Taken("values", "strings", "Patterns of values; none forbids any", []), *_scope()),
    ),
    BuiltIn(
        "allowed-values",
        "custom.fields.allowed_values",
        "A field, where it is set, has one of some values.",
        (_FIELD, Taken("values", "strings", _VALUES.words), *_scope()),
    ),
    BuiltIn(
        "allowed-names",
        "custom.metadata.allowed_names",
        "The names of objects keep to patterns.",
        (Taken("allowed", "strings", "Patterns of names"), *_scope()),
    ),
    BuiltIn(
        "forbid-object",
        "custom.metadata.forbid_object",
        "There is no object of a kind, for example no EnvoyFilter outside of one namespace.",
        _scope(),
    ),
    BuiltIn(
        "require-in-namespace",
        "custom.metadata.require_in_namespace",
        "Each namespace with objects in scope has an object of a kind, for example a Sidecar.",
        (
            Taken("required", "string", "The kind, as `Kind` or `group/Kind`"),
            Taken("required_names", "strings", "Patterns of its name", ["*"]),
            *_scope([WORKLOAD]),
        ),
    ),
    BuiltIn(
        "require-policy-for",
        "custom.policies.require_policy_for",
        "Each workload has a policy of a kind, as the mesh or the cluster attaches it.",
        (Taken("policy", "string", "The kind", among=tuple(POLICY_KINDS)), *_scope([WORKLOAD])),
    ),
    BuiltIn(
        "allowed-hosts",
        "custom.hosts.allowed_hosts",
        "Routes, gateways and entries name some hosts only; Services of the cluster are left alone.",
        (Taken("hosts", "strings", "Hosts, as `api.example.com` or `*.example.com`"), *_scope([*HOST_KINDS])),
    ),
    BuiltIn(
        "allowed-images",
        "custom.images.allowed_images",
        "Containers run some images only.",
        (
            Taken("images", "strings", "Patterns of registry and path, such as `ghcr.io/acme/*`", ["*"]),
            Taken("digest", "boolean", "Whether a digest has to pin them", False),
            Taken("latest", "boolean", "Whether they may have no tag, or the tag `latest`", True),
            *_scope([WORKLOAD]),
        ),
    ),
    BuiltIn(
        "allowed-callers",
        "custom.callers.allowed_callers",
        "Workloads can be called from some namespaces only, as `meshlint access` answers it.",
        (
            Taken("callers", "strings", "Patterns of the namespaces that may call"),
            Taken("outside", "boolean", "Whether callers outside of the mesh may call, too", False),
            *_scope([WORKLOAD]),
        ),
    ),
    BuiltIn(
        EXPRESSION,
        "custom.expression.expression",
        "An expression in CEL is true of each object.",
        (
            Taken("expression", "string", "The expression; write it as `expression:` beside `id:`"),
            Taken("field", "string", "The field to point at, by default the name", ""),
            Taken("params", "mapping", "Values that the expression calls `params`", {}),
            *_scope(),
        ),
    ),
)
"""The checks, in the order in which the documentation lists them."""


def built_in(name: str) -> BuiltIn | None:
    """The check of a name."""
    return next((one for one in BUILT_INS if one.name == name), None)
