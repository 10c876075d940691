"""The questions that can be asked, each with its parameters and the forms of its answer."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.engine.rule import Profile
from meshlint.serve.faults import Fault
from meshlint.serve.questions.parameters import Kind, Parameter
from meshlint.values import frozen

JSON, TEXT, MARKDOWN = "application/json", "text/plain", "text/markdown"
SARIF, DOT, MERMAID = "application/sarif+json", "text/vnd.graphviz", "text/vnd.mermaid"

CHECKING, COMPARING = "check", "diff"
"""The questions about what is wrong, and about a change."""


@frozen
class Verb:
    """A question: what it is called, what can be said with it, and its formats by media type.

    `schema` is the name of the JSON Schema of its JSON, empty where there is none. One that `compares` is
    about two sets.
    """

    name: str
    about: str
    parameters: tuple[Parameter, ...]
    formats: Mapping[str, str]
    schema: str = ""
    compares: bool = False


_SET = (
    Parameter("namespace", Kind.TEXT, "Where objects live that name no namespace."),
    Parameter("deployment", Kind.TEXT, "The deployment to take of those that exclude each other."),
    Parameter("assume", Kind.TEXT, "complete: the files hold the whole cluster.", ("complete", "partial")),
    Parameter("istio-version", Kind.TEXT, "The release of Istio that the files are for."),
    Parameter("linkerd-version", Kind.TEXT, "The release of Linkerd that the files are for."),
    Parameter("gateway-api-version", Kind.TEXT, "The release of the Gateway API that the files are for."),
)
_RULES = (
    Parameter("select", Kind.WORDS, "Rules to run, by id, name or beginning of an id."),
    Parameter("extend-select", Kind.WORDS, "Rules to run besides."),
    Parameter("ignore", Kind.WORDS, "Rules not to run."),
    Parameter("profile", Kind.TEXT, "The profile of rules.", tuple(map(str, Profile))),
    Parameter("no-ignores", Kind.FLAG, "Tell what comments and annotations accept as well."),
)
_ACCESS = (
    Parameter("to", Kind.TEXT, "Who is called: a workload or a Service, as NAMESPACE/NAME."),
    Parameter(
        "from", Kind.TEXT, "Who calls: a workload, NAMESPACE/*, gateway/NAME, a principal, or outside."
    ),
    Parameter("port", Kind.TEXT, "A port of the Service or of the container, by number or name."),
    Parameter("mesh", Kind.TEXT, "The mesh of workloads that say none.", ("istio", "ambient", "linkerd")),
    Parameter("through", Kind.FLAG, "Count any number of calls."),
    Parameter("any", Kind.FLAG, "With through, count calls that no manifest names, too."),
    Parameter("why", Kind.FLAG, "Name what decides each row, in text."),
    Parameter("method", Kind.TEXT, "The method of the request."),
    Parameter("path", Kind.TEXT, "The path, with its query if there is one."),
    Parameter("host", Kind.TEXT, "The host that the request names."),
    Parameter("header", Kind.TEXTS, "Headers, as NAME: VALUE."),
    Parameter("claims", Kind.OBJECT, "The claims of the token."),
    Parameter("source-ip", Kind.TEXT, "The address that the connection comes from."),
    Parameter("remote-ip", Kind.TEXT, "The client's address by X-Forwarded-For, if it differs."),
    Parameter("destination-ip", Kind.TEXT, "The address of the pod."),
    Parameter("sni", Kind.TEXT, "The server name of the TLS connection."),
    Parameter("provider", Kind.TEXT, "What an external authorizer says.", ("allow", "deny")),
    Parameter("exact", Kind.FLAG, "Headers, claims and the server name are sent only if given."),
)
_ROUTE = (
    Parameter("from", Kind.TEXT, "Who sends it: a workload, or gateway/NAME.", required=True),
    Parameter("host", Kind.TEXT, "The host that is called.", required=True),
    Parameter("port", Kind.NUMBER, "The port that is called.", least=1, most=65535),
    Parameter("path", Kind.TEXT, "The path, with its query if there is one."),
    Parameter("method", Kind.TEXT, "The method."),
    Parameter("header", Kind.TEXTS, "Headers, as NAME: VALUE."),
    Parameter("scheme", Kind.TEXT, "The scheme.", ("http", "https", "tcp", "tls")),
    Parameter("sni", Kind.TEXT, "The server name of the TLS connection."),
    Parameter("address", Kind.TEXT, "The address that is connected to."),
    Parameter("mesh", Kind.TEXT, "The client's mesh.", ("istio", "ambient", "linkerd", "none")),
    Parameter("all", Kind.FLAG, "All rules for the host, whatever the request."),
)
_ADVISE = (
    Parameter("rps", Kind.AMOUNT, "Requests per second over the whole mesh."),
    Parameter("rps-for", Kind.AMOUNTS, "Requests per second to single workloads besides."),
    Parameter("nodes", Kind.NUMBER, "Nodes of the cluster.", least=1, most=100_000),
    Parameter("cpu-price", Kind.AMOUNT, "The price of a core in a month."),
    Parameter("memory-price", Kind.AMOUNT, "The price of a GiB of memory in a month."),
    Parameter("need", Kind.WORDS, "Needs that do not show yet."),
    Parameter("without", Kind.WORDS, "Needs that show, but may go."),
    Parameter("explain", Kind.FLAG, "Trace every number."),
)
_LINES = (
    Parameter("place", Kind.TEXTS, "Places in files, as FILE:LINE or FILE:LINE-LINE.", required=True),
    Parameter("around", Kind.NUMBER, "How many lines more on both sides.", most=20),
)
_FINDINGS = {JSON: "json", SARIF: "sarif", TEXT: "text", MARKDOWN: "markdown"}


def verbs() -> dict[str, Verb]:
    """The questions by name."""
    from meshlint.reports import FORMATS

    findings = {media: name for media, name in _FINDINGS.items() if name in FORMATS}
    plain = {JSON: "json", TEXT: "text"}
    pictures = {JSON: "json", TEXT: "table", DOT: "dot", MERMAID: "mermaid"}
    memo = {JSON: "json", TEXT: "text", MARKDOWN: "markdown"}
    found = (
        Verb(CHECKING, "What is wrong in a set of manifests.", (*_SET, *_RULES), findings, "report"),
        Verb("access", "Who may call whom.", (*_SET, *_ACCESS), plain, "access"),
        Verb("route", "Where a request goes.", (*_SET, *_ROUTE), plain, "route"),
        Verb(COMPARING, "What a change does.", (*_SET, *_RULES), memo, "diff", compares=True),
        Verb("graph", "How everything hangs together.", _SET, pictures),
        Verb("lines", "The lines that stand at places of the files.", (*_SET, *_LINES), {JSON: "json"}),
        Verb("advise", "Which mesh fits, and what it would cost.", (*_SET, *_ADVISE), memo, "advice"),
    )
    return {one.name: one for one in found}


def wanted_media(accept: str, offered: Mapping[str, str]) -> str:
    """The media type to answer in: of those that `accept` names the first of highest quality that is offered.

    Raises `Fault` where none of them is (RFC 9110, 12.5.1).
    """
    if not accept.strip():
        return next(iter(offered))
    ranked = sorted(enumerate(accept.split(",")), key=lambda one: (-_quality(one[1]), one[0]))
    for _, part in ranked:
        media = part.partition(";")[0].strip().lower()
        group = media.removesuffix("*")
        for one in offered:
            if _quality(part) > 0 and (
                media in (one, "*/*") or (media.endswith("/*") and one.startswith(group))
            ):
                return one
    raise Fault(406, f"the answer can be had as: {', '.join(offered)}")


def _quality(part: str) -> float:
    for parameter in part.split(";")[1:]:
        name, _, value = parameter.strip().partition("=")
        if name.lower() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
