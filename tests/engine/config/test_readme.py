"""What the README shows of configuration and suppression is true."""

from __future__ import annotations

import re
from datetime import date

import pytest

from meshlint.documents import FileText, comments, read
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.config import config_of
from meshlint.engine.config.schema import config_schema
from meshlint.engine.suppression.comments import comment_suppressions
from tests.shared import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
CONFIGS = [block for block in BLOCKS if block.startswith("# meshlint.yaml")]


@pytest.mark.parametrize("block", CONFIGS)
def test_configuration(block: str) -> None:
    (document,) = read("README.md", block.encode()).documents
    config = config_of(document.value, "README.md", lambda path: document.span(path), load_catalogue())
    assert set(document.value) <= set(config_schema()["properties"])
    assert config.selection.extend_select or config.ignores


def test_there_are_two_configurations() -> None:
    assert len(CONFIGS) == 2


def test_comments() -> None:
    texts = [FileText("README.md", block) for block in BLOCKS]
    noted = [text for text in texts if any(comments(text))]
    (suppression,) = comment_suppressions({"README.md": noted[0]})
    assert suppression.expires == date(2026, 12, 31)
    assert suppression.reason
    assert len(noted) == 1
