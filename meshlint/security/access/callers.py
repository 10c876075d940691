"""Who is named as a caller: by the policies, the calls and the routes in the files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from meshlint.matching.affixes import Affixes
from meshlint.matching.forms import Form
from meshlint.mesh import Mesh
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy, Rule
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.linkerd.server import Server
from meshlint.security.access.calling import Caller, Calling, workload_caller
from meshlint.security.access.ends import Destination
from meshlint.security.identity.linkerd import MIDDLE, account_of
from meshlint.security.linkerd.authorization.clients import Clients
from meshlint.security.linkerd.authorization.governing import accepted_routes
from meshlint.security.linkerd.authorization.grants import route_grants, server_grants
from meshlint.values import frozen, regex

_PRINCIPAL = regex(r"[^/*]+/ns/([^/*]+)/sa/([^/*]+)")
_ACCOUNT_KEYS = {
    "source.principal": "principal",
    "source.namespace": "namespace",
    "source.serviceAccount": "account",
}


@frozen(eq=False, slots=False, repr=False)
class Callers:
    """The callers that the files name for each destination, and no others."""

    mesh: Mesh

    def of(self, destination: Destination) -> tuple[Caller, ...]:
        """The callers of a destination, each once, by their names."""
        found = {one.label: one for one in self._named(destination)}
        return tuple(found[label] for label in sorted(found))

    def destinations(self) -> Iterator[Destination]:
        """Everything that may be called: the Services with pods in the files, and workloads without one."""
        for service in sorted(self.mesh.services.all, key=lambda one: (one.namespace, one.name)):
            workloads = self.mesh.services.backing(service)
            if workloads:
                yield Destination(service.namespace, service.name, workloads, service)
        for workload in self.mesh.workloads.all:
            if not self.mesh.services.of(workload):
                yield Destination(workload.namespace, workload.name, (workload,))

    def _named(self, destination: Destination) -> Iterator[Caller]:
        if destination.service is not None:
            yield from self.calling.of(destination.service)
        for workload in destination.workloads:
            for policy in self.mesh.authorization_policies.attached_to(workload):
                for caller in self._by_policy(policy):
                    if caller.workload is not workload:
                        yield caller
            for server in self.mesh.linkerd.servers_of(workload):
                yield from self._by_server[server]

    def gateway(self, namespace: str, name: str) -> tuple[Caller, ...]:
        """The pods of a gateway; if they are not in the files, a caller of unknown identity."""
        return self.calling.gateway(namespace, name)

    @cached_property
    def calling(self) -> Calling:
        """Who is configured to call which Service."""
        return Calling(self.mesh)

    def _by_policy(self, policy: AuthorizationPolicy) -> tuple[Caller, ...]:
        found = self._policies.get(policy)
        if found is None:
            found = self._policies[policy] = tuple(self._named_by(policy))
        return found

    @cached_property
    def _policies(self) -> dict[AuthorizationPolicy, tuple[Caller, ...]]:
        return {}

    def _named_by(self, policy: AuthorizationPolicy) -> Iterator[Caller]:
        own = policy.resource.namespace
        for rule in policy.rules or ():
            for kind, text in _named_in(rule):
                match = _PRINCIPAL.fullmatch(text) if kind == "principal" else None
                if match is not None:
                    yield from self._with_account(match[1], match[2], text)
                elif kind == "account" and "*" not in text:
                    namespace, _, name = text.rpartition("/")
                    namespace = namespace or own
                    principal = f"{self.mesh.settings.trust_domain}/ns/{namespace}/sa/{name}"
                    yield from self._with_account(namespace, name, principal)
                elif kind == "namespace" and text and "*" not in text:
                    yield Caller(f"{text}/*", namespace=str(text))

    def _with_account(self, namespace: str, account: str, principal: str) -> Iterator[Caller]:
        running = self._accounts_in(str(namespace)).get(str(account), ())
        yield from map(workload_caller, running)
        if not running:
            yield Caller(str(principal), principal=str(principal))

    def _accounts_in(self, namespace: str) -> Mapping[str, Sequence[Workload]]:
        """The workloads of a namespace by the accounts that they run as."""
        if namespace not in self._accounts:
            found: dict[str, list[Workload]] = {}
            for one in self.mesh.workloads.in_namespace(namespace):
                found.setdefault(str(one.pod.service_account_name), []).append(one)
            self._accounts[namespace] = found
        return self._accounts[namespace]

    @cached_property
    def _accounts(self) -> dict[str, Mapping[str, Sequence[Workload]]]:
        return {}

    @cached_property
    def _by_server(self) -> dict[Server, tuple[Caller, ...]]:
        return {one: tuple(self._granted(one)) for one in self.mesh.linkerd.servers}

    def _granted(self, server: Server) -> Iterator[Caller]:
        grants = [*server_grants(self.mesh, server)]
        for route in accepted_routes(self.mesh, server):
            grants.extend(route_grants(self.mesh, route))
        for grant in grants:
            if grant.clients is not None:
                yield from self._among(grant.clients)

    def _among(self, clients: Clients) -> Iterator[Caller]:
        for box in clients.boxes:
            yield from self._machines(box.identities.machines.form)
            form = box.identities.named.form
            if not isinstance(form, Affixes):
                continue
            for word in sorted(form.words):
                account = account_of(self.mesh.settings.linkerd, word)
                if account is None:
                    yield Caller(word, principal=word)
                else:
                    yield from self._with_account(*account, word)
            for suffix in form.suffixes:
                namespace = suffix[1:].partition(MIDDLE)[0] if MIDDLE in suffix[1:] else ""
                if namespace and "." not in namespace:
                    yield Caller(f"{namespace}/*", namespace=namespace)

    def _machines(self, form: Form) -> Iterator[Caller]:
        for word in sorted(form.words) if isinstance(form, Affixes) else ():
            yield Caller(word, principal=word)


def _named_in(rule: Rule) -> Iterator[tuple[str, str]]:
    for source in rule.from_ or ():
        for kind, words in (
            ("principal", source.principals),
            ("account", source.service_accounts),
            ("namespace", source.namespaces),
        ):
            for word in words:
                yield kind, word
    for condition in rule.when or ():
        known = _ACCOUNT_KEYS.get(condition.key or "")
        if known is not None:
            for word in condition.values:
                yield known, word
