"""What rules say of their fixes holds: `fixed` is what comes of an example, and nothing else changes."""

from __future__ import annotations

import pytest

from meshlint.api.answers.routing.request import RouteRequest
from meshlint.api.overviews.matrix import AccessQuestion, answered
from meshlint.api.reading.project import Project, read_texts
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.rule import Rule
from meshlint.engine.rule_file import Example, load_rule_file
from meshlint.engine.usage import UsageError
from tests.rules.mending import mend, texts_of
from tests.rules.test_examples import options

LEAST = 60
RULES = [rule for rule in load_catalogue().rules if rule.fix]
MENDABLE = [pytest.param(rule, id=rule.id) for rule in RULES]


def test_sixty_rules_have_a_fix() -> None:
    assert len(RULES) >= LEAST


@pytest.mark.parametrize("rule", MENDABLE)
def test_an_example_shows_exactly_what_comes_of_the_fix(rule: Rule) -> None:
    shown = [example for example in load_rule_file(rule).examples if example.bad and example.fixed]
    assert any(mended_texts(rule, example) == example.fixed for example in shown)


def mended_texts(rule: Rule, example: Example) -> dict[str, str]:
    """The texts after the fixes of the rule, which change nothing more when they are tried again."""
    done = mend(example.files, options(example), rule.id, unsafe=rule.fix == "unsafe")
    texts = texts_of(example.files, done)
    again = mend(texts, options(example), rule.id, unsafe=rule.fix == "unsafe")
    assert again.files == ()
    for attempt in done.kept:
        if all(fix.keeps_meaning for fix in attempt.fixes):
            before, after = answers(read_texts(example.files)), answers(read_texts(texts))
            # a rule that goes may have been the only one to name a caller, of whom then nobody asks
            assert {question: after[question] for question in before.keys() & after.keys()} == {
                question: before[question] for question in before.keys() & after.keys()
            }
    return texts


def answers(project: Project) -> dict[tuple[str, ...], str]:
    """Who may call whom, and where requests to each service and host of a route go from each workload."""
    try:
        edges = answered(project, AccessQuestion()).edges
        told: dict[tuple[str, ...], str] = {
            (row.client, row.server, str(row.port)): row.word for row in edges
        }
    except UsageError:
        told = {}
    clients = [str(one.name) for one in project.mesh.workloads.all[:5]]
    hosts = sorted(
        {str(one.name) for one in project.mesh.services.all}
        | {str(host) for one in project.mesh.virtual_services for host in one.hosts}
    )
    return told | {(client, host): _way(project, client, host) for client in clients for host in hosts}


def _way(project: Project, client: str, host: str) -> str:
    try:
        found = project.route(RouteRequest(client=client, host=host, path="/items/new"))
    except UsageError as error:
        return str(error)
    return ", ".join(
        f"{one.share} {one.host} {one.port} {one.subset} {one.status}" for one in found.destinations
    )
