"""A team meets its findings: it freezes them, sees what a change brings, and lists what it accepts."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.e2e.running import Done, meshlint
from tests.shared import PROJECT

BASELINE = "meshlint-baseline.json"
PLAIN = """\
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: plain, namespace: bookinfo}
spec:
  selector: {matchLabels: {app: ratings}}
  mtls: {mode: DISABLE}
"""
EFFECTS = {"MTLS003", "AUTHZ037", "AUTHZ046"}
"""Where mTLS is off nobody has an identity: the policy for ratings admits nobody, and its callers fail."""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository with findings in it, committed."""
    place = tmp_path / "shop"
    shutil.copytree(PROJECT / "examples" / "bookinfo", place / "k8s")
    git(place, "init", "--quiet")
    commit(place)
    return place


def git(place: Path, *arguments: str) -> None:
    known = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *known, *arguments], cwd=place, check=True, capture_output=True)


def commit(place: Path) -> None:
    git(place, "add", "--all")
    git(place, "commit", "--quiet", "--allow-empty", "-m", "state")


def found(place: Path, *arguments: str) -> tuple[Done, list[str]]:
    done = meshlint("check", "-o", "json", *arguments, at=place)
    return done, [one["rule"] for one in json.loads(done.out)["findings"]]


def rewrite(place: Path, change: Callable[[str], str]) -> None:
    for path in sorted((place / "k8s").glob("*.yaml")):
        path.write_text(change(path.read_text()))


def moved(place: Path) -> None:
    (place / "apps").mkdir()
    for path in sorted((place / "k8s").glob("*.yaml")):
        path.rename(place / "apps" / f"new-{path.name}")


def split(place: Path) -> None:
    for path in sorted((place / "k8s").glob("*.yaml")):
        for number, text in enumerate(path.read_text().split("\n---\n")):
            (place / "k8s" / f"{path.stem}-{number}.yaml").write_text(text)
        path.unlink()


def written_anew(place: Path) -> None:
    """Other quotes, order of keys, indentation; no comments; flow style within."""
    for path in sorted((place / "k8s").glob("*.yaml")):
        documents = list(yaml.safe_load_all(path.read_text()))
        random.Random(7).shuffle(documents)
        path.write_text(yaml.safe_dump_all(documents, indent=4, sort_keys=True, default_style='"'))


def as_json(place: Path) -> None:
    for path in sorted((place / "k8s").glob("*.yaml")):
        for number, document in enumerate(yaml.safe_load_all(path.read_text())):
            (place / f"{path.stem}{number}.json").write_text(json.dumps(document))
        path.unlink()


def others_edited(place: Path) -> None:
    """Objects come beside those of the baseline, and some of the others change."""
    rewrite(place, lambda text: text.replace("replicas: 1", "replicas: 3").replace(":1.20.3", ":1.20.4"))
    objects = [
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": f"more{n}", "namespace": "bookinfo"},
         "spec": {"selector": {"app": f"more{n}"}, "ports": [{"name": "http", "port": 80 + n}]}}
        for n in range(10)
    ]  # fmt: skip
    (place / "more.yaml").write_text(yaml.safe_dump_all(objects))


@pytest.mark.parametrize("change", [moved, split, written_anew, as_json, others_edited])
def test_a_baseline_outlives_what_means_the_same(shop: Path, change: Callable[[Path], None]) -> None:
    frozen = meshlint("baseline", at=shop)
    assert frozen.code == 0
    text = (shop / BASELINE).read_text()
    assert sum('"id"' in line for line in text.splitlines()) == 5
    assert found(shop)[1] == []
    change(shop)
    done, rules = found(shop)
    assert (done.code, rules) == (0, [])
    assert "no longer" not in done.err
    assert meshlint("baseline", at=shop).code == 0
    assert (shop / BASELINE).read_text() == text


def test_one_bad_change_is_told_and_nothing_else(shop: Path) -> None:
    meshlint("baseline", at=shop)
    commit(shop)
    (shop / "k8s" / "plain.yaml").write_text(PLAIN)
    for arguments in ((), ("--since", "HEAD"), ("--since", "HEAD", "--no-baseline")):
        done, rules = found(shop, *arguments)
        assert (done.code, set(rules)) == (1, EFFECTS), arguments


def test_a_deletion_is_told_by_what_it_breaks(shop: Path) -> None:
    traffic = shop / "k8s" / "traffic.yaml"
    whole = traffic.read_text()
    parts = whole.split("\n---\n")
    kept = [part for part in parts if "kind: DestinationRule" not in part]
    assert len(kept) == len(parts) - 1
    meshlint("baseline", at=shop)
    commit(shop)
    traffic.write_text("\n---\n".join(kept))
    done, rules = found(shop, "--since", "HEAD", "--no-baseline")
    report = json.loads(done.out)
    assert set(rules) == {"SUBSET001"}
    assert "SUBSET003" in [one["rule"] for one in report["since"]["gone"]]
    assert f"Since HEAD: {len(rules)} new, {len(report['since']['gone'])} gone" in done.err
    assert set(found(shop)[1]) == {"SUBSET001"}


def test_since_a_revision_without_the_files_everything_is_new(shop: Path) -> None:
    git(shop, "rm", "-r", "--quiet", "k8s")
    commit(shop)
    git(shop, "checkout", "--quiet", "HEAD~", "--", "k8s")
    assert len(found(shop, "--since", "HEAD", "k8s")[1]) == 5
    assert found(shop, "--since", "HEAD~", "k8s")[1] == []


def test_since_where_the_branch_left(shop: Path) -> None:
    git(shop, "branch", "-M", "main")
    git(shop, "checkout", "--quiet", "-b", "work")
    git(shop, "checkout", "--quiet", "main")
    git(shop, "rm", "--quiet", "k8s/policies.yaml")
    commit(shop)
    git(shop, "checkout", "--quiet", "work")
    assert found(shop, "--since", "main...")[1] == []
    assert set(found(shop, "--since", "main")[1]) == {"MTLS002", "AUTHZ001"}


def test_since_below_the_root_and_with_excluded_files(shop: Path) -> None:
    (shop / "meshlint.yaml").write_text("exclude: [k8s/traffic.yaml]\n")
    (shop / "k8s" / "plain.yaml").write_text(PLAIN)
    done = meshlint("check", "-o", "json", "--since", "HEAD", at=shop / "k8s")
    report = json.loads(done.out)
    assert {one["rule"] for one in report["findings"]} == EFFECTS
    assert {one["rule"] for one in report["since"]["unchanged"]} == {"MTLS002", "AUTHZ001"}


@pytest.mark.parametrize(
    ("revision", "words"),
    [
        ("nowhere", '"nowhere" is no revision'),
        ("--output=x", "is no revision"),
        ("HEAD:k8s", "is no revision"),
    ],
)
def test_a_revision_that_is_none_is_a_mistake(shop: Path, revision: str, words: str) -> None:
    done = meshlint("check", f"--since={revision}", at=shop)
    assert done.code == 2
    assert words in done.err


def test_outside_of_git_there_is_no_since(tmp_path: Path) -> None:
    (tmp_path / "plain.yaml").write_text(PLAIN)
    done = meshlint("check", "--since", "HEAD", at=tmp_path)
    assert (done.code, "is in no git repository" in done.err) == (2, True)


def test_since_leaves_the_repository_as_it_is(shop: Path) -> None:
    (shop / "new.yaml").write_text(PLAIN)
    git(shop, "add", "new.yaml")
    (shop / "k8s" / "plain.yaml").write_text(PLAIN)
    status = subprocess.run(["git", "status", "--porcelain"], cwd=shop, capture_output=True, check=True)
    meshlint("check", "--since", "HEAD", at=shop)
    again = subprocess.run(["git", "status", "--porcelain"], cwd=shop, capture_output=True, check=True)
    assert again.stdout == status.stdout


def test_mended_findings_are_told_and_pruned(shop: Path) -> None:
    meshlint("baseline", at=shop)
    rewrite(shop, lambda text: text.replace("PERMISSIVE", "STRICT"))
    done, rules = found(shop)
    assert rules == []
    assert "1 of the entries of meshlint-baseline.json no longer occurs" in done.err
    part = meshlint("check", "k8s/traffic.yaml", at=shop)
    assert "no longer" not in part.err, "a part of the files cannot tell"
    pruned = meshlint("baseline", "--prune", at=shop)
    assert "holds 4 findings (1 no longer there)" in pruned.out
    assert "no longer" not in found(shop)[0].err


def test_reasons_and_days(shop: Path) -> None:
    meshlint("baseline", at=shop)
    said = meshlint("baseline", "--why", "MTLS002", "the VMs | have none", "--until", "2999-01-01", at=shop)
    assert said.code == 0
    assert '"why": "the VMs | have none", "until": "2999-01-01"' in (shop / BASELINE).read_text()
    meshlint("baseline", at=shop)
    assert "2999-01-01" in (shop / BASELINE).read_text(), "writing anew keeps what people wrote"
    id = json.loads((shop / BASELINE).read_text())["findings"][0]["id"]
    assert meshlint("baseline", "--why", id[:8], "ours", "--until", "2020-01-01", at=shop).code == 0
    done, rules = found(shop)
    assert rules == ["AUTHZ001"]
    assert "until 2020-01-01, so told again" in done.err
    wrong = meshlint("baseline", "--why", "MTLS020", "x", at=shop)
    assert (wrong.code, "neither an id nor a rule" in wrong.err) == (2, True)


def test_all_acceptances_in_one_table(shop: Path) -> None:
    policies = shop / "k8s" / "policies.yaml"
    lines = policies.read_text().splitlines()
    lines[23] += "  # meshlint: ignore[AUTHZ001] they are ours"
    policies.write_text("\n".join(lines) + "\n")
    (shop / "meshlint.yaml").write_text(
        "ignores:\n- {rules: [SUBSET003], reason: idle}\n- {rules: [MTLS], namespace: none, reason: gone}\n"
    )
    traffic = shop / "k8s" / "traffic.yaml"
    traffic.write_text(
        traffic.read_text().replace(
            "name: reviews\n",
            'name: reviews\n  annotations: {meshlint.dev/ignore: "SUBSET001: a | drill"}\n',
            1,
        )
    )
    meshlint("baseline", at=shop)
    listed = json.loads(meshlint("accepted", "--format", "json", at=shop).out)["accepted"]
    told = {(one["by"], one["rules"], one["state"]): one["why"] for one in listed}
    assert told[("comment", "AUTHZ001", "in use")] == "they are ours"
    assert told[("configuration", "SUBSET003", "in use")] == "idle"
    assert told[("configuration", "MTLS", "unused")] == "gone"
    assert told[("annotation", "SUBSET001", "in use")] == "a | drill"
    assert told[("baseline", "MTLS002", "in use")] == ""
    table = meshlint("accepted", "--format", "markdown", at=shop).out
    assert "a \\| drill" in table
    assert len({line.replace("\\|", "").count("|") for line in table.splitlines() if line}) <= 2
    assert "in use" not in meshlint("accepted", at=shop).err


def test_an_ignore_that_fits_nothing_is_told_where_all_was_read(shop: Path) -> None:
    (shop / "meshlint.yaml").write_text("ignores:\n- {rules: [MTLS], path: old/, reason: gone}\n")
    assert "HYGIENE020" in found(shop)[1]
    assert "HYGIENE020" not in found(shop, "k8s/traffic.yaml")[1]


def test_a_configuration_may_end_in_yml(shop: Path) -> None:
    (shop / "meshlint.yml").write_text("select: [MTLS]\n")
    assert set(found(shop)[1]) == {"MTLS002"}


def test_sarif_says_what_is_new(shop: Path) -> None:
    (shop / "k8s" / "plain.yaml").write_text(PLAIN)
    done = meshlint("check", "-o", "sarif", "--since", "HEAD", at=shop)
    results = json.loads(done.out)["runs"][0]["results"]
    states = [result["baselineState"] for result in results]
    assert states.count("unchanged") == 5
    assert states.count("new") == len(states) - 5 > 0
    meshlint("baseline", at=shop)
    assert json.loads(meshlint("check", "-o", "sarif", at=shop).out)["runs"][0]["results"] == []
