"""Answers about a mesh that are worked out once, however many ask."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from operator import attrgetter
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from meshlint.mesh.mesh import Mesh

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
Thing = TypeVar("Thing")
Question = Callable[Concatenate[Mesh, Asked], Answer]
_Room = Callable[[Mesh], dict[object, Any]]
_TAKES_MORE = 12
"""The flags of a function that takes any number of values, by place or by name."""
_NONE: Final[Any] = object()
"""No answer yet: an answer may be None."""


def kept(question: Question[Asked, Answer]) -> Question[Asked, Answer]:
    """Let a question that asks about nothing but its arguments, which are made of single objects, keep its
    answers for other meshes with these objects as well. The mesh only has room for them.
    """
    return _answering(question, attrgetter("kept"))


def remembered(question: Question[Asked, Answer]) -> Question[Asked, Answer]:
    """Let a pure question about a mesh keep its answers with that mesh.

    All that it asks about besides the mesh is hashable: views are, by identity. What is given by name is
    asked anew. An answer is a value that nobody changes, and never an iterator.
    """
    return _answering(question, attrgetter("answers"))


def once_each(question: Callable[[tuple[Thing, ...]], Answer]) -> Callable[[tuple[Thing, ...]], Answer]:
    """Let a question about tuples be asked once for each, however many hold the very same one: policies of
    equal selectors do, and workloads of equal labels. It takes no look at what is in them.
    """
    known: dict[int, tuple[tuple[Thing, ...], Answer]] = {}

    def asked(things: tuple[Thing, ...]) -> Answer:
        found = known.get(id(things))
        if found is None:
            # Kept with its answer, so that no other tuple takes its id.
            found = known[id(things)] = things, question(things)
        return found[1]

    return asked


def _answering(question: Question[Asked, Answer], room: _Room) -> Question[Asked, Answer]:
    code = question.__code__
    is_about_one = code.co_argcount == 2 and not code.co_flags & _TAKES_MORE and not question.__defaults__
    made = _of_one_thing if is_about_one else _of_things
    return wraps(question)(made(question, room))


def _of_one_thing(question: Callable[..., Any], room: _Room) -> Callable[..., Any]:
    """Answers are kept under the thing itself: with a tuple for each, they would take twice the room."""

    def asked(mesh: Mesh, thing: Any) -> Any:
        answers = room(mesh).get(question)
        if answers is None:
            answers = room(mesh).setdefault(question, {})
        answer = answers.get(thing, _NONE)
        if answer is _NONE:
            answer = answers[thing] = question(mesh, thing)
        return answer

    return asked


def _of_things(question: Callable[..., Any], room: _Room) -> Callable[..., Any]:
    def asked(mesh: Mesh, /, *about: Any, **named: Any) -> Any:
        if named:
            return question(mesh, *about, **named)
        answers = room(mesh).get(question)
        if answers is None:
            answers = room(mesh).setdefault(question, {})
        answer = answers.get(about, _NONE)
        if answer is _NONE:
            answer = answers[about] = question(mesh, *about)
        return answer

    return asked
