"""The figures of the recorded verdicts: each table has its tests, and is measured when it is asked for."""

from __future__ import annotations

import pytest

from bench.verdicts import FIGURES, main
from tests.shared import PROJECT, needs_shared


def test_each_figure_names_tests_that_there_are() -> None:
    assert len({figure.name for figure in FIGURES}) == len(FIGURES)
    assert [one.test for one in FIGURES if not (PROJECT / one.test.split(" ")[0]).is_file()] == []


@needs_shared
def test_a_part_of_a_name_chooses_tables(capsys: pytest.CaptureFixture[str]) -> None:
    main(["policies attach"])
    (row,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| istiod")]
    name, rows, agree = (cell.strip() for cell in row.split("|")[1:4])
    assert name == "istiod: which policies attach"
    assert int(rows) == int(agree) > 1000
