"""Certificates: from files, read again when they change; or from an authority of our own."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from meshlint.engine.usage import Mistake, UsageError
from meshlint.values import define, frozen

if TYPE_CHECKING:
    from cryptography import x509

_VALID = timedelta(days=365)
_SKEW = timedelta(hours=1)


@define(eq=False)
class Certificates:
    """The TLS context of the service. A context takes new certificates for the handshakes that follow."""

    certificate: Path
    key: Path
    client_ca: Path | None
    context: ssl.SSLContext
    _stamp: tuple[int, ...] = ()

    def renewed(self) -> bool:
        """Whether other certificates were read; those that are half written are left for the next time."""
        try:
            stamp = self._now()
            if stamp == self._stamp:
                return False
            self._load(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
            self._load(self.context)
        except (OSError, ssl.SSLError):
            return False
        self._stamp = stamp
        return True

    def read(self) -> None:
        """Read the certificates; raises `UsageError`."""
        try:
            self._load(self.context)
            self._stamp = self._now()
        except (OSError, ssl.SSLError) as error:
            raise UsageError(Mistake("the certificate or its key cannot be read", str(error))) from error

    def _load(self, context: ssl.SSLContext) -> None:
        context.load_cert_chain(self.certificate, self.key, password=lambda: b"")
        if self.client_ca is not None:
            context.load_verify_locations(self.client_ca)

    def _now(self) -> tuple[int, ...]:
        files = [self.certificate, self.key, *([self.client_ca] if self.client_ca else [])]
        return tuple(file.stat().st_mtime_ns for file in files)


def certificates(certificate: Path, key: Path, client_ca: Path | None) -> Certificates:
    """The certificates of these files; with `client_ca` callers must show one of their own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if client_ca is not None:
        context.verify_mode = ssl.CERT_REQUIRED
    found = Certificates(certificate, key, client_ca, context)
    found.read()
    return found


@frozen
class SelfSigned:
    """A certificate, its key, and the authority that signed it, in PEM."""

    certificate: bytes
    key: bytes
    authority: bytes

    @property
    def ca_bundle(self) -> str:
        """What a webhook configuration takes as `caBundle`."""
        return base64.b64encode(self.authority).decode("ascii")

    def write(self, directory: Path) -> tuple[Path, Path]:
        """Write certificate and key into `directory`, the key for its owner only."""
        certificate, key = directory / "tls.crt", directory / "tls.key"
        certificate.write_bytes(self.certificate)
        key.touch(mode=0o600)
        key.write_bytes(self.key)
        return certificate, key


def self_signed(names: Sequence[str]) -> SelfSigned:
    """A certificate for `names` (hosts or addresses), signed by an authority whose key is thrown away."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    now = datetime.now(UTC)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "meshlint CA")])
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "meshlint")])

    def begun(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(ca_name).public_key(public)
        builder = builder.serial_number(x509.random_serial_number())
        return builder.not_valid_before(now - _SKEW).not_valid_after(now + _VALID)

    authority = begun(ca_name, ca_key.public_key()).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    leaf = begun(name, key.public_key()).add_extension(
        x509.SubjectAlternativeName([_general_name(one) for one in names]), critical=False
    )
    return SelfSigned(
        leaf.sign(ca_key, hashes.SHA256()).public_bytes(Encoding.PEM),
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        authority.sign(ca_key, hashes.SHA256()).public_bytes(Encoding.PEM),
    )


def _general_name(name: str) -> x509.GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
