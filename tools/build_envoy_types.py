"""Writes `schemas/envoy.json`: the fields of Envoy's messages, as istiod knows them.

`tools/envoy_types.go` lists what istiod's packages register; Go runs it in a module of its own, which asks
for one version of Istio. With `--check` nothing is written: it fails where the file is stale.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

ISTIO: Final = "v0.0.0-20260827124520-eed52ebb66ad"
"""The version of istio.io/istio whose packages are asked."""
GO: Final = "1.26.0"
"""The Go that this version asks for. With it Go reads no requirement that is not built, of which some lead
to versions that exist in their own repository alone."""
ENVOY: Final = ("envoy.", "istio.envoy.", "io.istio.", "udpa.", "xds.")
"""The packages of Envoy's API, and of the filters that Istio adds."""
WITHIN: Final = ("cel.", "google.api.", "google.rpc.", "io.prometheus.", "opentelemetry.")
"""Those of what stands in their messages; istiod registers its own API and much else beside."""
ROOT: Final = Path(__file__).resolve().parents[1]
TARGET: Final = ROOT / "schemas" / "envoy.json"


def write_module(folder: Path) -> None:
    """A module of Go in a folder, which may use the packages of Istio."""
    (folder / "go.mod").write_text(f"module meshlint\n\ngo {GO}\n\nrequire istio.io/istio {ISTIO}\n")


def listed() -> dict[str, dict[str, Any]]:
    """What Go says of messages and enumerations; fails where there is no Go, or where it cannot build."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ROOT / "tools" / "envoy_types.go", folder)
        write_module(Path(folder))
        settings = {**os.environ, "GOFLAGS": "-mod=mod"}
        command = ["go", "run", "envoy_types.go"]
        ran = subprocess.run(command, cwd=folder, env=settings, check=True, stdout=subprocess.PIPE)
    told: dict[str, dict[str, Any]] = json.loads(ran.stdout)
    return told


def written(told: dict[str, dict[str, Any]]) -> str:
    """The text of the file: what is kept, in one line, by name."""
    kept = {
        part: {name: one for name, one in those.items() if name.startswith((*ENVOY, *WITHIN))}
        for part, those in told.items()
    }
    return json.dumps(kept, sort_keys=True, separators=(",", ":")) + "\n"


def main() -> int:
    """Builds the file, or says whether it is stale."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true")
    text = written(listed())
    if not options.parse_args().check:
        TARGET.write_text(text)
        return 0
    if TARGET.read_text() == text:
        return 0
    print("schemas/envoy.json is stale: run python -m tools.build_envoy_types", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
