"""What the exit code of a run says, the same for every format."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """0 to 4 as documented; 130 is what shells expect of a run that Ctrl-C ended.

    FINDINGS stands for a bad answer of any verb: of `route`, that the request reaches nothing.
    """

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    INTERNAL = 3
    NOTHING_FOUND = 4
    INTERRUPTED = 130
