from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import frozen

from meshlint.cli.process import run
from meshlint.engine.outcome import Outcome
from tests.cli.fake_api import FakeApi
from tests.reports.outcomes import FULL


@frozen
class Result:
    """What a run of the command line left behind."""

    code: int
    out: str
    err: str


Meshlint = Callable[..., Result]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeApi:
    api = FakeApi(lambda: FULL)
    monkeypatch.setitem(sys.modules, "meshlint.api", api)
    return api


@pytest.fixture
def meshlint(
    fake: FakeApi, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Meshlint:
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def meshlint_with(*arguments: str, answer: Callable[[], Outcome] | None = None) -> Result:
        if answer is not None:
            fake.answer = answer
        code = run(arguments)
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return meshlint_with
