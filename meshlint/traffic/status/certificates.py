"""Secrets and ConfigMaps that hold certificates: whether they are there, and may be used."""

from __future__ import annotations

from base64 import b64decode

from meshlint.mesh import Mesh
from meshlint.resources.gateway_api.reference import Reference
from meshlint.resources.renamed import renamed
from meshlint.resources.resource import Resource
from meshlint.traffic.status.conditions import Objection
from meshlint.values import frozen

_PAIRS = (("tls.crt", "tls.key"), ("cert", "key"))
_ROOTS = ("ca.crt", "cacert")
_BEGIN, _END, _DASHES = "-----BEGIN ", "-----END ", "-----"
_SEQUENCE = 0x30


@frozen(eq=False, slots=False, repr=False)
class Certificates:
    """What references to certificates lead to."""

    mesh: Mesh

    def pair_problem(self, reference: Reference, reason: str) -> Objection | None:
        """What keeps a reference from leading to a certificate with its key (Istio: ExtractCertInfo)."""
        if not reference.is_a("", "Secret"):
            words = f"it is of kind {reference.kind}, and only a Secret may hold a certificate"
            kind = reference.field / "kind"
            return Objection(reason, words, kind if kind else reference.field)
        found = self._found(reference)
        if found is None:
            return self._absent(reference, reason)
        if not _is_filled(found):
            return None
        pair = next((keys for keys in _PAIRS if all(_content(found, key) for key in keys)), None)
        if pair is None:
            return Objection(reason, f"{found} holds no `tls.crt` with its `tls.key`", reference.field)
        bad = next((key for key in pair if not is_pem(_content(found, key))), None)
        return None if bad is None else Objection(reason, f"{bad} of {found} is malformed", reference.field)

    def root_problem(self, reference: Reference, reason: str, *, parsed: bool) -> Objection | None:
        """What keeps a reference from leading to the certificate of an authority.

        Gateways read it at once (`parsed`); policies leave that to the proxies (Istio: ExtractRoot).
        """
        found = self._found(reference)
        if found is None:
            return self._absent(reference, reason)
        if not _is_filled(found):
            return None
        content = next((text for key in _ROOTS if (text := _content(found, key))), None)
        if content is None:
            return Objection(reason, f"{found} has no `ca.crt`", reference.field)
        if parsed and not is_pem(content):
            return Objection(reason, f"`ca.crt` of {found} is malformed", reference.field)
        return None

    def _found(self, reference: Reference) -> Resource | None:
        if reference.name is None:
            return None
        called = str(reference.namespace), str(reference.name)
        return next(iter(self.mesh.resources.called("", str(reference.kind), *called)), None)

    def _absent(self, reference: Reference, reason: str) -> Objection:
        """Certificates are seldom written: only complete files, or a new name, show that one is missing."""
        name = f"{reference.kind} {reference.namespace}/{reference.name}"
        kind, namespaces = str(reference.kind), (str(reference.namespace),)
        known = renamed(self.mesh.resources, kind, namespaces, str(reference.name))
        if known is not None:
            words = f"{name} does not exist: kustomize calls it {known.name!r}"
            return Objection(reason, words, reference.field)
        sure = self.mesh.settings.complete
        return Objection(
            reason, f"{name} {'does not exist' if sure else 'must exist'}", reference.field, sure
        )


def _is_filled(resource: Resource) -> bool:
    """Whether it is written what an object holds; one without a word of it is filled at run time."""
    return any(resource.at(part).value is not None for part in ("data", "stringData", "binaryData"))


def _content(resource: Resource, key: str) -> str | None:
    """What an object holds under a key, in plain text."""
    plain = resource.at("stringData").text(key)
    if plain or resource.kind == "ConfigMap":
        return plain or resource.at("data").text(key)
    coded = resource.at("data").text(key)
    try:
        return None if coded is None else b64decode(coded, validate=True).decode("ascii")
    except ValueError:
        # What is encrypted, or filled in later, is not in base64: it is taken to be right.
        return f"{_BEGIN}UNREADABLE{_DASHES}"


def is_pem(content: str | None) -> bool:
    """Whether a text holds a block of PEM with something that looks like DER in it."""
    if content is None:
        return False
    if "UNREADABLE" in content or "{{" in content or "$" in content:
        return True
    _, begin, rest = content.partition(_BEGIN)
    _, _, rest = rest.partition(_DASHES)
    body, end, _ = rest.partition(_END)
    text = "".join(line for line in body.split() if ":" not in line)
    try:
        der = b64decode(text, validate=True)
    except ValueError:
        return False
    return bool(begin and end and der) and der[0] == _SEQUENCE
