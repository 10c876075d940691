"""What a repository needs for its first run: a configuration, a hook and a CI job, by what is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from meshlint import HOME, __version__
from meshlint.api.reading.project import Project
from meshlint.documents.scalars import plain_scalar
from meshlint.mesh.questions.unresolved import leaving
from meshlint.mesh.settings.release_marks import Mark
from meshlint.values import frozen, regex

_FEW_DIRECTORIES = 8
_MOST_NAMES = 20
_CLUSTER = ".svc."
_NAME = regex(r"[\w.*/-]+")


@frozen(repr=False)
class Proposal:
    """A file to write: its path from the root, its text, and why it is left alone if it is."""

    path: str
    text: str
    kept: str = ""


@frozen(repr=False)
class Seen:
    """What a repository shows of itself.

    `paths` hold its manifests, `releases` the marks of the meshes that are installed, `settings` the files
    with mesh-wide settings. `namespaces`, `hosts` and `gateways` are named in the files, but not there.
    """

    paths: tuple[str, ...]
    objects: int
    meshes: tuple[str, ...]
    releases: tuple[tuple[str, Mark], ...]
    settings: tuple[str, ...]
    namespaces: tuple[str, ...]
    hosts: tuple[str, ...]
    gateways: tuple[str, ...]


def seen_in(project: Project) -> Seen:
    """What the files of `project`, read from the root of a repository, show."""
    files = {one.document.file for one in project.resources.resources}
    # what a template leaves open is no name
    away = [one for one in leaving(project.mesh) if _NAME.fullmatch(one[1])]
    hosts = sorted({name for kind, name in away if kind == "host"})
    declared = {one.name for one in project.resources.of("", "Namespace")}
    shown = sorted(project.mesh.settings.versions.shown.items())
    homes = {_namespace(host) for host in hosts} | {
        name.partition("/")[0] for kind, name in away if kind == "gateway"
    }
    return Seen(
        paths=tuple(_directories(files)),
        objects=len(project.resources.resources),
        meshes=tuple(project.summary.meshes or ()),
        releases=tuple((name, marks[0]) for name, marks in shown),
        settings=tuple(sorted(_settings(project))),
        namespaces=tuple(sorted(homes - declared - _own(project) - {""})),
        hosts=tuple(host for host in hosts if _CLUSTER not in host and "." in host),
        gateways=tuple(sorted(name for kind, name in away if kind == "gateway")),
    )


def _own(project: Project) -> set[str]:
    return {one.namespace for one in project.resources.resources}


def _directories(files: Iterable[str]) -> Iterator[str]:
    """The top directories with manifests; the root alone where some lie there, or where there are many."""
    tops = Counter(PurePosixPath(file).parts[0] if "/" in file else "." for file in files)
    if "." in tops or len(tops) > _FEW_DIRECTORIES:
        return
    yield from sorted(top for top in tops if not top.startswith("<"))


def _namespace(host: str) -> str:
    """The namespace in the full name of a Service."""
    return host.partition(_CLUSTER)[0].partition(".")[2] if _CLUSTER in host else ""


def _settings(project: Project) -> Iterator[str]:
    for group, kind in (("install.istio.io", "IstioOperator"), ("sailoperator.io", "Istio")):
        yield from (one.document.file for one in project.resources.of(group, kind))
    for one in project.resources.of("", "ConfigMap"):
        if one.name.startswith("istio") and "mesh" in (one.field / "data"):
            yield one.document.file


def proposals(seen: Seen, root: Path) -> tuple[Proposal, ...]:
    """The files that a first run needs; what is there already is not written over."""
    found = [
        _proposal(root, "meshlint.yaml", configuration(seen), _others(root)),
        _proposal(root, ".pre-commit-config.yaml", f"repos:\n{_HOOK}", []),
    ]
    if (root / ".gitlab-ci.yml").exists():
        found.append(Proposal(".gitlab-ci.yml", _GITLAB, "it is there already: add this job to it"))
    else:
        found.append(_proposal(root, ".github/workflows/meshlint.yaml", _WORKFLOW, []))
    return tuple(found)


def _proposal(root: Path, path: str, text: str, others: Sequence[str]) -> Proposal:
    there = next((one for one in (path, *others) if (root / one).exists()), None)
    if there is None:
        return Proposal(path, text)
    mentions = "meshlint" in (root / there).read_text("utf-8", errors="replace")
    kept = f"{there} is there already" + ("" if mentions or there != path else ": add this to it")
    return Proposal(path, "" if mentions else text, kept)


def _others(root: Path) -> list[str]:
    names = [".meshlint.yaml", "meshlint.yml", ".meshlint.yml"]
    project = root / "pyproject.toml"
    configured = project.is_file() and "[tool.meshlint" in project.read_text("utf-8", errors="replace")
    return [*names, *(["pyproject.toml"] if configured else [])]


def configuration(seen: Seen) -> str:
    """A `meshlint.yaml` with what a repository shows, and with what else may be set in comments."""
    return "".join(f"{line}\n" for line in _configuration(seen))


def _configuration(seen: Seen) -> Iterator[str]:
    yield f"# How meshlint checks this repository: {HOME}"
    yield f"# {seen.objects} objects were found" + (f", of {', '.join(seen.meshes)}." if seen.meshes else ".")
    # narrowed to what is there today, a directory that comes tomorrow would go unchecked
    yield from ("", "# What is checked if no path is given: all below this file, or only what is named.")
    yield f"# paths: [{', '.join(map(_quoted, seen.paths)) or 'k8s'}]"
    yield "# exclude: [testdata/]         # as in a .gitignore"
    yield from ("", "# Which rules run: default, strict (what is legal but weak) or pedantic (style).")
    yield from ("profile: default", "fail-on: warning               # error, warning, info or never")
    yield from ("", "# The releases that the manifests are meant for.")
    yield from _versions(seen.releases)
    yield from ("", "# Settings of the mesh that no file holds.")
    yield from (f"# {name} holds some, and is read." for name in map(_inline, seen.settings))
    yield from ("# mesh:", "#   trust-domain: cluster.local", "#   mtls: STRICT")
    yield from ("", "# What exists and is not in these files.")
    yield from _external(seen)
    yield from ("", "# Findings that are accepted; `meshlint baseline` freezes all that are there today.")
    yield from ("# ignores:", "#   - rules: [MTLS]", "#     namespace: legacy-*")
    yield from ("#     reason: moves next quarter", "#     expires: 2027-01-31")


def _versions(releases: Sequence[tuple[str, Mark]]) -> Iterator[str]:
    for project, mark in releases:
        release = ".".join(map(str, mark.release))
        place = f"{mark.at.document.file}:{mark.at.span().line}"
        yield f"# {project} {release} is meant, as {_inline(place)} shows."
    yield from ("# versions:", '#   istio: "1.27"')


def _external(seen: Seen) -> Iterator[str]:
    if not (seen.namespaces or seen.hosts or seen.gateways):
        yield from ("# external:", "#   namespaces: [monitoring]", '#   hosts: ["*.example.com"]')
        return
    yield "# These are named in the files and not declared there."
    yield "external:"
    for key, names in (("namespaces", seen.namespaces), ("hosts", seen.hosts), ("gateways", seen.gateways)):
        if names:
            yield from (f"  {line}" for line in _list(key, names[:_MOST_NAMES]))
            if len(names) > _MOST_NAMES:
                yield f"    # and {len(names) - _MOST_NAMES} more"


def _list(key: str, names: Sequence[str]) -> Iterator[str]:
    yield f"{key}:"
    yield from (f"  - {_quoted(name)}" for name in names)


def _quoted(name: str) -> str:
    import json

    bare = name.replace("-", "").replace(".", "").replace("/", "").replace("_", "")
    plain = bare.isalnum() and bare.isascii() and not name.startswith("-") and plain_scalar(name) == name
    return name if plain else json.dumps(name)


def _inline(text: str) -> str:
    return text if text.isprintable() else ascii(text)


_HOOK = f"""\
  - repo: local
    hooks:
      - id: meshlint
        name: meshlint
        entry: meshlint check
        language: python
        additional_dependencies: [meshlint=={__version__}]
        always_run: true # a deletion breaks things, too, and matches no pattern
        pass_filenames: false
        require_serial: true
"""
_WORKFLOW = f"""\
# Checks the manifests: all of them on the main branch, what is new on a pull request.
name: meshlint
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  meshlint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@34e114876b0b11c390a56381ad16ebd13914f8d5 # v4.3.1
        with:
          fetch-depth: 0 # the base of a pull request has to be there
          persist-credentials: false
      - uses: actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0
        with:
          python-version: "3.12"
      - run: pip install meshlint=={__version__}
      - run: meshlint check --output github ${{BASE:+"--since=$BASE"}}
        env:
          BASE: ${{{{ github.event.pull_request.base.sha }}}}
"""
_GITLAB = f"""\
meshlint:
  image: python:3.12-slim
  variables: {{GIT_DEPTH: "0"}} # the base of a merge request has to be there
  script:
    - apt-get update -qq && apt-get install -y -qq --no-install-recommends git
    - pip install --quiet meshlint=={__version__}
    - >-
      meshlint check --output text --output gitlab=gl-code-quality-report.json
      ${{CI_MERGE_REQUEST_DIFF_BASE_SHA:+"--since=$CI_MERGE_REQUEST_DIFF_BASE_SHA"}}
  artifacts: {{when: always, reports: {{codequality: gl-code-quality-report.json}}}}
"""
