"""Which revisions of Istio's control plane, and which tags for them, there are."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh.mesh import Mesh
from meshlint.mesh.names.slips import slip_of

_REVISION = "istio.io/rev"
_TAG = "istio.io/tag"
_DEFAULT = "default"
_WEBHOOKS = ("admissionregistration.k8s.io", "MutatingWebhookConfiguration")


def is_unknown_revision(mesh: Mesh, name: str) -> bool:
    """Whether no control plane answers for the revision or tag `name`.

    Tags are mostly set by hand, so this speaks where the user lists all revisions or says that the files are
    complete, and where `name` is a slip in one that is in view.
    """
    known = known_revisions(mesh)
    if name in known or not known:
        return False
    listed = mesh.settings.is_declared("revisions") or mesh.settings.complete
    return listed or slip_of(name, known) is not None


def known_revisions(mesh: Mesh) -> tuple[str, ...]:
    """The revisions and tags in view, sorted; none where nothing tells of any."""
    found = {*mesh.settings.revisions, *_installed(mesh)}
    return tuple(sorted({*found, _DEFAULT})) if found else ()


def _installed(mesh: Mesh) -> Iterator[str]:
    for webhook in mesh.resources.of(*_WEBHOOKS):
        labels = webhook.labels
        if "sidecar-injector" in webhook.name or webhook.name.startswith("istio-revision-tag"):
            yield from (str(labels[key]) for key in (_REVISION, _TAG) if labels.get(key))
    for operator in mesh.resources.of("install.istio.io", "IstioOperator"):
        revision = operator.spec.text("revision")
        if revision:
            yield str(revision)
    for kind in ("IstioRevision", "IstioRevisionTag"):
        yield from (one.name for one in mesh.resources.of("sailoperator.io", kind))
