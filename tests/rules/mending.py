"""What `--fix` makes of texts."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from meshlint.api import CheckOptions, check_project
from meshlint.api.edits.mending import Mended, mended
from meshlint.api.reading.project import Project, read_sources
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.finding import Finding
from meshlint.engine.plan import Plan, make_plan
from meshlint.sources import SourceFile, SourceSet

CATALOGUE = load_catalogue()


def mend(texts: Mapping[str, str], options: CheckOptions, rule: str = "", *, unsafe: bool = False) -> Mended:
    """`texts` mended of all that `rule` finds, or of everything."""
    selection = options.selection
    plan = make_plan(
        CATALOGUE, evolve(selection, extend_select=(*selection.extend_select, *filter(None, [rule])))
    )
    sources = SourceSet(tuple(SourceFile(name, text.encode()) for name, text in sorted(texts.items())))

    def fresh(found: tuple[Finding, ...]) -> list[Finding]:
        return [
            one
            for one in found
            if rule in ("", one.rule) and one.fix is not None and (unsafe or one.fix.safe)
        ]

    return mended(sources, lambda now, earlier: looked(now, options, plan, earlier), fresh)  # type: ignore[arg-type]


def looked(
    sources: SourceSet, options: CheckOptions, plan: Plan, earlier: Project | None = None
) -> tuple[Project, tuple[Finding, ...]]:
    project = read_sources(sources, options.reading, earlier)
    return project, check_project(project, plan, evolve(options.policy, group_after=0)).findings


def texts_of(texts: Mapping[str, str], done: Mended) -> dict[str, str]:
    """The texts after what was done."""
    return {**texts, **{file.path: file.after.decode() for file in done.files}}
