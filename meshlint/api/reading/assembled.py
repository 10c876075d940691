"""From documents to objects, the verdicts on them, and the mesh that they make."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import cast

from meshlint.admission.admission import Admission
from meshlint.api.reading.options import ReadOptions
from meshlint.documents import Document, Field, read
from meshlint.mesh import Mesh
from meshlint.mesh.settings.reading import read_settings, read_versions
from meshlint.mesh.settings.release_marks import SHOWING_BY_IMAGE, image_marks, marks_beside_images
from meshlint.mesh.settings.settings import MeshSettings, Versions
from meshlint.resources import DEFAULT_NAMESPACE, Resource, ResourceSet
from meshlint.resources import collect as collect_resources
from meshlint.resources.collection import differing_kinds
from meshlint.resources.order import Kind
from meshlint.resources.schema.store.catalogue import built_in
from meshlint.resources.schema.store.store import SchemaStore
from meshlint.resources.versions import Place, place_of
from meshlint.resources.watched import Reads, WatchedSet
from meshlint.values import evolve


def assembled(
    documents: Iterable[Document],
    kustomized: Iterable[str],
    options: ReadOptions,
    before: Admission | None = None,
    without: Collection[Place] = (),
    beside: Mesh | None = None,
) -> tuple[Mesh, Admission]:
    """The mesh of `documents` less the objects at the places `without`, and what the cluster says of them.

    Objects of documents that `before` knows as well are the same ones, with the verdicts on them. What the
    mesh `beside` has made of them already is not made again.
    """
    known = before.written.resources if before is not None else ()
    resources = collect_resources(documents, options.namespace or DEFAULT_NAMESPACE, kustomized, known)
    if before is not None:
        resources = resources.beside(before.written)
    if without:
        meant = resources.only(one for one in resources.resources if place_of(one) not in without)
        resources = evolve(meant, known=resources.collections)
    return settled(resources, options, before, beside)


def settled(
    resources: ResourceSet,
    options: ReadOptions,
    before: Admission | None = None,
    beside: Mesh | None = None,
    *,
    is_set: bool = False,
) -> tuple[Mesh, Admission]:
    """The mesh of objects, and what the cluster says of them; of `before` and `beside` see `assembled`.

    It `is_set` where the settings are known to be those of `beside`.
    """
    known = beside.settings if beside is not None else None
    versions = known.versions if known and is_set else read_versions(resources, options.versions)
    schemas = _schemas(resources, versions, options, before)
    admission = Admission(resources, schemas, before.remembered if before is not None else None, options.jobs)
    settings = known if known and is_set else _settings(admission.taken, versions, options)
    if known == settings:
        settings = known
    earlier = options.earlier
    if beside is not None:
        return beside.beside(admission.taken, settings, earlier), admission
    return Mesh(admission.taken, settings, earlier=earlier), admission


def kinds_of_settings(
    resources: ResourceSet, versions: Versions, options: ReadOptions
) -> frozenset[Kind] | None:
    """The kinds that settings and `versions` are read of; None where they rest on the set as a whole."""
    reads = Reads()
    seen = cast("ResourceSet", WatchedSet(resources, reads))
    for kind in SHOWING_BY_IMAGE:  # Which of them have such an image makes no difference here.
        seen.of(*kind)
    for _ in marks_beside_images(seen):
        pass
    _settings(seen, versions, options)
    return None if reads.everything else frozenset(reads.kinds)


def may_set(resource: Resource, kinds: Collection[Kind]) -> bool:
    """Whether the settings may rest on an object, where they are read of some kinds."""
    kind = (resource.group, resource.kind)
    return kind in kinds and (kind not in SHOWING_BY_IMAGE or any(image_marks(resource)))


def set_alike(kinds: Collection[Kind] | None, one: ResourceSet, other: ResourceSet) -> bool:
    """Whether no object that only one of two sets has is one that the settings may rest on.

    `kinds` are those that they are read of.
    """
    if kinds is None:
        return False
    differing = differing_kinds(one, other).intersection(kinds)
    held, others = ({each for kind in differing for each in those.of(*kind)} for those in (one, other))
    return not any(may_set(each, differing) for each in held ^ others)


def _schemas(
    resources: ResourceSet, versions: Versions, options: ReadOptions, before: Admission | None
) -> SchemaStore:
    """What shape each kind may have: as its definition in the set has it, else as the meant release does."""
    schemas = evolve(options.schemas, releases=versions.releases, shown=frozenset(versions.shown))
    definitions = resources.of("apiextensions.k8s.io", "CustomResourceDefinition")
    ours = [one.field.value for one in definitions if one.spec.text("group") in built_in().groups]
    if not ours:
        return schemas
    if before is not None and _says_the_same(before, schemas, resources, definitions):
        return before.schemas
    from meshlint.resources.schema.store.crds import with_definitions

    return with_definitions(schemas, ours, frozenset(resources.kinds))


def _says_the_same(
    before: Admission, schemas: SchemaStore, resources: ResourceSet, definitions: tuple[Resource, ...]
) -> bool:
    """Whether what was made before of `schemas` and the very same definitions is what would be made now."""
    known, written = before.schemas, before.written
    return (
        (known.releases, known.shown) == (schemas.releases, schemas.shown)
        and written.of("apiextensions.k8s.io", "CustomResourceDefinition") == definitions
        and written.kinds.keys() == resources.kinds.keys()
    )


def _settings(resources: ResourceSet, versions: Versions, options: ReadOptions) -> MeshSettings:
    documents = [document for named in options.mesh_config for document in read(*named).documents]
    settings = read_settings(
        resources,
        options.mesh,
        mesh_configs=[Field(document, (), document.value) for document in documents],
        complete=options.complete,
        versions=versions,
        external=options.external,
    )
    return evolve(
        settings, filled_namespaces=options.filled, followed=options.followed, unread=options.unread
    )
