"""Random objects, judged by istiod's own validator and by ours.

The recorded table is what they are made from, so that every field that the webhook looks at is changed. What
the CRDs refuse never reaches the webhook, and says nothing of us.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from attrs import frozen

from meshlint.admission.verdict import Verdict
from meshlint.api.reading.project import ReadOptions, read_texts
from tests.cases.test_istiod_webhook import VERDICTS, VERSIONS
from tests.golang import built
from tests.oracle.webhook.mutate import Known
from tests.shared import needs_shared
from tools.build_envoy_types import write_module

pytestmark = [pytest.mark.oracle, needs_shared]
COUNT = int(os.environ.get("MESHLINT_ORACLE_OBJECTS", "10000"))
READING = ReadOptions(versions={"istio": "1.32"})


@frozen
class Judged:
    """An object with what istiod's code says of it and what we say."""

    written: Any
    webhook: Any
    ours: Verdict

    @property
    def refusals(self) -> list[str]:
        return [remark.message for remark in self.ours.remarks if remark.refuses]

    def __str__(self) -> str:
        return f"{json.dumps(self.written['spec'])}: {self.webhook['error'] or 'accepted'}; {self.refusals}"


@pytest.fixture(scope="module")
def webhook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The validator, built."""
    folder = tmp_path_factory.mktemp("webhook")
    shutil.copy(Path(__file__).with_name("webhook.go"), folder)
    write_module(folder)
    return built(folder)


@pytest.fixture(scope="module")
def judged(webhook: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Judged]:
    rows = [json.loads(line) for line in VERDICTS.read_text(encoding="utf-8").splitlines()]
    known, random = Known.of([(row["kind"], row["spec"]) for row in rows]), Random(17)
    objects = [_manifest(*known.drawn(random)) for _ in range(COUNT)]
    answers = tmp_path_factory.mktemp("answers") / "answers.jsonl"
    lines = "".join(json.dumps(one) + "\n" for one in objects)
    subprocess.run([webhook, answers], input=lines.encode(), stdout=subprocess.DEVNULL, check=True)
    verdicts = map(json.loads, answers.read_text(encoding="utf-8").splitlines())
    return list(_judged(objects, verdicts))


def _manifest(kind: str, spec: Any) -> Any:
    metadata = {"name": "thing", "namespace": "default"}
    return {"apiVersion": VERSIONS[kind], "kind": kind, "metadata": metadata, "spec": spec}


def _judged(objects: list[Any], verdicts: Iterator[Any]) -> Iterator[Judged]:
    for written, said in zip(objects, verdicts, strict=True):
        ours = read_texts({"object.json": json.dumps(written)}, READING).admission.verdicts
        if len(ours) == 1 and not ours[0].violations and not said["error"].startswith("panic"):
            yield Judged(written, said, ours[0])


def test_what_istiod_takes_is_not_called_refused(judged: list[Judged]) -> None:
    taken = [one for one in judged if one.webhook["accepted"]]
    wronged = [one for one in taken if one.refusals]
    assert len(wronged) / len(taken) <= 0.001, "\n".join(map(str, wronged[:20]))


def test_what_istiod_refuses_is_told(judged: list[Judged]) -> None:
    refused = [one for one in judged if not one.webhook["accepted"]]
    missed = [one for one in refused if not one.refusals]
    assert len(missed) / len(refused) <= 0.005, "\n".join(map(str, missed[:20]))
