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
_OPEN: Final = 0x04 | 0x08
"""The flags of a function that takes any number of arguments (`inspect`: CO_VARARGS, CO_VARKEYWORDS)."""


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

    if _asks_about_one_thing(question):
        return _about_one_thing(question)

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


def _asks_about_one_thing(question: Callable[..., object]) -> bool:
    """Whether a question has one argument besides the mesh, and no way to do with none or more."""
    code = question.__code__
    is_open = code.co_flags & _OPEN or question.__defaults__
    return (code.co_argcount, code.co_kwonlyargcount) == (2, 0) and not is_open


def _about_one_thing(question: Callable[..., Answer]) -> Callable[..., Answer]:
    """The same for the most frequent questions: the answers are kept by the thing itself."""

    @wraps(question)
    def asked(mesh: Mesh, about: object, /) -> Answer:
        answers: dict[object, Answer] | None = mesh.answers.get(question)
        if answers is None:
            answers = mesh.answers[question] = {}
        answer: Answer = answers.get(about, _NONE)
        if answer is _NONE:
            answer = answers[about] = question(mesh, about)
        return answer

    return asked
