"""The page of a rule: what it finds, why it matters, how to mend it, with examples."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from meshlint.engine.rule import Rule
from meshlint.engine.rule_file import ONLY_FILE, Example, RuleFile
from meshlint.reports.rules.lists import rule_data
from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.shared.style import paint

PAGE_FORMATS = ("text", "markdown", "json")
_WIDTH = 88


def write_page(page: RuleFile, format_name: str, options: ReportOptions) -> Iterator[str]:
    """The lines of the page in one of `PAGE_FORMATS`."""
    if format_name == "json":
        yield json.dumps(_data(page), indent=2, ensure_ascii=False)
    elif format_name == "markdown":
        yield from _markdown(page)
    else:
        yield from _text(page, options)


def _text(page: RuleFile, options: ReportOptions) -> Iterator[str]:
    rule, color = page.rule, options.color
    severity = paint(str(rule.severity), str(rule.severity), color=color)
    yield f"{paint('strong', f'{rule.id} {rule.name}', color=color)} ({severity})"
    yield from _wrapped(_sentence(rule.summary), options)
    yield from _sections(_advice(rule), options)
    for title, texts, sign in _samples(page):
        yield ""
        yield paint(sign, title, color=color)
        yield from _indented(texts)
    yield from _sections(_background(rule), options)


def _sections(sections: Iterable[tuple[str, str]], options: ReportOptions) -> Iterator[str]:
    for title, text in sections:
        yield ""
        yield paint("frame", title, color=options.color)
        yield from _wrapped(text, options)


def _markdown(page: RuleFile) -> Iterator[str]:
    rule = page.rule
    yield f"# {rule.id} {rule.name}"
    yield ""
    yield f"{_sentence(rule.summary)} Severity: {rule.severity}."
    for title, text in _advice(rule):
        yield from ("", f"## {title}", "", text)
    for title, texts, _sign in _samples(page):
        yield from ("", f"## {title}")
        for name, text in texts.items():
            named = [] if name == ONLY_FILE else [f"`{name}`", ""]
            yield from ("", *named, "```yaml", text.rstrip("\n"), "```")
    for title, text in _background(rule):
        yield from ("", f"## {title}", "", text)


def _advice(rule: Rule) -> Iterator[tuple[str, str]]:
    if rule.rationale:
        yield "Why it matters", rule.rationale
    if rule.remediation:
        yield "What to do", rule.remediation


def _background(rule: Rule) -> Iterator[tuple[str, str]]:
    if rule.parameters:
        yield (
            "Parameters",
            "\n".join(f"- {p.name} ({p.type}, {p.default!r}): {p.description}" for p in rule.parameters),
        )
    yield "Facts", "\n".join(f"- {fact}" for fact in _facts(rule))
    if rule.references:
        yield "Read more", "\n".join(f"- {reference}" for reference in rule.references)


def _facts(rule: Rule) -> Iterator[str]:
    if rule.meshes:
        yield f"meshes: {', '.join(rule.meshes)}"
    yield f"profile: {rule.profile}"
    yield f"confidence: {rule.confidence}"
    if rule.fix:
        yield f"mended by `meshlint check {'--fix' if rule.fix == 'safe' else '--unsafe-fixes'}`"
    if rule.replaces:
        yield f"says what {', '.join(rule.replaces)} says in other tools"


def _samples(page: RuleFile) -> Iterator[tuple[str, Mapping[str, str], str]]:
    for example in page.examples:
        word, sign = ("Reported", "error") if example.bad else ("Fine", "help")
        yield f"{word}: {example.title}", example.marked if not example.bad else _pointed(example), sign
        if example.fixed:
            yield f"Mended: {example.title}", example.fixed, "help"


def _pointed(example: Example) -> dict[str, str]:
    """The texts of a bad example with an arrow where the finding is."""
    lines = {name: text.splitlines() for name, text in example.files.items()}
    for expected in example.expectations:
        line = lines[expected.file][expected.line - 1]
        if not line.endswith("# <-- here"):
            lines[expected.file][expected.line - 1] = f"{line}  # <-- here"
    return {name: "\n".join(rows) for name, rows in lines.items()}


def _indented(texts: Mapping[str, str]) -> Iterator[str]:
    for name, text in texts.items():
        if name != ONLY_FILE:
            yield f"  # {name}"
        yield from textwrap.indent(text.rstrip("\n"), "  ").splitlines()


def _wrapped(text: str, options: ReportOptions) -> Iterator[str]:
    """Paragraphs and list entries, filled and indented; what is indented in the source stays as it is."""
    width = min(_WIDTH, options.width)
    for line in _paragraphs(text):
        if line.startswith((" ", "\t")):
            yield f"  {line}"
        elif not line:
            yield ""
        else:
            hang = "    " if line.startswith("- ") else "  "
            yield from textwrap.wrap(
                line,
                width,
                initial_indent="  ",
                subsequent_indent=hang,
                break_long_words=False,
                break_on_hyphens=False,
            )


def _paragraphs(text: str) -> Iterator[str]:
    collected: list[str] = []
    for line in text.strip().splitlines():
        starts_new = not line or line.startswith((" ", "\t", "- "))
        if starts_new and collected:
            yield " ".join(collected)
            collected = []
        if not line or line.startswith((" ", "\t")):
            yield line
        else:
            collected.append(line)
    if collected:
        yield " ".join(collected)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


def _data(page: RuleFile) -> dict[str, Any]:
    examples = [
        {
            "title": example.title,
            "kind": "bad" if example.bad else "good",
            "files": dict(example.files),
            "expected": [{"file": e.file, "line": e.line, "words": e.words} for e in example.expectations],
            "fixed": dict(example.fixed),
        }
        for example in page.examples
    ]
    return {**rule_data(page.rule), "examples": examples}
