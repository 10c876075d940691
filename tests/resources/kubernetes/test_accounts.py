from __future__ import annotations

import pytest

from meshlint.resources.kubernetes.namespace import namespace
from meshlint.resources.kubernetes.service_account import service_account
from tests.resources.reading import an_object, made_of


def test_a_namespace_lives_in_none() -> None:
    shop = namespace(an_object("{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {a: b}}}"))
    assert (shop.name, shop.namespace, shop.labels) == ("shop", "", {"a": "b"})


@pytest.mark.parametrize(("written", "read"), [(True, True), (False, False), (None, None), ("no", None)])
def test_an_account_may_leave_its_token_open(written: object, read: bool | None) -> None:
    account = made_of("v1", "ServiceAccount", None, automountServiceAccountToken=written)
    assert service_account(account).automount_service_account_token is read
