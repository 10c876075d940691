"""Configuration in maps and in secrets."""

from __future__ import annotations

from meshlint.documents import Text
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView, filled_or
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class ConfigMap(ObjectView):
    """A map of texts, some of which are documents of their own (a mesh keeps its configuration in one)."""

    @property
    def data(self) -> dict[str, Text]:
        """The texts by key; binary data is left out."""
        return self.field.mapping("data")


@frozen(eq=False, repr=False)
class Secret(ObjectView):
    """A secret by its type and the names of its keys; what they hold is never looked at."""

    type: Text
    keys: frozenset[str]


def config_map(resource: Resource) -> ConfigMap:
    """`resource` read as a core/v1 ConfigMap."""
    return ConfigMap(resource)


def secret(resource: Resource) -> Secret:
    """`resource` read as a core/v1 Secret."""
    field = resource.field
    keys = frozenset(entry.name for part in ("data", "stringData") for entry in field.fields(part))
    return Secret(resource, filled_or(field, "type", "Opaque"), keys)
