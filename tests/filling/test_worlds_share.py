"""Ways to fill something in ask anew about what they fill in, and about nothing else."""

from __future__ import annotations

from typing import Any

import pytest

import meshlint.admission.admission as admission
import meshlint.api.judging.checking as checking
import meshlint.resources.istio.virtual_service as virtual_services
import meshlint.resources.kubernetes.workload as workloads
from meshlint.api import check_texts

DEFINITION = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: virtualservices.networking.istio.io}
spec:
  group: networking.istio.io
  scope: Namespaced
  names: {kind: VirtualService, plural: virtualservices}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
"""
ONE = """---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web-%(number)d, namespace: shop}
spec:
  selector: {matchLabels: {app: web-%(number)d}}
  template:
    metadata: {labels: {app: web-%(number)d}}
    spec: {containers: [{name: web, image: web}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web-%(number)d, namespace: shop}
spec:
  hosts: [web-%(number)d]
  http: [{route: [{destination: {host: web-%(number)d, subset: v9}}]}]
"""
OPEN = """---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: open, namespace: shop}
spec:
  hosts: [open]
  http: [{route: [{destination: {host: "${HOST}"}}]}]
"""
REFUSED = """---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: refused, namespace: shop}
spec: {host: 7}
"""
TAKEN = """---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: taken, namespace: shop}
spec:
  hosts: [web-1, web-2]
  http: [{route: [{destination: {host: web-8}}]}, {route: [{destination: {host: web-8}}]}]
"""
JUDGED = (admission, "validate")
READ = ((virtual_services, "virtual_service"), (workloads, "workload"))


def texts(objects: int, *more: str) -> dict[str, str]:
    """A set of so many Deployments with a route each, and of some more objects."""
    return {"a.yaml": "".join((DEFINITION, *(ONE % {"number": one} for one in range(objects)), *more))}


def calls(module: Any, name: str, objects: int, *more: str) -> int:
    """How often a function is called in a check of such a set."""
    count, wrapped = 0, getattr(module, name)

    def counting(*about: Any) -> Any:
        nonlocal count
        count += 1
        return wrapped(*about)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, name, counting)
        check_texts(texts(objects, *more))
    return count


def test_an_object_without_anything_open_is_judged_once_whatever_is_filled_in() -> None:
    few, many = calls(*JUDGED, 10, OPEN, REFUSED), calls(*JUDGED, 30, OPEN, REFUSED)
    assert many - few == 2 * 20


@pytest.mark.parametrize(("module", "name"), READ)
def test_an_object_is_read_once_for_all_meshes_that_it_is_part_of(module: Any, name: str) -> None:
    few, many = calls(module, name, 10, OPEN, REFUSED), calls(module, name, 30, OPEN, REFUSED)
    assert many - few == 20


def test_what_is_filled_in_is_judged_each_time() -> None:
    assert calls(*JUDGED, 10, OPEN, REFUSED) - calls(*JUDGED, 10, REFUSED) > 2


def test_ways_to_fill_the_same_in_are_one() -> None:
    """No word that a finding speaks of can be a port, so most worlds are the first or the second one."""
    of_numbers = OPEN.replace('host: "${HOST}"', 'host: open, port: {number: "${PORT}"}')
    of_words = calls(checking, "worlds_of", 10, OPEN, REFUSED, TAKEN)
    assert 2 * calls(checking, "worlds_of", 10, of_numbers, REFUSED, TAKEN) < of_words
