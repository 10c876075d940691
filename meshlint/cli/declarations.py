"""The options that verbs share, by the section of the help that they stand in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from meshlint.cli.formats import OutputType
from meshlint.cli.shape import Choice, Option, Words
from meshlint.cli.terminal import COLORS
from meshlint.engine.rule import Profile, Severity
from meshlint.reports import FORMATS

Declared = TypeVar("Declared", bound=Callable[..., Any])
Declaration = Callable[[Any], Any]

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_DIRECTORY = click.Path(exists=True, file_okay=False, path_type=Path)


def _option(section: str, *names: str, **about: Any) -> Declaration:
    return click.option(*names, cls=Option, section=section, **about)


def declared(*groups: tuple[Declaration, ...]) -> Callable[[Declared], Declared]:
    """A decorator that gives a command the options of `groups`, in their order."""

    def decorate(function: Declared) -> Declared:
        for declaration in reversed([each for group in groups for each in group]):
            function = declaration(function)
        return function

    return decorate


def format_among(formats: Sequence[str], words: str = "") -> Declaration:
    """The option that says how a report is written; the first of `formats` is the default."""
    return _option(
        "Report",
        "--format",
        "-o",
        "format_name",
        type=Choice(tuple(formats)),
        default=formats[0],
        help=words or f"{formats[0]} (the default) or {' or '.join(formats[1:])}.",
    )


_READ = "What is read"
CLUSTER = (
    _option(
        _READ,
        "--cluster",
        is_flag=False,
        flag_value="current",
        metavar="[CONTEXT]",
        help="Read a live cluster: of a context of the kubeconfig, or of the current one.",
    ),
    _option(
        _READ,
        "--server",
        metavar="URL",
        help="Let `meshlint serve` at URL judge the files; MESHLINT_TOKEN holds the token.",
    ),
)
CONFIG = (
    _option(_READ, "--config", type=_FILE, help="Use this configuration instead of looking for one."),
    _option(_READ, "--no-config", is_flag=True, help="Use no configuration."),
)
WHAT_IS_READ = (
    _option(_READ, "--kustomize", is_flag=True, help="Build directories that hold a kustomization."),
    _option(
        _READ,
        "--deployment",
        metavar="NAME",
        help="Of deployments that exclude each other take this one: meshlint deployments names them.",
    ),
    _option(
        _READ,
        "--values",
        multiple=True,
        type=_FILE,
        help="What tools fill in: values of ${NAME} and its like, as YAML or as lines NAME=value.",
    ),
    _option(
        _READ,
        "--helm-values",
        multiple=True,
        type=_FILE,
        help="Values for the charts that your helm renders; without it, those beside each chart.",
    ),
    _option(_READ, "--no-helm", is_flag=True, help="Leave charts unrendered, though helm is installed."),
    _option(_READ, "--no-gitignore", is_flag=True, help="Read files that git ignores as well."),
    *CONFIG,
)

_RULES = "Rules"
_SELECTOR = "RULE,..."
RULES = (
    _option(
        _RULES,
        "--select",
        multiple=True,
        type=Words(),
        metavar=_SELECTOR,
        help="Run these rules only: ids, prefixes of ids (MTLS), names, profiles or ALL.",
    ),
    _option(
        _RULES,
        "--extend-select",
        multiple=True,
        type=Words(),
        metavar=_SELECTOR,
        help="Run these rules as well.",
    ),
    _option(
        _RULES, "--ignore", multiple=True, type=Words(), metavar=_SELECTOR, help="Leave these rules out."
    ),
    _option(
        _RULES,
        "--profile",
        type=Choice(Profile),
        help="How much to report.  [default: default]",
    ),
    _option(_RULES, "--no-ignores", is_flag=True, help="Report what comments and annotations suppress."),
    _option(
        _RULES,
        "--changed",
        is_flag=True,
        help="Take each PATH for a changed file: read this directory, and report what is wrong in those "
        "files and what they break.",
    ),
)

_BEFORE = "What was there before"
BEFORE = (
    _option(
        _BEFORE,
        "--since",
        metavar="REV",
        help="Report what is new since this git revision; REV... is where the branch left REV.",
    ),
    _option(
        _BEFORE,
        "--baseline",
        type=_FILE,
        help="Hold back what is in this file.  [default: meshlint-baseline.json beside the configuration]",
    ),
    _option(_BEFORE, "--no-baseline", is_flag=True, help="Report what the baseline holds back as well."),
)

_MENDING = "Mending"
MENDING = (
    _option(_MENDING, "--fix", is_flag=True, help="Mend what has a fix that decides nothing, in the files."),
    _option(_MENDING, "--unsafe-fixes", is_flag=True, help="Mend also by fixes that decide something."),
    _option(_MENDING, "--diff", is_flag=True, help="Show what would be mended, and write nothing."),
    _option(
        _MENDING,
        "--add-ignores",
        metavar="REASON",
        help="Write comments that accept the findings, with this reason.",
    ),
)

_WORLD = "What is known of the mesh"
WORLD = (
    _option(
        _WORLD,
        "--assume",
        type=Choice(("partial", "complete")),
        help="Whether the files are all there is: then what they lack is missing.  [default: partial]",
    ),
    _option(
        _WORLD,
        "--mesh-config",
        multiple=True,
        type=_FILE,
        help="A file with mesh-wide settings: MeshConfig, IstioOperator or Helm values.",
    ),
    _option(_WORLD, "--namespace", "-n", metavar="NAME", help="Where objects without a namespace go."),
    _option(
        _WORLD, "--crds", multiple=True, type=_DIRECTORY, help="A directory of CRDs that describe more kinds."
    ),
    _option(_WORLD, "--istio-version", metavar="X.Y", help="The version of Istio.  [default: newest]"),
    _option(_WORLD, "--linkerd-version", metavar="X.Y", help="The version of Linkerd."),
    _option(_WORLD, "--gateway-api-version", metavar="X.Y", help="The version of the Gateway API."),
)

_REPORT = "Report"
COLOR = (
    _option(
        _REPORT,
        "--color",
        type=Choice(COLORS),
        default="auto",
        help="Whether to colour; auto colours on a terminal, and heeds NO_COLOR and FORCE_COLOR.",
    ),
)
DEBUG = (
    _option("Other", "--debug", is_flag=True, expose_value=False, help="Show where meshlint itself fails."),
)
JOBS = (
    _option(
        "Other",
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="Share the work out among N processes.  [default: for large sets, one for each processor]",
    ),
)
CACHE = (
    _option(
        "Other",
        "--no-cache",
        is_flag=True,
        help="Answer anew, though nothing has changed since the last run, and keep no answer.",
    ),
)
REPORT = (
    _option(
        _REPORT,
        "--output",
        "-o",
        "--format",
        multiple=True,
        type=OutputType(),
        help=f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}, to stdout or to a file; text by default. "
        "May be repeated.",
    ),
    _option(
        _REPORT,
        "--fail-on",
        type=Choice((*map(str, sorted(Severity, reverse=True)), "never")),
        default=None,
        help="The least severity that makes the exit code 1; warning unless configured otherwise.",
    ),
    _option(_REPORT, "--exit-zero", is_flag=True, help="Exit with 0 whatever is found."),
    _option(
        _REPORT,
        "--require-mesh",
        is_flag=True,
        help="Exit with 4 where nothing of a mesh was read.",
    ),
    *COLOR,
    _option(_REPORT, "--quiet", "-q", is_flag=True, help="Print no summary and no progress."),
    _option(_REPORT, "--verbose", "-v", is_flag=True, help="Name every place and every file passed over."),
    *DEBUG,
)
