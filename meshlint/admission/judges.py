"""Who, besides the API server, decides on an object: the webhook of the mesh whose group it is of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from meshlint.admission.remark import Remark
from meshlint.resources import Resource

WebhookJudge = Callable[[Resource], Iterable[Remark]]

_LATER: Mapping[str, Callable[[], WebhookJudge]] = {}
"""What loads the judge of a group: most sets hold one mesh, so nobody pays for the webhooks of others."""


def judge_of(group: str) -> WebhookJudge | None:
    """The webhook that looks at objects of a group, if any does."""
    load = _LATER.get(group)
    return None if load is None else load()
