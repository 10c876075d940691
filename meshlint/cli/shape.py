"""How commands and their options are declared: help in sections, examples, and suggestions for typos."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from meshlint.engine.usage import did_you_mean

_OTHER = "Other"

if TYPE_CHECKING:
    ParamType = click.ParamType[Any]
else:
    ParamType = click.ParamType  # generic only in newer versions of click


class Option(click.Option):
    """An option with the section of the help that it is listed in."""

    def __init__(self, *args: Any, section: str = _OTHER, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section


class Verb(click.Command):
    """A command whose help lists its options by section and ends with examples."""

    def __init__(self, *args: Any, examples: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the options of each section in the order of their declaration."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record is not None:
                sections.setdefault(getattr(parameter, "section", _OTHER), []).append(record)
        for title, records in sorted(sections.items(), key=lambda section: section[0] == _OTHER):
            with formatter.section(title):
                formatter.write_dl(records, col_max=28)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show the examples."""
        write_examples(self.examples, formatter)


class Choice(ParamType):
    """One of a few words; a word that is nearly one of them is answered with it."""

    name = "choice"

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(words)

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """The words, for the help."""
        return f"[{'|'.join(self.words)}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word that `value` is, in whatever case."""
        word = str(value).lower()
        if word not in self.words:
            self.fail(unknown_word(str(value), self.words), param, ctx)
        return word

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """The words that begin with what was typed."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(word) for word in self.words if word.startswith(incomplete)]


class Words(ParamType):
    """Several words in one value, separated by commas."""

    name = "list"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """The words without the space around them."""
        if isinstance(value, tuple):
            return value
        return tuple(word.strip() for word in str(value).split(",") if word.strip())


def unknown_word(word: str, known: Iterable[str]) -> str:
    """What to say of a word that is none of `known`."""
    known = tuple(known)
    hint = did_you_mean(word, known)
    return f'"{word}" is none of {", ".join(known)}.' + (f" {hint}" if hint else "")


def write_examples(examples: Iterable[tuple[str, str]], formatter: click.HelpFormatter) -> None:
    """A section of commands, each with what it does."""
    rows = [(f"$ {command}", what) for command, what in examples]
    if rows:
        with formatter.section("Examples"):
            formatter.write_dl(rows, col_max=46)
