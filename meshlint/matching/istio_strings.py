"""What the values of Istio's authorization fields admit, each over the attribute that Envoy compares it with.

An identity stands here without its `spiffe://`, as policies write it. A caller without an identity, a token,
a header or an SNI has no text to ask about; what then holds is the caller's question.
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

from meshlint.values import frozen

from .strings import StringSet
from .templates import template_problem

if TYPE_CHECKING:
    from collections.abc import Sequence

_ONE, _REST = "{*}", "{**}"
_MOST_KEPT = 1 << 12


class Wildcard(Enum):
    """What a star makes of a value of Istio's authorization fields."""

    ANY = "any"
    PREFIX = "prefix"
    SUFFIX = "suffix"
    NONE = "none"


def istio_wildcard(value: str) -> tuple[Wildcard, str]:
    """How a value is a wildcard, and the text beside its star.

    `*` alone is any; else a leading `*` means a suffix and, only without it, a trailing `*` a prefix. Any
    other `*` is plain text (Istio: string-match fine print).
    """
    if value == "*":
        return Wildcard.ANY, ""
    if value.startswith("*"):
        return Wildcard.SUFFIX, value[1:]
    return (Wildcard.PREFIX, value[:-1]) if value.endswith("*") else (Wildcard.NONE, value)


def istio_string(value: str) -> StringSet:
    """Read a principal, claim, audience, presenter or metadata value.

    `*` is any non-empty text; else a leading `*` means a suffix and, only without it, a trailing `*` a
    prefix. Any other `*` is plain text, so `a*b` is exact and `*a*` ends in a literal star (Istio:
    string-match fine print). The wildcard of a principal knows nothing of segments: `td/ns/foo*` also admits
    `td/ns/foobar/sa/x`.
    """
    if value == "*":
        return StringSet.nonempty()
    return _affix(value, ignore_case=False)


def in_trust_domains(principal: str, domains: Sequence[str]) -> tuple[str, ...]:
    """Spell a principal out for every trust domain of the mesh: its own first, then the aliases.

    Only a value of five segments whose first is no bare `*` is spelt out, and only if that segment, in which
    a `*` at either end is a wildcard, meets one of the domains or is `cluster.local`; others stay as they are
    (Istio: trust domain aliases). For a domain that ends as the segment says behind a `*` the value stays as
    well, so it admits every domain that ends so (istiod: replaceTrustDomains).
    """
    domain, _, rest = principal.partition("/")
    if principal.count("/") != 4 or domain == "*":
        return (principal,)
    if domain != "cluster.local" and not any(_domains_meet(domain, known) for known in domains):
        return (principal,)
    is_suffix, suffix = domain.startswith("*"), domain[1:]
    spelt = (principal if is_suffix and known.endswith(suffix) else f"{known}/{rest}" for known in domains)
    return tuple(dict.fromkeys(spelt))


def istio_header(value: str) -> StringSet:
    """Read a header or method value: as `istio_string`, but `*` only asks for presence, be it empty."""
    return StringSet.anything() if value == "*" else _affix(value, ignore_case=False)


def istio_host(value: str) -> StringSet:
    """Read a value of `hosts`: compared in any case with the whole authority, its port included."""
    return StringSet.anything() if value == "*" else _affix(value, ignore_case=True)


def istio_sni(value: str) -> StringSet:
    """Read a value of `connection.sni`, over the SNI as the client sends it.

    Envoy lowers the SNI and compares case then, so a value with capitals admits nothing (seen of Envoy 1.40).
    """
    if value == "*":
        return StringSet.nonempty()
    lower = all(char == char.lower() for char in value if char.isascii())
    return _affix(value, ignore_case=True) if lower else StringSet.nothing()


def istio_path(value: str) -> StringSet:
    """Read a value of `paths`, over the normalised path without query and fragment.

    With `{*}` or `{**}` in it the value is a template, in which a bare `*` or `**` segment is an operator,
    too; a malformed one admits nothing (`istio_path_problem`). Any other value is as in `istio_string`.
    """
    return StringSet.template(_as_template(value)) if is_path_template(value) else istio_string(value)


def is_path_template(value: str) -> bool:
    """Tell whether a value of `paths` is a template."""
    return _ONE in value or _REST in value


def istio_path_problem(value: str) -> str | None:
    """Say why a value of `paths` is no sound template, to follow "the template"; None for others."""
    if not is_path_template(value):
        return None
    for segment in value.split("/"):
        if segment not in (_ONE, _REST) and ("{" in segment or "}" in segment):
            return f"has the segment `{segment}`, in which `{{*}}` or `{{**}}` does not stand alone"
    return template_problem(_as_template(value))


def istio_namespace(value: str) -> StringSet:
    """Read a value of `namespaces`, over identities: `/ns/<value>/` anywhere, each `*` for any characters.

    So `td/ns/y/sa/ns/foo/z` is in `foo`, and `td/ns/foo` without a further `/` is not (seen of Envoy 1.40).
    Other characters stand for themselves; Istio before 1.30 took them for a regular expression.
    """
    from .pattern_forms import namespace

    return StringSet(namespace(value))


def ztunnel_namespace(value: str) -> StringSet:
    """Read a value of `namespaces` as ztunnel compares it, over identities: with the namespace alone.

    `*` is any namespace; else a leading `*` means a suffix and, only without it, a trailing `*` a prefix. Any
    other `*` is plain text, which no namespace has, and so is a slash (istiod: stringToMatch of its ambient
    conversion; ztunnel: rbac.rs).
    """
    from .pattern_forms import namespace_alone

    return StringSet(namespace_alone(value))


def istio_service_account(value: str, policy_namespace: str) -> StringSet:
    """Read a value of `serviceAccounts`, over identities: `name`, in the policy's namespace, or `ns/name`.

    Any trust domain, and further segments before and after the account's, are admitted; there are no
    wildcards.
    """
    from .pattern_forms import service_account

    namespace, slash, name = value.partition("/")
    return StringSet(service_account(namespace, name) if slash else service_account(policy_namespace, value))


def istio_trust_domain(value: str) -> StringSet:
    """Read a value of `trustDomains`, over identities: the text before the first `/`, which must be there.

    One `*` at the start or the end stands for any characters but `/`.
    """
    from .pattern_forms import trust_domain

    return StringSet(trust_domain(value))


@frozen
class RequestPrincipal:
    """Which tokens a value of `requestPrincipals` admits: their issuer and their subject, each in its set."""

    issuer: StringSet
    subject: StringSet

    def admits(self, issuer: str | None, subject: str | None) -> bool:
        """Tell whether a validated token with these claims is admitted; one that lacks either never is."""
        if issuer is None or subject is None:
            return False
        return self.issuer.admits(issuer) and self.subject.admits(subject)

    def is_subset(self, other: RequestPrincipal) -> bool:
        """Tell whether the other value admits every token that this one admits; it may raise `TooComplex`."""
        if self.issuer.is_empty() or self.subject.is_empty():
            return True
        return self.issuer.is_subset(other.issuer) and self.subject.is_subset(other.subject)

    def overlaps(self, other: RequestPrincipal) -> bool:
        """Tell whether some token is admitted by both values; it may raise `TooComplex`."""
        return self.issuer.overlaps(other.issuer) and self.subject.overlaps(other.subject)


def istio_request_principal(value: str) -> RequestPrincipal:
    """Read a value of `requestPrincipals`, split at its last `/` into issuer and subject.

    A wildcard stands at the start of the issuer or at the end of the subject; `*/*` wants the subject `*`
    literally. Without a `/`, `*s` is about the subject, `p*` about the issuer, and the other half must be
    non-empty, while an exact value wants an empty subject (Istio: string-match fine print; seen of Envoy
    1.40).
    """
    issuer, slash, subject = value.rpartition("/") if "/" in value else (value, "", "")
    any_text = StringSet.nonempty()
    if value == "*":
        return RequestPrincipal(any_text, any_text)
    if value.startswith("*"):
        if not slash:
            return RequestPrincipal(any_text, StringSet.suffix(value[1:]))
        wide = any_text if issuer == "*" else StringSet.suffix(issuer[1:])
        return RequestPrincipal(wide, StringSet.exact(subject))
    if value.endswith("*"):
        if not slash:
            return RequestPrincipal(StringSet.prefix(value[:-1]), any_text)
        wide = any_text if subject == "*" else StringSet.prefix(subject[:-1])
        return RequestPrincipal(StringSet.exact(issuer), wide)
    return RequestPrincipal(StringSet.exact(issuer), StringSet.exact(subject))


def _affix(value: str, *, ignore_case: bool) -> StringSet:
    """Kept, since the same few callers, methods and paths stand in many policies."""
    return _known_affix(str(value), ignore_case)


@lru_cache(_MOST_KEPT)
def _known_affix(value: str, ignore_case: bool) -> StringSet:
    wildcard, text = istio_wildcard(value)
    if wildcard in (Wildcard.ANY, Wildcard.SUFFIX):
        return StringSet.suffix(text, ignore_case=ignore_case)
    if wildcard is Wildcard.PREFIX:
        return StringSet.prefix(text, ignore_case=ignore_case)
    return StringSet.exact(text, ignore_case=ignore_case)


def _domains_meet(one: str, other: str) -> bool:
    return _affix(one, ignore_case=False).admits(other) or _affix(other, ignore_case=False).admits(one)


def _as_template(value: str) -> str:
    return value.replace(_ONE, "*").replace(_REST, "**")
