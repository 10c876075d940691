"""What a check of istiod's webhook says, before it is known where the value stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.resources.view import ObjectView
from meshlint.values import frozen

Steps: TypeAlias = tuple[str | int, ...]


@frozen(repr=False)
class Said:
    """What is wrong with the value that a check was given, or with what `at` leads to from there.

    `words` go on from the name of the object: `has a route without an action`. The walk adds what comes of
    it. `related` are the other places that the mistake needs.
    """

    mistake: Mistake
    words: str
    at: Steps = ()
    hint: str = ""
    on_key: bool = False
    refuses: bool = True
    related: tuple[Steps, ...] = ()


@frozen(eq=False, repr=False)
class Scene(ObjectView):
    """What checks may ask of the object that a value belongs to, which few ask for more than its spec."""

    spec: Mapping[str, Any]

    @property
    def is_annotated(self) -> bool:
        """Whether there is anything at `metadata.annotations`, told without reading them."""
        return bool(self.resource.written("annotations"))


Check: TypeAlias = Callable[[Any, Scene], Iterable[Said]]
Declared: TypeAlias = Mapping[str, "Check | tuple[Check, ...] | Declared"]
