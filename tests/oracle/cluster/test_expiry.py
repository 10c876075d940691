"""Versions that a real server no longer has: a list in pages is begun again, and a watch is followed on."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from attrs import define, field

from meshlint.sources.cluster.model import Api, ApiError, ServedKind
from meshlint.sources.cluster.watching import Kept, follow, listed_into
from tests.oracle.cluster.conftest import ACCOUNT, namespace, prepare
from tests.oracle.cluster.control_plane import ControlPlane
from tests.oracle.cluster.test_watching import create, route_of
from tests.serve.test_answers import eventually

pytestmark = pytest.mark.oracle

ROUTES = ServedKind("networking.istio.io", "v1", "VirtualService", "virtualservices")


@pytest.fixture(scope="module")
def forgetful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A control plane that answers from its store alone, so that what that has forgotten is gone."""
    plane = ControlPlane(tmp_path_factory.mktemp("forgetful"), options=("--watch-cache=false",))
    try:
        prepare(plane)
        plane.apply(namespace("many"))
        yield plane
    finally:
        plane.close()


@define
class Overheard:
    """An API that notes the errors that watchers hear; the first watch is held back until `open` is set."""

    api: Any
    open: threading.Event = field(factory=threading.Event)
    errors: list[int] = field(factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.api, name)

    def watch(self, path: str, query: dict[str, str], **more: Any) -> Iterator[Any]:
        self.open.wait(60)
        try:
            for event in self.api.watch(path, query, **more):
                if event.get("type") == "ERROR":
                    self.errors.append(int(event["object"]["code"]))
                yield event
        except ApiError as error:
            self.errors.append(error.status)
            raise


def names(kept: Kept) -> set[str]:
    return {name[-1] for name in kept.now()[1]}


def test_a_watch_whose_version_has_expired_goes_on(forgetful: ControlPlane) -> None:
    create(forgetful, [route_of("before")])
    api, kept, stop = Overheard(forgetful.api(ACCOUNT)), Kept(), threading.Event()
    watching: Api = api  # type: ignore[assignment]
    thread = threading.Thread(target=follow, args=(kept, watching, ROUTES, stop), daemon=True)
    thread.start()
    eventually(lambda: names(kept) == {"before"}, 60)
    create(forgetful, (route_of(f"while{n}") for n in range(20)))
    forgetful.kubectl("delete", "virtualservice", "before", "-n", "many")
    forgetful.compact()
    api.open.set()
    wanted = {f"while{n}" for n in range(20)}
    eventually(lambda: names(kept) == wanted, 90)
    assert 410 in api.errors, "the server still had the version"
    create(forgetful, [route_of("after")])
    eventually(lambda: names(kept) == {*wanted, "after"}, 60)
    stop.set()
    create(forgetful, [route_of("last")])
    thread.join(60)


def test_a_list_whose_pages_expire_is_begun_again(forgetful: ControlPlane) -> None:
    create(forgetful, (route_of(f"page{n}") for n in range(1200)))
    api = forgetful.api(ACCOUNT)
    compacted: list[int] = []

    class Compacting:
        """Lets the store forget the list after its first page."""

        def __getattr__(self, name: str) -> Any:
            return getattr(api, name)

        def get(self, path: str, query: Any = None, **more: Any) -> Any:
            found = api.get(path, query or {}, **more)
            if not compacted and path == ROUTES.path:
                create(forgetful, [route_of("between")])
                compacted.append(forgetful.compact())
            return found

    kept = Kept()
    listing: Api = Compacting()
    assert listed_into(kept, listing, ROUTES), json.dumps([str(one) for one in kept.now()[2]])
    assert compacted
    found = names(kept)
    assert {f"page{n}" for n in range(1200)} | {"between"} <= found
