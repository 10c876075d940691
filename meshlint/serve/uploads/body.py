"""What a request sends: files or the name of a workspace, and the parameters of its question."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from meshlint.serve.faults import Fault
from meshlint.serve.limits import Limits
from meshlint.serve.uploads.archive import files_in_archive
from meshlint.serve.uploads.names import refuse_collisions, safe_name
from meshlint.values import frozen

JSON, FORM = "application/json", "multipart/form-data"
ARCHIVES = ("application/gzip", "application/x-gzip", "application/x-tar+gzip", "application/tar+gzip")
_FILES, _BEFORE, _WORKSPACE, _PARAMETERS = "files", "before", "workspace", "parameters"
_DEEPEST = 16


@frozen
class Sent:
    """What came: the files, or None where a workspace is meant, and everything else that was written.

    `before` are files as they were, of a question about a change.
    """

    files: Mapping[str, bytes] | None
    workspace: str | None
    parameters: Mapping[str, Any]
    before: Mapping[str, bytes] | None = None


async def sent_in(content_type: str, body: bytes, limits: Limits) -> Sent:
    """The parts of a body by its media type; raises `Fault`."""
    media = content_type.partition(";")[0].strip().lower()
    if media == JSON or (not media and not body):
        sent = _of_json(body, limits)
    elif media in ARCHIVES:
        sent = Sent(files_in_archive(body, limits), None, {})
    elif media == FORM:
        sent = await _of_form(content_type, body, limits)
    else:
        raise Fault(415, f"the body must be {JSON}, {FORM} or {ARCHIVES[0]} (a tar archive)")
    _bound([one for one in (sent.files, sent.before) if one is not None], limits)
    return sent


def parsed(data: bytes) -> Any:
    """The JSON value in `data`; raises `Fault` where it is none, or too deep."""
    try:
        value = json.loads(data or b"{}", parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Fault(400, "the body is no JSON") from error
    return value


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _of_json(body: bytes, limits: Limits) -> Sent:
    value = parsed(body)
    if not isinstance(value, dict):
        raise Fault(400, "the body must be a JSON object")
    files, workspace = value.get(_FILES), value.get(_WORKSPACE)
    if workspace is not None and not isinstance(workspace, str):
        raise Fault(400, '"workspace" must be a name')
    rest = {key: one for key, one in value.items() if key not in (_FILES, _BEFORE, _WORKSPACE)}
    found, before = (None if one is None else _texts(one, limits) for one in (files, value.get(_BEFORE)))
    return Sent(found, workspace, rest, before)


def _texts(files: Any, limits: Limits) -> dict[str, bytes]:
    if not isinstance(files, dict) or not all(isinstance(text, str) for text in files.values()):
        raise Fault(400, '"files" must be an object of texts by file name')
    if len(files) > limits.files:
        raise Fault(413, f"more than {limits.files} files were sent")
    found = {safe_name(name, limits): text.encode("utf-8", "replace") for name, text in files.items()}
    if len(found) != len(files):
        raise Fault(400, "a file name stands twice")
    return found


async def _of_form(content_type: str, body: bytes, limits: Limits) -> Sent:
    """Each part with a file name is a file, those called `before` as they were; the field `parameters` holds
    the rest as JSON.
    """
    from starlette.datastructures import Headers, UploadFile
    from starlette.formparsers import MultiPartException, MultiPartParser

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    headers = Headers({"content-type": content_type})
    try:
        parser = MultiPartParser(
            headers, stream(), max_files=limits.files, max_fields=_DEEPEST, max_part_size=limits.file
        )
        form = await parser.parse()
    except (MultiPartException, ValueError, KeyError) as error:
        raise Fault(400, "the form is broken, or has too many parts") from error
    files: dict[str, bytes] = {}
    before: dict[str, bytes] = {}
    fields: dict[str, str] = {}
    for key, value in form.multi_items():
        if isinstance(value, UploadFile):
            name, held = safe_name(value.filename or "", limits), before if key == _BEFORE else files
            if name in held:
                raise Fault(400, "a file name stands twice")
            held[name] = await value.read()
        else:
            fields[key] = value
    await form.close()
    return _of_fields(files, before, fields)


def _of_fields(files: dict[str, bytes], before: dict[str, bytes], fields: dict[str, str]) -> Sent:
    parameters = parsed(fields.get(_PARAMETERS, "{}").encode("utf-8", "replace"))
    if not isinstance(parameters, dict):
        raise Fault(400, '"parameters" must be a JSON object')
    return Sent(files or None, fields.get(_WORKSPACE), parameters, before or None)


def _bound(sets: list[Mapping[str, bytes]], limits: Limits) -> None:
    sizes = [len(data) for files in sets for data in files.values()]
    if any(size > limits.file for size in sizes):
        raise Fault(413, f"a file is larger than {limits.file} bytes")
    if sum(sizes) > limits.unpacked:
        raise Fault(413, f"the files are larger than {limits.unpacked} bytes together")
    for files in sets:
        refuse_collisions(files)
