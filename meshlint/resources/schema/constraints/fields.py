"""Checks on the fields of one mapping, and on single values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshlint.resources.schema.constraints.reading import REFUSED
from meshlint.resources.schema.fault import Broken
from meshlint.resources.schema.forms.formats import go_duration
from meshlint.resources.schema.forms.urls import url_scheme
from meshlint.resources.schema.words.writing import listed, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping


def union(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """The value at `by` says which one of the fields `arms` (value to field) is set, and no other is.

    `blank`: an empty field is as good as none; `optional`: the chosen one need not be set; `at_choice`: the
    settings were written for one choice, so where the choice is another it is what is to be changed.
    """
    if not isinstance(value, dict):
        return None
    by, arms = params["by"], params["arms"]
    chosen = value.get(by)
    wanted = arms.get(chosen) if isinstance(chosen, str) else None
    present = [
        name for name in arms.values() if name in value and not (params.get("blank") and not value[name])
    ]
    strange = next((name for name in present if name != wanted), None)
    lacking = wanted if wanted and wanted not in present and not params.get("optional") else None
    if strange:
        kind = next(key for key, name in arms.items() if name == strange)
        message = f"{quoted(strange)} goes with {by} {quoted(kind)} and {by} is {quoted(chosen)}, {REFUSED}"
        at, other = (by, strange) if by in value and params.get("at_choice") else (strange, by)
        suggestion = f"Set {by}: {kind}."
        return Broken(message, (at,), on_key=at == strange, suggestion=suggestion, related=((other,),))
    if lacking:
        return Broken(
            f"{by} {quoted(chosen)} needs the field {quoted(lacking)}, which is missing, {REFUSED}", (by,)
        )
    return None


def together(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """What stands at `keys` is, taken together, one of `values`; none of the keys may be absent."""
    if not isinstance(value, dict):
        return None
    keys, values = params["keys"], params["values"]
    absent = next((key for key in keys if key not in value), None)
    if absent is not None:
        return Broken(f"{quoted(absent)} is required here and missing, {REFUSED}", on_key=True)
    if [value[key] for key in keys] in values:
        return None
    allowed = listed(["/".join(filter(None, one)) for one in values])
    message = f"{'/'.join(str(value[key]) for key in keys)} is nothing that may be named here, {REFUSED}"
    return Broken(message, (keys[-1],), suggestion=f"It takes {allowed}.")


def shut_out(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """Where one of `fields` is set, none of `others` is."""
    if not isinstance(value, dict):
        return None
    first = next((name for name in params["fields"] if name in value), None)
    second = next((name for name in params["others"] if name in value), None)
    if first is None or second is None:
        return None
    message = f"{listed([first, second], 'and')} are both set and exclude each other, {REFUSED}"
    return Broken(message, (second,), on_key=True, suggestion="Keep one of them.", related=((first,),))


def duration(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """A Go duration, not under `least`, not over `most`, and not `never`."""
    if not isinstance(value, str):
        return None
    length = go_duration(value)
    if length is None:
        return Broken(f"{quoted(value)} is not a duration, {REFUSED}", suggestion=_duration_help(value))
    if "least" in params and length < (go_duration(params["least"]) or 0):
        return Broken(f"{quoted(value)} is under {params['least']}, the shortest duration here, {REFUSED}")
    if "most" in params and length > (go_duration(params["most"]) or 0):
        return Broken(f"{quoted(value)} is over {params['most']}, the longest duration here, {REFUSED}")
    if "never" in params and length == go_duration(params["never"]):
        return Broken(f"{quoted(value)} is no duration that may stand here, {REFUSED}")
    return None


def _duration_help(value: str) -> str:
    body = value.strip()
    if body.isdigit():
        return f"Give it a unit, such as {quoted(body + 's')}."
    if body.endswith("d") and body[:-1].isdigit():
        return f"There is no unit for days; write {quoted(f'{int(body[:-1]) * 24}h')}."
    return 'A duration is a number and a unit (h, m, s, ms), such as "10s".'


def url(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """An absolute URL of one of `schemes`; with `bare`, one without a scheme may stand there too."""
    if not isinstance(value, str):
        return None
    schemes = params["schemes"]
    scheme = url_scheme(value)
    if scheme is None and params.get("bare"):
        scheme = url_scheme(f"http://{value}")
    if scheme is None:
        return Broken(f"{quoted(value)} is not an absolute URL, {REFUSED}")
    if scheme in schemes or (params.get("bare") and scheme == ""):
        return None
    return Broken(
        f"{quoted(value)} has the scheme {quoted(scheme)}, and only {listed(schemes)} may be, {REFUSED}"
    )


def key_prefix(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """What stands before the slash of a key has at most `longest` characters."""
    for key in value if isinstance(value, dict) else ():
        if len(key.split("/")[0]) > params["longest"]:
            return Broken(
                f"The prefix of {quoted(key)} is too long for a key, {REFUSED}", (key,), on_key=True
            )
    return None
