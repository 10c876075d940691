"""The table of exit codes, the same for every format, and what is printed where."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from attrs import evolve

from meshlint.engine.finding import Finding
from meshlint.engine.outcome import Outcome
from meshlint.engine.rule import Severity
from meshlint.engine.usage import Mistake, UsageError
from meshlint.reports import FORMATS
from tests.cli.conftest import Meshlint
from tests.cli.fake_api import NothingFound
from tests.reports.outcomes import CLEAN, FULL, UNDEFINED


def found(*severities: Severity) -> Callable[[], Outcome]:
    findings: tuple[Finding, ...] = tuple(evolve(UNDEFINED, severity=severity) for severity in severities)
    return lambda: evolve(FULL, findings=findings)


def raising(error: BaseException) -> Callable[[], Outcome]:
    def answer() -> Outcome:
        raise error

    return answer


ANSWERS: dict[str, tuple[Callable[[], Outcome], int]] = {
    "clean": (lambda: CLEAN, 0),
    "info": (found(Severity.INFO), 0),
    "warning": (found(Severity.WARNING), 1),
    "error": (found(Severity.INFO, Severity.ERROR), 1),
    "usage": (raising(UsageError(Mistake('"MTSL" is no rule', 'Did you mean "MTLS"?'))), 2),
    "internal": (raising(RuntimeError("broken")), 3),
    "nothing": (raising(NothingFound("no manifests were found in .")), 4),
    "interrupted": (raising(KeyboardInterrupt()), 130),
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("case", ANSWERS)
def test_exit_code(meshlint: Meshlint, name: str, case: str) -> None:
    answer, code = ANSWERS[case]
    result = meshlint("check", "--output", name, answer=answer)
    assert result == meshlint("check", "--format", name, answer=answer)
    assert result.code == code
    assert "Traceback" not in result.err
    if code > 1:
        assert result.out == ""
    elif name in ("json", "sarif"):
        json.loads(result.out)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("fail_on", "codes"),
    [("info", (1, 1, 1)), ("warning", (0, 1, 1)), ("error", (0, 0, 1)), ("never", (0, 0, 0))],
)
def test_fail_on(meshlint: Meshlint, name: str, fail_on: str, codes: tuple[int, ...]) -> None:
    for severity, code in zip(sorted(Severity), codes, strict=True):
        answer = found(severity)
        assert meshlint("check", "-o", name, "--fail-on", fail_on, answer=answer).code == code
        assert meshlint("check", "-o", name, "--fail-on", fail_on, "--exit-zero", answer=answer).code == 0


@pytest.mark.parametrize("case", ["usage", "internal", "nothing"])
def test_exit_zero_hides_no_failure(meshlint: Meshlint, case: str) -> None:
    answer, code = ANSWERS[case]
    assert meshlint("check", "--exit-zero", answer=answer).code == code


def test_an_internal_error_is_short_and_asks_for_a_report(meshlint: Meshlint) -> None:
    result = meshlint("check", answer=ANSWERS["internal"][0])
    assert result.err.startswith("error: RuntimeError: broken\n")
    assert "report it" in result.err


def test_debug_shows_where_it_happened(meshlint: Meshlint) -> None:
    result = meshlint("check", "--debug", answer=ANSWERS["internal"][0])
    assert "Traceback" in result.err
    assert result.code == 3


def test_wrong_usage_names_what_was_meant(meshlint: Meshlint) -> None:
    result = meshlint("check", "--select", "MTSL", answer=ANSWERS["usage"][0])
    assert result.err == ('error: "MTSL" is no rule. Did you mean "MTLS"?\nTry \'meshlint check --help\'.\n')


def test_nothing_found_does_not_look_clean(meshlint: Meshlint) -> None:
    result = meshlint("check", answer=ANSWERS["nothing"][0])
    assert result.err.startswith("error: no manifests were found in .\n  help: Name a directory")


@pytest.mark.parametrize(
    "arguments",
    [
        ("chekc",),
        ("check", "--fail-onn", "error"),
        ("check", "--fail-on", "warn"),
        ("check", "-o", "sarf"),
        ("check", "-o", "out.sarif"),
        ("check", "-o", "text", "-o", "json"),
        ("check", "-o", "text=missing/out.txt"),
        ("check", "-o", "text=."),
        ("check", "--config", "missing.yaml"),
        ("check", "--changed"),
        ("explain",),
        ("explain", "HYGIEN000"),
        ("rules", "--family", "HYGEINE"),
        ("completion", "csh"),
        (),
    ],
    ids=" ".join,
)
def test_wrong_usage(meshlint: Meshlint, arguments: tuple[str, ...]) -> None:
    result = meshlint(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err
