"""Charts rendered by the user's own `helm`, in a copy of their files and without a network.

Two runs give the text as the cluster gets it, and once more with the file and the line of a template behind
what each of its lines gives, so that every field can be traced, also one that comes from another template
(Helm: a comment at the end of a line changes nothing).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from meshlint.sources.kustomize import run
from meshlint.sources.model import MEBIBYTE
from meshlint.values import frozen, regex

Origin = tuple[str, int]
"""The path of a template within its chart, and a line of it, counted from 0."""
MARK: Final = regex(r" ?#~(\d+):(\d+)~")
_MOST_FILES: Final = 2000
_MOST_BYTES: Final = 16 * MEBIBYTE
_SECONDS: Final = 20.0
_UNMARKED: Final = (_MOST_FILES, 0)
_TEMPLATES: Final = (".yaml", ".yml", ".tpl", ".txt")


@frozen(repr=False)
class Order:
    """What is to be rendered: the directory of a chart, the release, and values, the last of which win.

    `laid_in` are directories of other charts by their places in this one, `texts` files in place of its own.
    """

    directory: Path
    release: str
    namespace: str
    values: tuple[bytes, ...] = ()
    laid_in: tuple[tuple[str, Path], ...] = ()
    texts: tuple[tuple[str, bytes], ...] = ()


@frozen(repr=False)
class Rendered:
    """What came of it: the `text`, and the same with marks of lines of `files`, empty where that failed."""

    text: str
    marked: str = ""
    files: tuple[str, ...] = ()


NOT_INSTALLED: Final = "helm is not installed"


def installed_helm() -> str | None:
    """The program that renders charts, or None."""
    from shutil import which

    return which("helm")


def render(helm: str, order: Order) -> Rendered | str:
    """What helm makes of a chart, or a sentence that says why it makes nothing."""
    from tempfile import TemporaryDirectory  # takes long to load, and charts lie in sets that render none

    with TemporaryDirectory() as place:
        chart = Path(place, "chart", order.directory.resolve().name or "chart")
        refused = _laid_out(order, chart)
        if refused is not None:
            return refused
        plain = _template(helm, chart, order, place)
        if isinstance(plain, str):
            return plain.replace(f"{place}/chart/", "").replace(place, "")
        files = _mark(chart)
        marked = _template(helm, chart, order, place)
        return Rendered(_text(plain), "" if isinstance(marked, str) else _text(marked), files)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _template(helm: str, chart: Path, order: Order, place: str) -> bytes | str:
    named: list[str] = []
    for number, values in enumerate(order.values):
        path = Path(place, f"values-{number}.yaml")
        path.write_bytes(values)
        named += ["--values", str(path)]
    command = [helm, "template", order.release, str(chart), "--namespace", order.namespace, "--skip-tests"]
    return run([*command, *named], _SECONDS, _MOST_BYTES, _environment(place))


def _environment(place: str) -> dict[str, str]:
    """An environment without the user's repositories, plugins and clusters."""
    homes = {f"HELM_{name}_HOME": f"{place}/helm" for name in ("CACHE", "CONFIG", "DATA")}
    return {"PATH": "/usr/bin:/bin", "HOME": place, "KUBECONFIG": f"{place}/none", **homes}


def _laid_out(order: Order, chart: Path) -> str | None:
    """Copy the chart and what is laid into it; a sentence where that is too large."""
    for inside, directory in (("", order.directory), *order.laid_in):
        source = directory.resolve()
        refused = _copy(source, chart / inside)
        if refused is not None:
            return refused
    for inside, data in order.texts:
        (chart / inside).write_bytes(data)
    return None


def _copy(source: Path, target: Path) -> str | None:
    """Copy the regular files of a chart, no links that leave it; a sentence where it is too large."""
    total = 0
    files = list(islice(_files(source), _MOST_FILES + 1))
    if len(files) > _MOST_FILES:
        return "the chart has too many files"
    for path in files:
        if not path.resolve().is_relative_to(source):
            continue
        total += path.stat().st_size
        if total > _MOST_BYTES:
            return "the chart is too large"
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes())
    return None


def _files(directory: Path) -> Iterator[Path]:
    """The files of a chart; a directory with a dot, such as that of git, is none of its parts."""
    for path in sorted(directory.iterdir()):
        if path.is_file():
            yield path
        elif path.is_dir() and not path.is_symlink() and not path.name.startswith("."):
            yield from _files(path)


def _mark(chart: Path) -> tuple[str, ...]:
    """Mark the lines of all templates; their paths within the chart, by the numbers that marks tell."""
    paths = [
        path
        for path in sorted(chart.rglob("templates/**/*"))
        if path.suffix in _TEMPLATES and not path.name.startswith("_") and path.is_file()
    ]
    for number, path in enumerate(paths):
        path.write_bytes(marked(_text(path.read_bytes()), number).encode())
    return tuple(path.relative_to(chart).as_posix() for path in paths)


def marked(template: str, file: int) -> str:
    """A template with the number of its file and of each line behind it, but not within actions."""
    lines = template.split("\n")
    found: list[str] = []
    depth = 0
    for number, line in enumerate(lines):
        depth += line.count("{{") - line.count("}}")
        bare = line.rstrip()
        can_hold = bare and depth == 0 and not bare.endswith(("-}}", "|", ">", "|-", ">-", "---", "\\"))
        found.append(f"{bare} #~{file}:{number}~" if can_hold else line)
    return "\n".join(found)


def lines_of(rendered: Rendered) -> Sequence[Origin | None]:
    """For each line of the text the template and the line that it comes from; None where no mark tells it.

    What is only marks in the one run is nothing in the other: such documents are left out.
    """
    plain = _documents(rendered.text)
    traced = [one for one in _documents(rendered.marked) if MARK.sub("", "".join(one[2:])).strip()]
    if len(traced) != len(plain):
        return [None] * sum(map(len, plain))
    return [
        (rendered.files[file], line) if file < len(rendered.files) else None
        for document, other in zip(plain, traced, strict=True)
        for file, line in _aligned(document, other)
    ]


def _aligned(plain: Sequence[str], traced: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The marks of lines that say the same; a line that is all mark has no counterpart."""
    place = 0
    for line in plain:
        while place < len(traced) and _bare(traced[place]) != line.rstrip() and not _bare(traced[place]):
            place += 1
        match = MARK.search(traced[place]) if place < len(traced) else None
        is_same = match is not None and _bare(traced[place]) == line.rstrip()
        yield (int(match[1]), int(match[2])) if match is not None and is_same else _UNMARKED
        place += 1


def _bare(line: str) -> str:
    return MARK.sub("", line).rstrip()


def _documents(text: str) -> list[list[str]]:
    """The lines of each document, with the separator and the comment that tells its template."""
    found: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line == "---":
            found.append([])
        found[-1].append(line)
    return found if found[0] else found[1:]
