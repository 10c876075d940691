"""What is deployed of a set of files: from kustomizations and entry points to the objects of each."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from meshlint.assembly.disk import DiskCharts, DiskFiles
from meshlint.assembly.tree import KUSTOMIZATION_NAMES, TextFiles, Tree
from meshlint.documents import FileText, Reading
from meshlint.documents.document import Text
from meshlint.sources import PassedOver, Reason, SourceSet
from meshlint.sources.charts import CHART_FILE
from meshlint.values import frozen

if TYPE_CHECKING:
    from yaml.nodes import Node

    from meshlint.assembly.deployments import Deployment

_DECLARING: Final = ("toolkit.fluxcd.io/", "argoproj.io/")
_MAP: Final = "ConfigMap"


@frozen(repr=False)
class Charts:
    """The directories of charts, and the files of values that the user gives for them."""

    directories: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


@frozen(eq=False, repr=False)
class Deployed:
    """The deployments that were found, and the texts of all files that were read for them."""

    found: tuple[Deployment, ...] = ()
    texts: Mapping[str, FileText] = {}

    @property
    def made(self) -> list[Deployment]:
        """Those of which something was made."""
        return [one for one in self.found if one.failure is None]

    @property
    def covered(self) -> frozenset[str]:
        """The files that are judged as parts of deployments, and no more by themselves."""
        return frozenset(file for one in self.made for file in one.files)


def deployed(sources: SourceSet, readings: Sequence[Reading]) -> Deployed:
    """The deployments in files on disk; none where kustomize itself was run."""
    if sources.rendered:
        return Deployed()
    names = [entry.path for entry in sources.passed_over if entry.reason is Reason.KUSTOMIZATION]
    charts = [entry.path for entry in sources.passed_over if _is_chart(entry)]
    given = Charts(tuple(posixpath.dirname(one) or "." for one in charts), sources.helm_values)
    return _deployed(_tree(sources), names, readings, given)


def _is_chart(entry: PassedOver) -> bool:
    return entry.reason is Reason.HELM_CHART_FILE and posixpath.basename(entry.path) == CHART_FILE


def _tree(sources: SourceSet) -> Tree:
    """The files on disk, with charts to be rendered if they may be."""
    files = DiskFiles(sources.directory, changed=sources.changed)
    return Tree(files, DiskCharts(sources.directory), _inflated) if sources.helm else Tree(files)


def _inflated(tree: Tree, directory: str, entry: Node, home: str) -> list[Node]:
    from meshlint.assembly.charts import inflated  # a set without charts does not load it

    return inflated(tree, directory, entry, home)


def deployed_texts(texts: Mapping[str, str], readings: Sequence[Reading]) -> Deployed:
    """The deployments in texts by file name."""
    return _deployed(Tree(TextFiles(texts)), [name for name in texts if is_kustomization(name)], readings)


def declares(text: str) -> bool:
    """Whether a text may say of other files that they are deployed."""
    return any(word in text for word in _DECLARING)


def _may_declare(text: Text) -> bool:
    """The same, told from what the text is known to say."""
    return any(map(text.may_say, _DECLARING))


def is_kustomization(path: str) -> bool:
    """Whether a file has a name that kustomize looks for."""
    return posixpath.basename(path) in KUSTOMIZATION_NAMES


def chosen(found: Deployed, name: str | None) -> list[Deployment]:
    """The deployments to look at: all, or the one of this name and those that do not exclude it."""
    if name is None:
        return found.made
    wanted = next((one for one in found.made if one.name == name), None)
    if wanted is None:
        from meshlint.engine.usage import Mistake, UsageError, did_you_mean

        known = [one.name for one in found.made]
        hint = did_you_mean(name, known) or f"There are {', '.join(known)}." if known else ""
        raise UsageError(Mistake(f'"{name}" is no deployment of these files', hint))
    return [one for one in found.made if one is wanted or not one.excludes(wanted)]


def members(found: Deployed, name: str | None) -> tuple[Sequence[Deployment], ...]:
    """The deployments to look at, set by set of those that go together; one set of none without any."""
    wanted = chosen(found, name)
    if not wanted:
        return ((),)
    from meshlint.assembly.deployments import sets

    return tuple(sets(wanted))


def left_over(passed_over: Iterable[PassedOver], found: Deployed) -> list[PassedOver]:
    """What was passed over and is in no deployment either."""
    covered = found.covered
    return [entry for entry in passed_over if entry.path not in covered]


def _leads_on(value: Any) -> bool:
    """Whether an object asks tools to deploy something."""
    version = str(value.get("apiVersion")) if isinstance(value, dict) else ""
    return any(word in version for word in _DECLARING)


def _is_map(value: Any) -> bool:
    """Whether an object may hold what these tools fill in."""
    return isinstance(value, dict) and value.get("kind") == _MAP


def _deployed(
    tree: Tree, kustomizations: Sequence[str], readings: Sequence[Reading], charts: Charts | None = None
) -> Deployed:
    declaring = [one for one in readings if _may_declare(one.text) and declares(one.text.content)]
    given = charts or Charts()
    if not (kustomizations or declaring or (given.directories and tree.charts)):
        return Deployed()
    from meshlint.assembly.deployments import deployments
    from meshlint.assembly.nodes import adopted

    directories = [posixpath.dirname(name) or "." for name in kustomizations]
    plain = [adopted(one) for each in declaring for one in each.documents if _leads_on(one.value)]
    near = (*declaring, *readings) if declaring else ()
    maps = {id(one): one for each in near for one in each.documents if _is_map(one.value)}
    found = deployments(tree, directories, plain, given.directories, given.values, tuple(maps.values()))
    return Deployed(tuple(found), tree.texts)
