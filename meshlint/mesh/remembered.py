"""Answers about a mesh that are worked out once, however many ask."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from meshlint.mesh.mesh import Mesh

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def remembered(
    question: Callable[Concatenate[Mesh, Asked], Answer],
) -> Callable[Concatenate[Mesh, Asked], Answer]:
    """Let a pure question about a mesh keep its answers with that mesh.

    All that it asks about besides the mesh is hashable and given by place: views are, by identity. An answer
    is a value that nobody changes, and never an iterator.
    """

    @wraps(question)
    def asked(mesh: Mesh, /, *about: Asked.args, **named: Asked.kwargs) -> Answer:
        key = (question, about)
        answers: dict[object, Answer] = mesh.answers
        if key not in answers:
            answers[key] = question(mesh, *about, **named)
        return answers[key]

    return asked
