"""Answers about a mesh that are worked out once, however many ask."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from meshlint.mesh.mesh import Mesh

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
_NONE: Final[Any] = object()
"""No answer yet: an answer may be None."""


def kept(
    question: Callable[Concatenate[Mesh, Asked], Answer],
) -> Callable[Concatenate[Mesh, Asked], Answer]:
    """Let a question that asks about nothing but its arguments, which are made of single objects, keep its
    answers for other meshes with these objects as well. The mesh only has room for them.
    """

    @wraps(question)
    def asked(mesh: Mesh, /, *about: Asked.args, **named: Asked.kwargs) -> Answer:
        if named:
            return question(mesh, *about, **named)
        answers: dict[object, Answer] = mesh.kept_of(question)
        answer: Answer = answers.get(about, _NONE)
        if answer is _NONE:
            answer = answers[about] = question(mesh, *about, **named)
        return answer

    return asked


def remembered(
    question: Callable[Concatenate[Mesh, Asked], Answer],
) -> Callable[Concatenate[Mesh, Asked], Answer]:
    """Let a pure question about a mesh keep its answers with that mesh.

    All that it asks about besides the mesh is hashable: views are, by identity. What is given by name is
    asked anew. An answer is a value that nobody changes, and never an iterator.
    """

    @wraps(question)
    def asked(mesh: Mesh, /, *about: Asked.args, **named: Asked.kwargs) -> Answer:
        if named:
            return question(mesh, *about, **named)
        answers: dict[object, Answer] | None = mesh.answers.get(question)
        if answers is None:
            answers = mesh.answers[question] = {}
        answer: Answer = answers.get(about, _NONE)
        if answer is _NONE:
            answer = answers[about] = question(mesh, *about, **named)
        return answer

    return asked
