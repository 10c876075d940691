"""What a front end asks for, and what a configuration file adds to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from meshlint.api.judging.options import CheckOptions, options_of
from meshlint.api.requests.definitions import read_definitions
from meshlint.api.requests.surroundings import (
    checked_namespace,
    checked_versions,
    read_mesh_config,
    read_values,
)
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.config import Config, find_config, read_config
from meshlint.engine.config.bounds import refuse_link, refuse_outside, repository
from meshlint.engine.plan import Selection
from meshlint.engine.rule import Profile
from meshlint.sources import SourceOptions, display_path
from meshlint.values import evolve, field, frozen

COMPLETE = "complete"


@frozen(repr=False)
class Request:
    """A request as a front end words it; what it leaves out, the configuration decides.

    `changed` limits the findings to those that these files hold or cause. `mesh_config` names files with a
    MeshConfig or with values of Istio's Helm charts. `assume` is `complete` where the files hold the whole
    cluster. `deployment` is the one to take of those that exclude each other. `crds` are directories with
    CustomResourceDefinitions, `values` files with what tools fill in. `helm`
    lets the user's helm render charts, with `helm_values`. Paths count from `directory`.
    `baseline` is the file of findings that are held back, by default the one beside the configuration;
    `since` is a git revision: only what is new since then is told. Without `grouped`, each finding of a
    flood is told by itself. The work is shared by `jobs` processes; None takes as many as pay. No answer
    depends on it.
    """

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: str | None = None
    config: Path | None = None
    no_config: bool = False
    assume: str | None = None
    mesh_config: tuple[Path, ...] = ()
    kustomize: bool = False
    gitignore: bool = True
    no_ignores: bool = False
    changed: tuple[str, ...] = ()
    crds: tuple[Path, ...] = ()
    versions: Mapping[str, str] = field(factory=dict)
    namespace: str | None = None
    deployment: str | None = None
    baseline: Path | None = None
    no_baseline: bool = False
    since: str | None = None
    grouped: bool = True
    values: tuple[Path, ...] = ()
    helm: bool = True
    helm_values: tuple[Path, ...] = ()
    directory: Path = field(factory=Path.cwd)
    jobs: int | None = 1


@frozen(repr=False)
class Asked:
    """A request and its configuration, put together."""

    request: Request
    config: Config
    options: CheckOptions
    sources: SourceOptions
    paths: tuple[str, ...]


def understood(request: Request, paths: Sequence[str]) -> Asked:
    """`request` completed by its configuration; raises `UsageError` where either makes no sense."""
    config = configuration(request, paths)
    options = options_of(config)
    read = _paths(paths, config, request.directory)
    return Asked(
        request,
        config,
        evolve(
            options,
            selection=_selection(request, config.selection),
            reading=evolve(
                options.reading,
                complete=config.assume_complete if request.assume is None else request.assume == COMPLETE,
                versions={**config.versions, **checked_versions(request.versions)},
                mesh_config=read_mesh_config(request.mesh_config, request.directory),
                namespace=checked_namespace(request.namespace),
                schemas=read_definitions(_definitions(request, config)),
                deployment=request.deployment,
                jobs=request.jobs,
                substitutions={**config.substitutions, **read_values(request.values, request.directory)},
            ),
            policy=evolve(
                options.policy,
                honour_ignores=not request.no_ignores,
                whole=_is_whole(read, config, request.directory),
                group_after=options.policy.group_after if request.grouped else 0,
                jobs=request.jobs,
            ),
        ),
        _sources(request),
        read,
    )


def _sources(request: Request) -> SourceOptions:
    return SourceOptions(
        request.directory,
        gitignore=request.gitignore,
        kustomize=request.kustomize,
        helm=request.helm,
        helm_values=request.helm_values,
    )


def _is_whole(paths: Sequence[str], config: Config, directory: Path) -> bool:
    """Whether all that the configuration speaks of is read: its directory, or the paths that it names."""
    if config.directory is None:
        return False
    base = config.directory.resolve()
    return paths == config.paths or any(base.is_relative_to((directory / path).resolve()) for path in paths)


def configuration(request: Request, paths: Sequence[str]) -> Config:
    """What the configuration file for these paths says; raises `UsageError` where it makes no sense."""
    if request.no_config:
        return Config()
    found = request.config or find_config([request.directory / path for path in paths if path != "-"])
    if found is None:
        return Config()
    shown = display_path(str(found), str(request.directory), absolute=False)
    if request.config:
        return read_config(found, shown, load_catalogue())
    refuse_link(found, shown)
    config = read_config(found, shown, load_catalogue(), repository(found))
    refuse_outside(config, found, shown)
    return config


def _selection(request: Request, configured: Selection) -> Selection:
    return evolve(
        configured,
        select=request.select or configured.select,
        extend_select=(*configured.extend_select, *request.extend_select),
        ignore=(*configured.ignore, *request.ignore),
        profile=Profile(request.profile) if request.profile else configured.profile,
    )


def _definitions(request: Request, config: Config) -> list[Path]:
    """The directories of definitions: those of the request, else those of the configuration."""
    if request.crds:
        return [request.directory / path for path in request.crds]
    return [(config.directory or request.directory) / path for path in config.crds]


def _paths(paths: Sequence[str], config: Config, directory: Path) -> tuple[str, ...]:
    """The paths to read; those of the configuration where the caller named none but the directory."""
    if tuple(paths) not in ((), (".",)) or not config.paths or config.directory is None:
        return tuple(paths) or (".",)
    if config.directory.resolve() != directory.resolve():
        return tuple(paths) or (".",)
    return config.paths
