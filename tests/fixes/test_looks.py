"""Which attempts are kept, and in how many looks at the set, where documents say what comes of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.api.edits.mending import Mended, mended
from meshlint.api.reading.options import ReadOptions
from meshlint.api.reading.project import Project, read_sources
from meshlint.checks.mending import Fix, Replace
from meshlint.documents import Document, Field
from meshlint.engine.finding import Finding, Location
from meshlint.engine.rule import Severity
from meshlint.resources.resource import ObjectId
from meshlint.sources import SourceFile, SourceSet

NOTHING, OWN, STAYS = "nothing", "own", "stays"


def text_of(name: str, after: str) -> str:
    """A document that is to be mended; `after` is what comes of that."""
    return f"name: {name}\nvalue: bad\nafter: {after}\n"


class Eyes:
    """Looks at documents, and counts how often."""

    def __init__(self) -> None:
        self.looks = 0

    def look(self, sources: SourceSet, earlier: Project | None) -> tuple[Project, tuple[Finding, ...]]:
        self.looks += 1
        project = read_sources(sources, ReadOptions(), earlier)
        documents = {
            document.value["name"]: document for one in project.readings for document in one.documents
        }
        return project, tuple(told(documents))


def told(documents: Mapping[str, Document]) -> Iterator[Finding]:
    for document in documents.values():
        value, after = document.value["value"], document.value["after"]
        if value == "bad" or after == STAYS:
            fix = Fix("mend", (Replace(Field(document, ("value",), value), "good"),))
            yield finding("BAD", document, fix if value == "bad" else None)
        elif after == OWN:
            yield finding("NEW", document)
        elif after in documents:
            yield finding("BROKEN", documents[after])


def finding(rule: str, document: Document, fix: Fix | None = None) -> Finding:
    location = Location(document.file, document.span(("value",)))
    name = ObjectId("", "Thing", "default", document.value["name"])
    return Finding(rule, rule, Severity.ERROR, f"it is {rule}", location, "", name, fix=fix)


def mend(texts: Mapping[str, str]) -> tuple[Mended, int]:
    eyes = Eyes()
    sources = SourceSet(tuple(SourceFile(name, text.encode()) for name, text in sorted(texts.items())))
    return mended(sources, eyes.look, fixable), eyes.looks


def fixable(found: Sequence[Finding]) -> list[Finding]:
    return [one for one in found if one.fix is not None]


def kept(done: Mended) -> set[str]:
    return {one.finding.object.name for one in done.kept if one.finding.object}


@pytest.mark.parametrize("apart", [True, False], ids=["a file each", "one file"])
@pytest.mark.parametrize("after", [OWN, STAYS])
def test_what_fails_alike_is_tried_once_for_all(after: str, apart: bool) -> None:
    parts = {f"d{number}": NOTHING if number % 3 else after for number in range(48)}
    texts = {f"{name}.yaml": text_of(name, what) for name, what in parts.items()}
    done, looks = mend(texts if apart else {"all.yaml": "---\n".join(texts.values())})
    assert kept(done) == {name for name, what in parts.items() if what is NOTHING}
    assert len(done.refused) == len(texts) - len(done.kept)
    assert looks <= 5


def test_who_breaks_another_object_is_found() -> None:
    texts = {f"d{number}.yaml": text_of(f"d{number}", NOTHING) for number in range(30)}
    texts["d7.yaml"] = text_of("d7", "d20")
    done, _looks = mend(texts)
    assert [one.finding.location.file for one in done.refused] == ["d7.yaml"]


NAMES = [f"d{number}" for number in range(7)]


@settings(max_examples=60)
@given(st.lists(st.sampled_from([NOTHING, NOTHING, OWN, STAYS, *NAMES]), min_size=1, max_size=7))
def test_what_is_kept_is_what_may_be_kept_by_itself(afters: list[str]) -> None:
    parts = dict(zip(NAMES, afters, strict=False))
    done, _looks = mend({f"{name}.yaml": text_of(name, after) for name, after in parts.items()})
    assert kept(done) == {name for name, after in parts.items() if after not in (OWN, STAYS, *parts)}
