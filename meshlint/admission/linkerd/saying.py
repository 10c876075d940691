"""How a refusal of Linkerd's webhook is worded."""

from __future__ import annotations

from meshlint.admission.remark import Judge, Remark
from meshlint.documents import Field


def refusal(at: Field, mistake: str, message: str, hint: str = "", *, on_key: bool = False) -> Remark:
    """A remark that has the object refused."""
    return Remark(at, Judge.LINKERD, mistake, message, hint, on_key)
