"""What is built for the wheel alone: the files of all rules in one, which is a third of them in size."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGES = "pages.json"


def pages(rules: Path) -> dict[str, str]:
    """The text of the file of each rule, by its folder and name."""
    found = sorted(rules.glob("*/**/*.yaml"))
    return {
        one.relative_to(rules).with_suffix("").as_posix(): one.read_text(encoding="utf-8") for one in found
    }


class CustomBuildHook(BuildHookInterface[Any]):
    """Puts the pages into the wheel; an editable install reads the files themselves."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before the files of the wheel are gathered."""
        if version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory()
        file = Path(self._folder.name) / PAGES
        file.write_text(json.dumps(pages(Path(self.root) / "rules"), ensure_ascii=False), encoding="utf-8")
        build_data["force_include"][str(file)] = f"meshlint/_data/rules/{PAGES}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Called when the wheel is written."""
        del build_data, artifact_path
        if version != "editable":
            self._folder.cleanup()
