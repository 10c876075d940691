"""One page for a browser: the summary, the findings with excerpts and filters, and what the rules say.

The page is complete in itself. Its policy lets it load nothing, and run and style only what it was made with;
without scripts it shows everything and has no filters. Whatever stands in a manifest is text in it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from meshlint.engine.finding import Finding, Location, Order
from meshlint.engine.outcome import Outcome
from meshlint.engine.rule import Rule, Severity
from meshlint.reports.findings.picture.svg import picture
from meshlint.reports.findings.summary import summary_lines
from meshlint.reports.findings.text import excerpts
from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.shared.style import printable
from meshlint.values import evolve

_ASSETS = Path(__file__).parent / "page"
_MOST_EXCERPTS = 5_000
"""Further findings are told without the lines around them, so that a browser can still open the page."""
_PLACES = 50
_WIDTH = 100


def write(outcome: Outcome, options: ReportOptions) -> Iterator[str]:
    """The lines of the page."""
    told = evolve(options, color=False, width=_WIDTH)
    style, script = _asset("page.css"), _asset("page.js")
    yield from ("<!DOCTYPE html>", '<html lang="en">', "<head>", '<meta charset="utf-8">')
    yield f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield from ("<title>meshlint report</title>", f"<style>{style}</style>", "</head>", "<body>")
    yield '<a class="skip" href="#findings">To the findings</a>'
    yield from _header(outcome, told)
    yield '<main id="findings" tabindex="-1">'
    yield from _form(outcome.findings)
    yield from ("<h2>Findings</h2>", '<ol class="findings">')
    for number, finding in enumerate(sorted(outcome.findings, key=_order)):
        yield from _finding(finding, outcome, told, with_excerpt=number < _MOST_EXCERPTS)
    yield "</ol>"
    if not outcome.findings:
        yield "<p>Nothing was found.</p>"
    if options.drawing is not None and _is_drawn(options):
        yield from picture(options.drawing, outcome.findings)
    yield from _rules(outcome)
    yield from ("</main>", f"<script>{script}</script>", "</body>", "</html>")


def _header(outcome: Outcome, options: ReportOptions) -> Iterator[str]:
    yield from ("<header>", "<h1>meshlint report</h1>", '<ul class="counts">')
    for severity in sorted(Severity, reverse=True):
        count = sum(1 + len(one.others) for one in outcome.findings if one.severity is severity)
        yield f'<li class="{severity}"><b>{count}</b><span class="level">{severity}</span></li>'
    yield f"<li><b>{outcome.summary.objects}</b>objects in {outcome.summary.files} files</li>"
    yield from ("</ul>", '<ul class="looked">')
    yield from (f"<li>{_text(line.strip())}</li>" for line in summary_lines(outcome, options))
    if _is_drawn(options):
        yield '<li><a href="#mesh">The mesh as a picture</a></li>'
    yield from ("</ul>", "</header>")


def _is_drawn(options: ReportOptions) -> bool:
    return options.drawing is not None and bool(options.drawing.things)


def _form(findings: Iterable[Finding]) -> Iterator[str]:
    findings = list(findings)
    yield from ('<form hidden aria-label="Filters">', "<fieldset>", "<legend>Level</legend>")
    for severity in sorted(Severity, reverse=True):
        box = f'<input type="checkbox" name="level" value="{severity}" checked>'
        yield f"<label>{box} {severity}</label>"
    yield from ("</fieldset>", '<div class="fields">')
    rules = {finding.rule: f"{finding.rule} {finding.name}" for finding in findings}
    spaces = {_namespace(finding): _namespace(finding) or "none" for finding in findings}
    files = {finding.location.file: finding.location.file for finding in findings}
    yield from _select("rule", "Rule", rules)
    yield from _select("namespace", "Namespace", {name: word for name, word in spaces.items() if name})
    yield from _select("file", "File", files)
    yield '<div><label for="words">Words</label><input type="search" id="words" name="words"></div>'
    yield from ("</div>", '<button type="button" id="open">Open all</button>')
    yield '<button type="button" id="close">Close all</button><button type="reset">Show all</button>'
    yield from ('<p id="told" role="status"></p>', "</form>")


def _select(name: str, label: str, words: dict[str, str]) -> Iterator[str]:
    yield f'<div><label for="{name}">{label}</label><select id="{name}" name="{name}">'
    yield '<option value="">any</option>'
    for value, word in sorted(words.items()):
        yield f'<option value="{_text(value)}">{_text(word)}</option>'
    yield "</select></div>"


def _finding(
    finding: Finding, outcome: Outcome, options: ReportOptions, *, with_excerpt: bool
) -> Iterator[str]:
    data = {"level": str(finding.severity), "rule": finding.rule, "file": finding.location.file}
    data["namespace"] = _namespace(finding)
    attributes = " ".join(f'data-{key}="{_text(value)}"' for key, value in data.items())
    yield f'<li {attributes}><details class="{finding.severity}">'
    head = f'<span class="level">{finding.severity}</span> <b>{_text(finding.rule)}</b>'
    place = f'<span class="place">{_text(_place(finding.location, options))}</span>'
    yield f"<summary>{head} {_text(finding.message)}{place}</summary>"
    yield '<div class="body">'
    if with_excerpt:
        lines = "\n".join(map(escape, excerpts(finding, outcome, options)))
        yield f'<pre tabindex="0" aria-label="The lines in question">{lines}</pre>'
    yield from _places(finding, options)
    if finding.hint:
        yield f"<p><b>Help:</b> {_text(finding.hint)}</p>"
    if any(rule.id == finding.rule for rule in outcome.rules):
        yield f'<p><a href="#{_text(finding.rule)}">What {_text(finding.rule)} is about</a></p>'
    yield "</div></details></li>"


def _places(finding: Finding, options: ReportOptions) -> Iterator[str]:
    if not finding.others:
        return
    yield f"<p>The same at {len(finding.others)} more places:</p><ul>"
    yield from (f"<li>{_text(_place(one, options))}</li>" for one in finding.others[:_PLACES])
    if len(finding.others) > _PLACES:
        yield f"<li>and {len(finding.others) - _PLACES} more</li>"
    yield "</ul>"


def _rules(outcome: Outcome) -> Iterator[str]:
    """What the rules say of which something was found."""
    found = {finding.rule for finding in outcome.findings}
    rules = [rule for rule in outcome.rules if rule.id in found]
    if rules:
        yield from ("<h2>What the rules are about</h2>", "<dl>")
        yield from (line for rule in rules for line in _rule(rule))
        yield "</dl>"


def _rule(rule: Rule) -> Iterator[str]:
    yield f'<dt id="{_text(rule.id)}">{_text(rule.id)} {_text(rule.name)}: {_text(rule.summary)}</dt>'
    paragraphs = [part for text in (rule.rationale, rule.remediation) for part in text.split("\n\n")]
    yield f"<dd>{''.join(f'<p>{_text(part)}</p>' for part in paragraphs if part.strip())}</dd>"


def _order(finding: Finding) -> tuple[int, tuple[Order, str, str]]:
    return -finding.severity, finding.sort_key


def _namespace(finding: Finding) -> str:
    return finding.object.namespace if finding.object is not None else ""


def _place(location: Location, options: ReportOptions) -> str:
    return f"{options.repository_path(location.file)}:{location.span.line}:{location.span.column}"


def _text(text: str) -> str:
    return escape(printable(text))


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    """What the page may do: style and run what it was made with, and nothing else."""
    return f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; form-action 'none'"


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
