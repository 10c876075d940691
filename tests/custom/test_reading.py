"""What may stand in the files of a user's rules, and what is said of what may not."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from meshlint.api import Request, UsageError, check, explain, rules
from meshlint.api.inputs.files import config_in
from meshlint.cli.process import run
from meshlint.data import data_directory
from tests.custom.files import findings, read_text, rule, write

LABEL = {"check": "require-label", "with": {"kinds": ["Service"], "label": "team"}}
SERVICE = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n"


def mistakes(text: str) -> list[str]:
    with pytest.raises(UsageError) as raised:
        read_text(text)
    return [str(one) for one in raised.value.mistakes]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"id": "MTLS999"}, 'own.yaml:2: The id "MTLS999" is of a family of rules that meshlint has'),
        ({"id": "acme1"}, '"id" cannot be "acme1"'),
        ({"name": "subset-undefined"}, 'The name "subset-undefined" is taken by SUBSET001'),
        ({"name": "strict"}, "means rules of a profile"),
        ({"severity": "fatal"}, '"severity" must be one of error, warning, info'),
        ({"chek": "x"}, 'Did you mean "check"?'),
        ({"check": "require-lable"}, 'is no built-in check. Did you mean "require-label"?'),
        ({"check": "expression"}, "is no built-in check"),
        ({"expression": "true"}, 'needs either "check" or "expression"'),
        ({"with": {"kinds": ["Service"]}}, 'The check require-label needs "label"'),
        (
            {"with": {"kinds": ["Service"], "label": "b", "lable": "a"}},
            'takes no "lable". Did you mean "label"?',
        ),
        ({"with": {"kinds": "Service", "label": "a"}}, '"kinds" must be a list of texts'),
        ({"with": {"kinds": [], "label": "a"}}, '"kinds" must not be empty'),
        (
            {"with": {"kinds": ["Service"], "label": "a", "values": [True]}},
            "Put numbers and true or false in quotes",
        ),
        ({"examples": [{"title": "both", "kind": "bad"}]}, 'needs either "text" or "files"'),
        ({"check": "require-field", "with": {"kinds": ["A"], "field": "a..b"}}, '"a..b" is no path'),
        (
            {"check": "require-policy-for", "with": {"policy": "NetworkPolice"}},
            '"policy" cannot be "NetworkPolice". Did you mean "NetworkPolicy"?',
        ),
    ],
)
def test_mistakes(given: dict[str, object], said: str) -> None:
    (mistake,) = mistakes(rule(**{**LABEL, **given}))
    assert said in mistake
    assert mistake.startswith("own.yaml:")


def test_two_rules_of_one_id() -> None:
    text = f"{rule(**LABEL)}---\n{rule(**LABEL)}"
    assert [one.split(" is ")[0] for one in mistakes(text)] == [
        'own.yaml:12: The id "ACME001"',
        'own.yaml:13: The name "own-rule"',
    ]


def test_the_schema_says_the_same() -> None:
    schema = json.loads((data_directory("schemas") / "custom-rule.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid(yaml.safe_load(rule(**LABEL)))
    assert not validator.is_valid(yaml.safe_load(rule(**LABEL, stray=1)))


def test_the_rule_in_the_documentation_holds() -> None:
    page = (data_directory("schemas").parent / "docs" / "custom-rules.md").read_text(encoding="utf-8")
    blocks = [block.partition("```")[0] for block in page.split("```yaml\n")[1:]]
    written = [block for block in blocks if block.startswith("id:")]
    assert len(written) == 2
    from meshlint.api.judging.trying import tried

    assert [one.wrong for one in tried(read_text("---\n".join(written)))] == [(), ()]


def test_they_are_rules_like_any_other(tmp_path: Path) -> None:
    text = rule(**LABEL, references=["https://wiki.example/a"], rationale="Because.")
    (found,) = findings(tmp_path, text, SERVICE)
    assert (found.rule, found.location.span.line) == ("ACME001", 3)
    request = Request(directory=tmp_path)
    assert "ACME001" in {one.id for one in rules(request)}
    assert explain("own-rule", request).rule.page == "https://wiki.example/a"
    assert findings(tmp_path, text, SERVICE, "ignore: [ACME]\n") == []
    assert findings(tmp_path, text, SERVICE, "severity: {own-rule: off}\n") == []
    assert (
        findings(tmp_path, text, SERVICE.replace("metadata:", "metadata:  # meshlint: ignore[ACME001] known"))
        == []
    )
    (graded,) = findings(tmp_path, text, SERVICE, "severity: {ACME: error}\n")
    assert str(graded.severity) == "error"


def test_their_values_stand_in_their_files(tmp_path: Path) -> None:
    write(tmp_path, {"own.yaml": rule(**LABEL), "app.yaml": SERVICE})
    write(tmp_path, {"meshlint.yaml": "rules:\n  files: [own.yaml]\n  ACME001: {label: x}\n"})
    with pytest.raises(UsageError, match=r"meshlint.yaml:3: rules: ACME001 \(own-rule\) takes its values"):
        check(["."], Request(directory=tmp_path))


@pytest.mark.parametrize(
    "word", ["../other/own.yaml", "../other", "../other/*.yaml", "link.yaml", "links", "/etc"]
)
def test_only_files_of_the_repository_are_read(tmp_path: Path, word: str) -> None:
    inside = tmp_path / "repo"
    write(tmp_path, {"other/own.yaml": rule(**LABEL), "repo/app.yaml": SERVICE, "repo/links/a.txt": ""})
    (inside / ".git").mkdir()
    (inside / "link.yaml").symlink_to(tmp_path / "other" / "own.yaml")
    (inside / "links" / "own.yaml").symlink_to(tmp_path / "other" / "own.yaml")
    write(inside, {"meshlint.yaml": f"rules: [{word}]\n"})
    with pytest.raises(UsageError, match=r"meshlint.yaml:1: .*(leads out of|names no YAML)"):
        check(["."], Request(directory=inside))


def test_a_set_that_is_on_no_disk_has_them_too() -> None:
    files = {
        "meshlint.yaml": b"rules: [own]\n",
        "own/a.yaml": rule(**LABEL).encode(),
        "app.yaml": SERVICE.encode(),
    }
    (own,) = config_in(files).custom
    assert own.rule.source == "own/a.yaml"
    with pytest.raises(UsageError, match="does not exist"):
        config_in({"meshlint.yaml": b"rules: [/etc/passwd]\n"})


def test_the_verb_rules_runs_the_examples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ran(*arguments: str) -> tuple[int, str]:
        code = run(arguments)
        return code, capsys.readouterr().out

    good = {"title": "a team's", "kind": "good", "text": SERVICE.replace("web", "web\n  labels: {team: a}")}
    bad = {
        "title": "nobody's",
        "kind": "bad",
        "text": SERVICE.replace("metadata:", "metadata:  # expect: team"),
    }
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"meshlint.yaml": "rules: [own.yaml]\n"})
    write(tmp_path, {"own.yaml": rule(**LABEL, examples=[good, bad])})
    code, out = ran("rules", "--test")
    assert (code, out.splitlines()[-1]) == (0, "2 examples, 0 failed")
    write(tmp_path, {"own.yaml": rule(**LABEL, examples=[{**good, "kind": "bad"}, {**bad, "kind": "good"}])})
    code, out = ran("rules", "--test")
    assert code == 1
    assert "is bad, but no line of it ends with # expect" in out
    assert "example.yaml:3 is told, but not expected: Service default/web has no label team" in out
    assert "ACME001" in ran("rules", "--family", "ACME")[1]
    write(tmp_path, {"app.yaml": SERVICE})
    (report,) = json.loads(ran("check", "-q", "-o", "sarif")[1])["runs"]
    assert "ACME001" in {one["id"] for one in report["tool"]["driver"]["rules"]}
    assert "ACME001" in {one["ruleId"] for one in report["results"]}
