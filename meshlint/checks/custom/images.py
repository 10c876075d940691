"""Container images that pods may run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from meshlint.checks.custom.paths import values
from meshlint.checks.custom.scope import Parameters, fits, hit, in_scope, pod_template
from meshlint.checks.hit import Hit
from meshlint.checks.world import World

_CONTAINERS: Final = ("containers", "initContainers", "ephemeralContainers")
_LEFT_TO_INJECTION: Final = "auto"
"""The image that Istio's injector replaces in a gateway's pods."""


def allowed_images(world: World, parameters: Parameters) -> Iterator[Hit]:
    """Images of containers that are none of those allowed, float, or are not pinned where they have to be."""
    for resource in in_scope(world, parameters):
        template = pod_template(resource)
        if template is None:
            continue
        for section in _CONTAINERS:
            for field in values(template / "spec" / section, ("[]", "image")):
                wrong = _wrong(field.value, parameters) if isinstance(field.value, str) else ""
                if wrong:
                    message = f'{resource} runs the image "{field.value}", {wrong}'
                    yield hit(resource, parameters, field, message)


def repository(image: str) -> str:
    """The registry and path of an image, as Docker completes them: `nginx` is `docker.io/library/nginx`.

    https://github.com/distribution/reference/blob/main/normalize.go
    """
    name = image.partition("@")[0]
    head, slash, rest = name.rpartition("/")
    name = f"{head}{slash}{rest.partition(':')[0]}"
    first, slash, _ = name.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        return name
    return f"docker.io/{name}" if slash else f"docker.io/library/{name}"


def _wrong(image: str, parameters: Parameters) -> str:
    if image == _LEFT_TO_INJECTION:
        return ""
    if not fits(repository(image), parameters["images"]):
        return "which is not allowed"
    if parameters["digest"] and "@sha256:" not in image:
        return "which no digest pins"
    if not parameters["latest"] and _floats(image):
        return "whose tag moves"
    return ""


def _floats(image: str) -> bool:
    tag = image.rpartition("/")[2].partition(":")[2]
    return "@" not in image and tag in ("", "latest")
