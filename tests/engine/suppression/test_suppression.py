from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from meshlint.checks.hit import Hit, Spot
from meshlint.checks.hygiene import documents
from meshlint.checks.world import World
from meshlint.documents import FileText, Span
from meshlint.engine.config import Ignore
from meshlint.engine.examine import Examined, Material, Policy, examine
from meshlint.engine.finding import Location
from meshlint.engine.plan import Plan
from meshlint.engine.rule import Severity
from meshlint.engine.run import Worlds
from tests.engine.worlds import catalogue, input_of, rule

TODAY = date(2026, 6, 15)
REMARKS = [
    rule("HYGIENE020", "unused-suppression"),
    rule("HYGIENE021", "expired-suppression"),
    rule("HYGIENE022", "unknown-suppression"),
    rule("HYGIENE023", "unexplained-suppression"),
]
MODE = rule("MTLS001", "open-mode", "hygiene.documents.mode", replaces=("IST0001", "KIA0001"))
NAME = rule("ROUTE001", "odd-name", "hygiene.documents.odd", replaces=("KIA0002",))
TEXT = rule("ROUTE002", "odd-text", "hygiene.documents.odd_text")
ELSEWHERE = rule("AUTHZ001", "elsewhere", "hygiene.documents.elsewhere")
ALL = [MODE, NAME, TEXT, ELSEWHERE, *REMARKS]
PLAN = Plan(tuple(ALL), catalogue(*ALL))

POLICY = """\
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: odd
  namespace: shop{annotations}
spec:
  mtls:
    mode: DISABLE
"""


def mode(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    for found in world.resources.of("security.istio.io", "PeerAuthentication"):
        at = found.at("spec", "mtls", "mode")
        if at:
            yield Hit(at, f"{found} is open", resource=found)


def odd(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    for found in world.resources.resources:
        if found.name == "odd":
            yield Hit(found.at("metadata", "name"), f"{found} has an odd name", resource=found)


def odd_text(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    for problem in world.problems:
        yield Hit(Spot(problem.file, problem.span), "The text is odd")


def elsewhere(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A finding of one object that stands in another one."""
    found = world.resources.resources
    for first, second in pairwise(found):
        yield Hit(second.at("spec", "mtls"), f"{first} does not go with it", resource=first)


@pytest.fixture(autouse=True)
def _checks(monkeypatch: pytest.MonkeyPatch) -> None:
    for check in (mode, odd, odd_text, elsewhere):
        monkeypatch.setattr(documents, check.__name__, check, raising=False)


def examined(
    files: Mapping[str, str] | str, plan: Plan = PLAN, ignores: Sequence[Ignore] = (), **more: Any
) -> Examined:
    texts = {"a.yaml": files} if isinstance(files, str) else files
    world = input_of(texts)
    material = Material(world.resources, {name: FileText(name, text) for name, text in texts.items()})
    return examine(plan, Worlds(world), material, Policy(TODAY, tuple(ignores), **more))


def told(result: Examined) -> list[str]:
    return [f"{finding.location.span.line} {finding.rule}" for finding in result.findings]


def only(*rules: object) -> Plan:
    kept = tuple(r for r in (*ALL,) if r in rules or r in REMARKS)
    return Plan(kept, PLAN.catalogue)


def policy(*changes: tuple[str, str], annotations: str = "") -> str:
    text = POLICY.format(annotations=annotations)
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return text


def test_nothing_is_suppressed_without_a_word() -> None:
    assert told(examined(policy())) == ["4 ROUTE001", "8 MTLS001"]


@pytest.mark.parametrize(
    "text",
    [
        policy(("mode: DISABLE", "mode: DISABLE # meshlint: ignore[MTLS001] until we know")),
        policy(("    mode:", "    # meshlint: ignore[MTLS001] we know\n    mode:")),
        policy(("    mode:", "    # meshlint: ignore[MTLS] we know\n\n    # another comment\n    mode:")),
        policy(("  mtls:", "  # meshlint: ignore[open-mode]: we know\n  mtls:")),
        policy(("spec:", "spec: # meshlint: ignore[mtls001] we know")),
        policy(("apiVersion", "# meshlint: ignore[MTLS001] we know\napiVersion")),
        policy(("apiVersion", "# meshlint: ignore[MTLS001] we know\n---\napiVersion")),
        policy(("spec:", "# meshlint: ignore-file[MTLS001] we know\nspec:")),
        policy(annotations="\n  annotations:\n    meshlint.dev/ignore: 'MTLS001: we know'"),
        policy(annotations="\n  annotations:\n    galley.istio.io/analyze-suppress: IST0001"),
        policy(annotations="\n  annotations:\n    galley.istio.io/analyze-suppress: 'IST9999, IST0001'"),
        policy(annotations="\n  annotations:\n    galley.istio.io/analyze-suppress: '*'"),
        policy(annotations="\n  annotations:\n    kiali.io/ignore-validations: KIA0001"),
    ],
)
def test_ways_to_suppress_one_finding(text: str) -> None:
    result = examined(text)
    assert [finding.rule for finding in result.findings] == ["ROUTE001"]
    assert [finding.rule for finding in result.suppressed] == ["MTLS001"]


@pytest.mark.parametrize(
    "text",
    [
        policy(
            (
                "apiVersion: security.istio.io/v1",
                "apiVersion: security.istio.io/v1 # meshlint: ignore[MTLS001] x",
            )
        ),
        policy(("  name: odd", "  # meshlint: ignore[MTLS001] above another field\n  name: odd")),
        policy(("  mtls:", "  # meshlint: ignore[ROUTE001] not this rule\n  mtls:")),
        policy() + "# meshlint: ignore[MTLS001] below everything\n",
        policy(
            ("apiVersion", "---\n# meshlint: ignore[MTLS001] other\napiVersion: v1\nkind: A\n---\napiVersion")
        ),
        policy(annotations="\n  annotations:\n    galley.istio.io/analyze-suppress: IST0002"),
        policy(annotations="\n  annotations:\n    kiali.io/ignore-validations: IST0001"),
        policy(annotations="\n  annotations: [meshlint.dev/ignore]"),
    ],
)
def test_what_suppresses_nothing(text: str) -> None:
    result = examined(text, only(MODE))
    assert "MTLS001" in [finding.rule for finding in result.findings]
    assert result.suppressed == ()


def test_kiali_s_empty_annotation_means_all_that_kiali_says() -> None:
    result = examined(policy(annotations="\n  annotations:\n    kiali.io/ignore-validations: ''"))
    assert [finding.rule for finding in result.suppressed] == ["ROUTE001", "MTLS001"]


def test_the_whole_object_and_several_rules() -> None:
    text = policy(("apiVersion", "# meshlint: ignore[MTLS001, ROUTE] a drill\napiVersion"))
    assert told(examined(text)) == []
    lines = (
        "\n  annotations:\n    meshlint.dev/ignore: |\n      MTLS001: a drill\n      odd-name: its real name"
    )
    assert told(examined(policy(annotations=lines))) == []


def test_an_annotation_speaks_of_its_own_object_only() -> None:
    noted = policy(annotations="\n  annotations:\n    meshlint.dev/ignore: 'MTLS001: we know'")
    result = examined({"a.yaml": noted + "---\n" + policy(("name: odd", "name: even"))}, only(MODE))
    assert told(result) == ["19 MTLS001"]
    assert len(result.suppressed) == 1


def test_a_comment_where_no_object_is() -> None:
    broken = "# meshlint: ignore-file[ROUTE002] rendered later\na: [\n"
    assert told(examined(broken)) == []
    beside = "a:\n\tb: 1 # meshlint: ignore[ROUTE002] rendered later\n"
    assert told(examined(beside)) == []


def test_a_finding_of_one_object_in_another() -> None:
    first, second = policy(), policy(("name: odd", "name: strange"))
    noted = second.replace("  mtls:", "  mtls: # meshlint: ignore[AUTHZ001] both are wanted")
    files = {"a.yaml": first, "b.yaml": noted}
    result = examined(files, only(ELSEWHERE))
    assert told(result) == []
    assert [str(finding.location) for finding in result.suppressed] == ["b.yaml:7:3"]
    by_annotation = first.replace("shop\n", "shop\n  annotations: {meshlint.dev/ignore: 'AUTHZ001: fine'}\n")
    assert told(examined({"a.yaml": by_annotation, "b.yaml": second}, only(ELSEWHERE))) == []


@pytest.mark.parametrize(
    ("ignore", "rest"),
    [
        (Ignore(("MTLS001",), "we know"), ["ROUTE001"]),
        (Ignore(("ALL",), "we know", kind="Peer*", namespace="sh?p", name="odd"), []),
        (Ignore(("ALL",), "we know", path="apps/"), []),
        (Ignore(("ALL",), "we know", path="*.yaml"), []),
        (Ignore(("MTLS001", "ROUTE001"), "we know", expires=TODAY), []),
    ],
)
def test_the_configuration_suppresses(ignore: Ignore, rest: list[str]) -> None:
    result = examined({"apps/a.yaml": policy()}, ignores=[ignore])
    assert [finding.rule for finding in result.findings] == rest


@pytest.mark.parametrize(
    ("ignore", "remarks"),
    [
        (Ignore(("ALL",), "x", kind="Service"), []),
        (Ignore(("ALL",), "x", path="other/"), []),
        (Ignore(("ALL",), "x", path="/a.yaml"), []),
        (Ignore(("ALL",), "x", expires=date(2026, 6, 14)), ["HYGIENE021"]),
        (Ignore(("AUTHZ001",), "x"), ["HYGIENE020"]),
        (Ignore(("AUTHZ0001",), "x"), ["HYGIENE022"]),
    ],
)
def test_an_ignore_that_suppresses_nothing(ignore: Ignore, remarks: list[str]) -> None:
    result = examined({"apps/a.yaml": policy()}, ignores=[ignore])
    assert result.suppressed == ()
    found = [finding.rule for finding in result.findings]
    assert found == [*remarks, "ROUTE001", "MTLS001"]


def test_paths_count_from_the_configuration_file(tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    files = {
        str(tmp_path / "conf" / "apps" / "a.yaml"): policy(),
        str(tmp_path / "apps" / "b.yaml"): policy(),
    }
    ignore = Ignore(("ALL",), "we know", path="/apps/")
    result = examined(files, only(MODE), [ignore], directory=tmp_path / "conf")
    assert [Path(finding.location.file).name for finding in result.findings] == ["b.yaml"]


def test_an_ignore_by_object_does_not_cover_a_text() -> None:
    result = examined("a: [\n", ignores=[Ignore(("ALL",), "x", kind="Service")])
    assert [finding.rule for finding in result.findings] == ["ROUTE002"]


def test_a_remark_stands_where_the_note_is_written() -> None:
    place = Location("meshlint.yaml", Span(7, 5, 7, 10))
    (remark,) = examined({}, ignores=[Ignore(("NOPE001",), "x", place=place)]).findings
    assert remark.location == place


def messages(result: Examined) -> list[str]:
    return [f"{finding.rule} {finding.message}" for finding in result.findings if finding.rule[0] == "H"]


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("ignore[MTLS002] x", 'HYGIENE022 "MTLS002" names no rule, so it suppresses nothing'),
        (
            "ingore[MTLS001] x",
            'HYGIENE022 The comment "ingore[MTLS001] x" is not understood, so it suppresses nothing',
        ),
        ("ignore[] x", 'HYGIENE022 The comment "ignore[] x" is not understood, so it suppresses nothing'),
        (
            "ignore[MTLS001] until 2026-02-30 x",
            'HYGIENE022 "2026-02-30" is not a day, so it suppresses nothing',
        ),
        (
            "ignore[MTLS001] until 2026-06-14: x",
            'HYGIENE021 "MTLS001" was ignored here until 2026-06-14, so its findings are told again',
        ),
        (
            "ignore[ROUTE002] x",
            'HYGIENE020 "ROUTE002" is ignored here but not found, '
            "so the suppression only hides what may come",
        ),
    ],
)
def test_a_note_that_does_not_count_is_told(comment: str, message: str) -> None:
    result = examined(policy(("    mode", f"    # meshlint: {comment}\n    mode")))
    assert messages(result) == [message]
    assert result.suppressed == ()


def test_a_suppression_counts_on_its_last_day() -> None:
    result = examined(policy(("mode: DISABLE", "mode: DISABLE # meshlint: ignore[MTLS] until 2026-06-15 x")))
    assert messages(result) == []
    assert len(result.suppressed) == 1


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("'MTLS001'", 'HYGIENE023 "MTLS001" is ignored here without a reason'),
        ("': reason'", 'HYGIENE022 The annotation "meshlint.dev/ignore" names no rule'),
        ("''", 'HYGIENE022 The annotation "meshlint.dev/ignore" names no rule'),
        ("true", 'HYGIENE022 The annotation "meshlint.dev/ignore" names no rule'),
    ],
)
def test_remarks_on_an_annotation(value: str, message: str) -> None:
    note = f"\n  annotations:\n    meshlint.dev/ignore: {value}"
    result = examined(policy(annotations=note), only(MODE))
    (said,) = messages(result)
    assert said.startswith(message)
    remark = next(finding for finding in result.findings if finding.rule[0] == "H")
    assert (remark.location.span.line, str(remark.object)) == (7, "PeerAuthentication shop/odd")


def test_words_are_unused_one_by_one_and_only_if_their_rules_ran() -> None:
    text = policy(("mode: DISABLE", "mode: DISABLE # meshlint: ignore[MTLS001, ROUTE002, AUTHZ] x"))
    assert len(messages(examined(text))) == 2
    assert [line.split()[1] for line in messages(examined(text, only(MODE, TEXT)))] == ['"ROUTE002"']
    assert messages(examined(text, only(MODE))) == []


def test_remarks_can_be_turned_off_and_told_twice_apart() -> None:
    text = policy(
        ("    mode", "    # meshlint: ignore[ROUTE002] x\n    # meshlint: ignore[ROUTE002] x\n    mode")
    )
    assert len({finding.fingerprint for finding in examined(text, only(TEXT)).findings}) == 2
    assert examined(text, Plan((), PLAN.catalogue)).findings == ()


def test_no_suppression_counts_if_they_are_not_honoured() -> None:
    text = policy(("mode: DISABLE", "mode: DISABLE # meshlint: ignore[MTLS001, NOPE] until 2020-01-01"))
    result = examined(text, honour_ignores=False)
    assert told(result) == ["4 ROUTE001", "8 MTLS001"]


def test_severities_of_remarks_are_those_of_their_rules() -> None:
    (remark,) = examined(policy(("spec:", "spec: # meshlint: ignore[AUTHZ001] x")), only(ELSEWHERE)).findings
    assert remark.severity is Severity.WARNING
