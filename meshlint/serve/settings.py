"""How the service is run."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path

from meshlint.engine.usage import Mistake, UsageError
from meshlint.serve.admission.policy import AdmissionPolicy
from meshlint.serve.limits import Limits
from meshlint.values import field, frozen

OPEN_TO_ALL = frozenset({"/healthz", "/readyz"})


@frozen
class Settings:
    """Where the service listens, whom it lets in, and what it keeps.

    `workspaces` are directories by name, and `cluster` is the context of a live one. `tokens` is a file of
    tokens; `certificate` and `key` are for TLS, and `client_ca` asks callers for a certificate of its own.
    `open_paths` are answered without a token.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    workspaces: Mapping[str, Path] = field(factory=dict)
    cluster: str | None = None
    tokens: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    client_ca: Path | None = None
    open_paths: frozenset[str] = OPEN_TO_ALL
    admission: AdmissionPolicy = field(factory=AdmissionPolicy)
    limits: Limits = field(factory=Limits)

    @property
    def is_local(self) -> bool:
        """Whether everybody on this machine may ask, and nobody else."""
        return self.tokens is None and self.client_ca is None


def checked(settings: Settings) -> Settings:
    """`settings`, if they are safe; raises `UsageError` where anybody on the network could ask anything."""
    if bool(settings.certificate) != bool(settings.key):
        raise UsageError(Mistake("--tls-cert and --tls-key go together"))
    if settings.client_ca and not settings.certificate:
        raise UsageError(Mistake("--client-ca needs --tls-cert and --tls-key"))
    if settings.tokens is None and settings.client_ca is None and not is_loopback(settings.host):
        hint = "Give --tokens or --client-ca, or listen on 127.0.0.1"
        raise UsageError(Mistake(f"whoever reaches {settings.host} could ask without saying who", hint))
    if settings.tokens is not None and not settings.certificate and not is_loopback(settings.host):
        hint = "Give --tls-cert and --tls-key, or --self-signed"
        raise UsageError(Mistake("tokens would go over the network in plain text", hint))
    return settings


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
