"""CEL expressions of users, bounded in what they may do: the same ones always end at the same step.

The library's interpreter evaluates each node of the syntax tree by itself, so a step is a node, and an
expression that asks for too many of them, or for too large a value, is stopped there whatever the machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import celpy
import lark
from celpy import adapter, celtypes
from celpy.celparser import CELParseError
from celpy.evaluation import CELEvalError, Evaluator

from meshlint.resources.schema.cel import BUILT_IN, cel_functions
from meshlint.values import define, frozen, regex

Questions = Mapping[str, Callable[..., Any]]

LONGEST: Final = 4_000
"""Characters of an expression."""
MOST_STEPS: Final = 50_000
"""Steps for one object."""
DEEPEST: Final = 300
"""Nodes of the syntax tree below each other; parentheses are ten of them."""
LARGEST: Final = 100_000
"""Characters of a text and entries of a list that an expression may make."""

_STRINGS: Final = regex(r"""//[^\n]*|[rRbB]*(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')""")
_CHAINED: Final = frozenset(
    {
        "expr",
        "conditionalor",
        "conditionaland",
        "relation",
        "addition",
        "multiplication",
        "unary",
        "member",
    }
)
"""Nodes that only hand on the value of what is in them if that is one node."""
_MACROS: Final = frozenset({"all", "exists", "exists_one", "filter", "map"})
_ABSENT: Final = object()
_RELATIONS: Final = {
    "relation_lt": "_<_",
    "relation_le": "_<=_",
    "relation_ge": "_>=_",
    "relation_gt": "_>_",
    "relation_eq": "_==_",
    "relation_ne": "_!=_",
    "relation_in": "_in_",
}
_TYPES: Final = frozenset({"bool", "bytes", "double", "int", "list", "map", "null_type", "string", "uint"})


class TooMuch(Exception):
    """An expression asks for more steps or larger values than it may."""


class NoExpression(ValueError):
    """A text is no expression that can be evaluated here; says why."""


@define
class Budget:
    """The steps that are left."""

    steps: int

    def spend(self, steps: int = 1) -> None:
        """Take some; raises `TooMuch` where there are none left."""
        self.steps -= steps
        if self.steps < 0:
            raise TooMuch


@frozen(eq=False)
class Expression:
    """An expression that has been read, as a tree of the library."""

    tree: lark.Tree[Any]

    def holds(self, variables: Mapping[str, Any], questions: Questions, budget: Budget) -> bool:
        """Whether it is true; raises `ValueError` that says why it is neither true nor false."""
        runner = celpy.InterpretedRunner(celpy.Environment(), self.tree, {**cel_functions(), **questions})
        evaluator = _Bounded(self.tree, runner.new_activation(), budget, variables, {})
        try:
            value = evaluator.evaluate()
        except CELEvalError as error:
            raise ValueError(_words(error)) from error
        except RecursionError as error:
            raise ValueError("it is nested too deeply") from error
        if not isinstance(value, celtypes.BoolType | bool):
            raise ValueError("it is neither true nor false")
        return bool(value)


def expression(text: str, variables: Iterable[str], questions: Iterable[str]) -> Expression:
    """`text` as an expression over these variables and functions; raises `NoExpression`."""
    if len(text) > LONGEST:
        raise NoExpression(f"it is longer than {LONGEST} characters")
    if re.search(r"""["']""", _STRINGS.sub("", text)) or '"""' in text or "'''" in text:
        raise NoExpression("a string in it does not end on its line")
    try:
        tree = celpy.Environment().compile(text)
    except CELParseError as error:
        raise NoExpression(f"it is no CEL at line {error.line}, column {error.column}") from error
    except RecursionError as error:
        raise NoExpression("it is nested too deeply") from error
    if _depth(tree) > DEEPEST:
        raise NoExpression("it is nested too deeply")
    known = {*variables, *_TYPES}
    unknown = sorted({one for one in _names(tree) if one not in known | set(_bound(tree))})
    if unknown:
        raise NoExpression(f'"{unknown[0]}" is no variable; known are {", ".join(sorted(variables))}')
    callable_here = {*BUILT_IN, *cel_functions(), "duration", *questions} - {"goDuration"}
    missing = sorted(_called(tree) - callable_here)
    if missing:
        raise NoExpression(f'"{missing[0]}" is no function')
    return Expression(_pruned(tree))


def typed(value: Any) -> Any:
    """A value of a document in the types of CEL."""
    if isinstance(value, dict):
        pairs = ((celtypes.StringType(str(key)), typed(inner)) for key, inner in value.items())
        return celtypes.MapType(dict(pairs))
    if isinstance(value, list):
        return celtypes.ListType([typed(item) for item in value])
    if value is None or isinstance(value, bool | int | float | str):
        return adapter.json_to_cel(value)
    return celtypes.StringType(str(value))


class _Bounded(Evaluator):
    """The library's evaluator, each of whose steps costs; `||` and `&&` do not look further than they must.

    What is asked most, names and fields and comparisons, is done here without the library's detours. `names`
    are the variables, `known` the values of literals by their nodes.
    """

    def __init__(
        self,
        ast: lark.Tree[Any],
        activation: Any,
        budget: Budget,
        names: Mapping[str, Any],
        known: dict[int, Any],
    ) -> None:
        super().__init__(ast, activation)
        self.budget = budget
        self.around = self.names = names
        self.known = known

    def sub_evaluator(self, ast: lark.Tree[Any]) -> Evaluator:
        return _Bounded(ast, self.activation, self.budget, self.names, self.known)

    def set_activation(self, values: Mapping[str, Any]) -> Evaluator:
        self.names = {**self.around, **values}
        return self

    def _visit_tree(self, tree: lark.Tree[Any]) -> Any:
        self.budget.spend()
        value = getattr(self, tree.data)(tree)
        if isinstance(value, str | bytes | list | dict):
            size = len(value)
            if size > LARGEST:
                raise TooMuch
            self.budget.spend(size // 1000)
        return value

    def visit(self, tree: lark.Tree[Any]) -> Any:
        return self._visit_tree(tree)

    def primary(self, tree: lark.Tree[Any]) -> Any:
        child: Any = tree.children[0]
        if child.data == "ident" and str(child.children[0]) in self.names:
            return self.names[str(child.children[0])]
        if child.data != "literal":
            return super().primary(tree)
        if id(child) not in self.known:
            self.known[id(child)] = super().primary(tree)
        return self.known[id(child)]

    def member_dot(self, tree: lark.Tree[Any]) -> Any:
        member, name = self._visit_tree(tree.children[0]), str(tree.children[1])
        if isinstance(member, CELEvalError):
            return member
        if not isinstance(member, celtypes.MapType):
            return CELEvalError(f"what has no fields is asked for {name!r}", TypeError, None, tree=tree)
        found = member.get(name, _ABSENT)
        missing = f"no such member in mapping: {name!r}"
        return CELEvalError(missing, KeyError, None, tree=tree) if found is _ABSENT else found

    def relation(self, tree: lark.Tree[Any]) -> Any:
        operator, other = tree.children
        left, right = self._visit_tree(operator.children[0]), self._visit_tree(other)
        try:
            return self.activation.resolve_function(_RELATIONS[operator.data])(left, right)
        except TypeError:
            return CELEvalError("values of different types are compared", TypeError, None, tree=tree)

    def conditionalor(self, tree: lark.Tree[Any]) -> Any:
        return self._either(tree, decides=True)

    def conditionaland(self, tree: lark.Tree[Any]) -> Any:
        return self._either(tree, decides=False)

    def _either(self, tree: lark.Tree[Any], *, decides: bool) -> Any:
        """`||`, which true decides, or `&&`, which false does; an error counts if the other side does not
        decide. https://github.com/google/cel-spec/blob/master/doc/langdef.md#logical-operators
        """
        sides = [side for side in tree.children if isinstance(side, lark.Tree)]
        left = self._visit_tree(sides[0])
        if len(sides) == 1 or (isinstance(left, celtypes.BoolType) and bool(left) is decides):
            return left
        right = self._visit_tree(sides[1])
        if isinstance(right, celtypes.BoolType) and bool(right) is decides:
            return right
        if isinstance(left, CELEvalError):
            return left
        if not isinstance(left, celtypes.BoolType):
            return CELEvalError("|| and && stand between what is true or false", TypeError, None, tree=tree)
        return right


def _pruned(tree: lark.Tree[Any]) -> lark.Tree[Any]:
    """The tree without nodes that only hand on a value."""
    while tree.data in _CHAINED and len(tree.children) == 1 and isinstance(tree.children[0], lark.Tree):
        tree = tree.children[0]
    children = [_pruned(one) if isinstance(one, lark.Tree) else one for one in tree.children]
    return lark.Tree(tree.data, children, tree.meta)


def _depth(tree: lark.Tree[Any]) -> int:
    depth, level = 0, [tree]
    while level:
        depth += 1
        level = [one for node in level for one in node.children if isinstance(one, lark.Tree)]
    return depth


def _names(tree: lark.Tree[Any]) -> Iterator[str]:
    for kind in ("ident", "dot_ident"):
        yield from (str(one.children[0]) for one in tree.find_data(kind))


def _bound(tree: lark.Tree[Any]) -> Iterator[str]:
    """The names that macros bind."""
    for call in tree.find_data("member_dot_arg"):
        arguments = call.children[2] if len(call.children) > 2 else None
        if str(call.children[1]) in _MACROS and isinstance(arguments, lark.Tree):
            yield from list(_names(arguments.children[0]))[:1]


def _called(tree: lark.Tree[Any]) -> set[str]:
    found = {str(one.children[0]) for kind in ("ident_arg", "dot_ident_arg") for one in tree.find_data(kind)}
    return found | {str(one.children[1]) for one in tree.find_data("member_dot_arg")}


def _words(error: CELEvalError) -> str:
    """What the library says, without what it adds for those who write it."""
    said = str(error.args[0]) if error.args else "it cannot be evaluated"
    cause = error.args[2] if len(error.args) > 2 else None
    if isinstance(cause, tuple) and cause and said.startswith(("no such overload", "return error")):
        said = str(cause[0])
    return re.split(r" \(in activation|\n|<class", said)[0][:200].strip()
