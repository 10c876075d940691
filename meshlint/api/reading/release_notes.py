"""Tells which releases a run was about, where nobody stated one or where another stands in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from meshlint.resources.schema.store.catalogue import built_in
from meshlint.resources.schema.store.releases import newest, number

if TYPE_CHECKING:
    from meshlint.mesh.settings.release_marks import Mark
    from meshlint.mesh.settings.settings import Versions


def release_notes(versions: Versions) -> tuple[str, ...]:
    """A sentence on each release that the files show, and on each that meshlint does not know itself."""
    shown = (_shown(project, marks) for project, marks in sorted(versions.shown.items()))
    return (*shown, *_stand_ins(versions))


def _shown(project: str, marks: tuple[Mark, ...]) -> str:
    first, last = marks[0], marks[-1]
    text = f"{project} {_words(first)} is meant, as {_place(first)} shows"
    if last.release == first.release:
        return text
    which = "higher" if first.release > last.release else "lower"
    return f"{text}; {_place(last)} shows {_words(last)}, and the {which} one counts"


def _stand_ins(versions: Versions) -> Iterator[str]:
    for project, release in sorted(versions.releases.items()):
        own = f"{project} {'.'.join(map(str, release))}"
        last, oldest = built_in().releases[project][-1], built_in().releases[project][0]
        if release > newest(project):
            yield f"{own} is newer than all that meshlint knows, so what comes after {last} stands in for it"
        elif release < number(oldest):
            yield f"{own} is older than all that meshlint knows, so {oldest} stands in for it"


def _words(mark: Mark) -> str:
    return ".".join(map(str, mark.release))


def _place(mark: Mark) -> str:
    return f"{mark.at.document.file}:{mark.at.span().line}"
