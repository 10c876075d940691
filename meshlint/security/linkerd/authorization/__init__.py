"""Who may call which port of a workload, by Linkerd's policies?"""

from meshlint.security.linkerd.authorization.answer import Admitted, admitted
from meshlint.security.linkerd.authorization.clients import Caller, Clients, Identities
from meshlint.security.linkerd.authorization.decide import Decision, Verdict, decide, decide_between
from meshlint.security.linkerd.authorization.grants import Grant, server_grants
from meshlint.security.linkerd.authorization.request import HttpRequest

__all__ = [
    "Admitted",
    "Caller",
    "Clients",
    "Decision",
    "Grant",
    "HttpRequest",
    "Identities",
    "Verdict",
    "admitted",
    "decide",
    "decide_between",
    "server_grants",
]
