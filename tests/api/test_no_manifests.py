"""Files of other tools lie beside manifests: all that is said of them is that they were passed over."""

from __future__ import annotations

import pytest

from meshlint.api import check_texts

SERVICE = (
    "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {ports: [{port: 80}]}\n"
)
OTHERS = {
    "tsconfig.json": '{\n  // for the compiler\n  "strict": true,\n}\n',
    "playbook.yaml": "- hosts: all\n  tasks:\n    - name: a\n      name: a\n    - debug: msg={{ a }}\n",
    "lib.jsonnet.yaml": "local a = 1;\n{ b: 'x': c }\n",
    "notes.yml": "just\n\ttext: with: colons\n",
    "vault.yaml": "$ANSIBLE_VAULT;1.1;AES256\n33303661\n",
    "layout.yaml": "<html>\n<%= yield %>\n</html>\n",
}


@pytest.mark.parametrize("name", OTHERS)
def test_passed_over_with_one_line(name: str) -> None:
    outcome = check_texts({"web.yaml": SERVICE, name: OTHERS[name]})
    assert [one for one in outcome.findings if one.location.file == name] == []
    assert [group.paths for group in outcome.summary.not_analysed] == [(name,)]


def test_a_broken_manifest_is_told() -> None:
    broken = '{"apiVersion": "v1", "kind": "Pod"'
    (found,) = check_texts({"web.yaml": SERVICE, "pod.json": broken}).findings
    assert found.rule == "HYGIENE001"
