"""An etcd and a kube-apiserver on loopback, with TLS and RBAC, and a kubectl that asks them."""

from __future__ import annotations

import base64
import os
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import trustme
import yaml
from attrs import define, field
from cryptography.hazmat.primitives import serialization

from meshlint.sources.cluster.client import KubernetesApi
from tests.oracle.cluster.building import binaries, etcd

HERE = "127.0.0.1"
_STARTING = 120.0
_AUDIT = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived"],
    "rules": [
        {"level": "RequestResponse", "resources": [{"group": "", "resources": ["secrets"]}]},
        {"level": "Metadata", "verbs": ["list", "watch"]},
        {"level": "None"},
    ],
}


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as one:
        one.bind((HERE, 0))
        return int(one.getsockname()[1])


@define(eq=False)
class ControlPlane:
    """A control plane in a folder; the server can be stopped and started again on its port."""

    folder: Path
    tools: Path = field(factory=binaries)
    authority: trustme.CA = field(factory=trustme.CA)
    port: int = field(factory=free_port)
    options: tuple[str, ...] = ()
    """What the API server is started with beside the rest."""
    _running: dict[str, subprocess.Popen[bytes]] = field(factory=dict)
    _store: int = field(factory=free_port)

    @property
    def url(self) -> str:
        """Where the API server is."""
        return f"https://{HERE}:{self.port}"

    @property
    def audit(self) -> Path:
        """What was asked of it, an event of audit.k8s.io a line."""
        return self.folder / "audit.log"

    def start(self) -> None:
        """Start both, and wait for the server to be ready."""
        self._certificates()
        (self.folder / "audit.yaml").write_text(yaml.safe_dump(_AUDIT), encoding="utf-8")
        peers = free_port()
        here, there = f"http://{HERE}:{self._store}", f"http://{HERE}:{peers}"
        self._run(
            "etcd", etcd(), "--data-dir", str(self.folder / "etcd"), "--unsafe-no-fsync",
            "--listen-client-urls", here, "--advertise-client-urls", here,
            "--listen-peer-urls", there, "--initial-advertise-peer-urls", there,
            "--initial-cluster", f"default={there}",
        )  # fmt: skip
        self.start_server()
        self.kubeconfig("admin", self._client("admin", "system:masters"))

    def start_server(self) -> None:
        """Start the API server, and wait for it."""
        keys = self.folder
        self._run(
            "kube-apiserver", str(self.tools / "kube-apiserver"),
            f"--etcd-servers=http://{HERE}:{self._store}", f"--secure-port={self.port}",
            f"--bind-address={HERE}", f"--advertise-address={HERE}", "--endpoint-reconciler-type=none",
            f"--tls-cert-file={keys}/server.crt", f"--tls-private-key-file={keys}/server.key",
            f"--client-ca-file={keys}/ca.crt", "--authorization-mode=RBAC", "--anonymous-auth=true",
            f"--service-account-key-file={keys}/accounts.key", "--service-cluster-ip-range=10.0.0.0/16",
            f"--service-account-signing-key-file={keys}/accounts.key",
            "--service-account-issuer=https://kubernetes.default.svc", "--profiling=false",
            f"--audit-policy-file={keys}/audit.yaml", f"--audit-log-path={self.audit}", *self.options,
        )  # fmt: skip
        self._wait()

    def stop_server(self) -> None:
        """Stop the API server; the store goes on."""
        self._end("kube-apiserver")

    def compact(self) -> int:
        """Have the store forget all but the latest version of everything, and tell which revision that is."""
        here = f"http://{HERE}:{self._store}/v3/kv"
        name = base64.b64encode(b"/").decode()
        told = httpx.post(f"{here}/range", json={"key": name}).raise_for_status().json()
        latest = int(told["header"]["revision"])
        httpx.post(f"{here}/compaction", json={"revision": latest, "physical": True}).raise_for_status()
        return latest

    def close(self) -> None:
        """Stop both."""
        for name in reversed(list(self._running)):
            self._end(name)

    def kubectl(
        self, *arguments: str, given: str | None = None, who: str = "admin", fails: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """What kubectl says as somebody; unless it may fail, it has to succeed."""
        command = [str(self.tools / "kubectl"), f"--kubeconfig={self.folder}/{who}.kubeconfig", *arguments]
        environment = {**os.environ, "HOME": str(self.folder)}
        told = subprocess.run(
            command, input=given, env=environment, capture_output=True, text=True, timeout=300
        )
        assert fails or not told.returncode, told.stderr[-2000:]
        return told

    def apply(
        self, *objects: Any, options: Sequence[str] = (), fails: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Have kubectl apply objects."""
        return self.kubectl("apply", *options, "-f", "-", given=yaml.safe_dump_all(objects), fails=fails)

    def kubeconfig(self, name: str, user: dict[str, Any]) -> Path:
        """A kubeconfig with one context, called as the user is."""
        config = {
            "apiVersion": "v1", "kind": "Config", "current-context": name,
            "clusters": [{"name": "c", "cluster": {
                "server": self.url, "certificate-authority": f"{self.folder}/ca.crt",
            }}],
            "users": [{"name": name, "user": user}],
            "contexts": [{"name": name, "context": {"cluster": "c", "user": name}}],
        }  # fmt: skip
        file = self.folder / f"{name}.kubeconfig"
        file.write_text(yaml.safe_dump(config), encoding="utf-8")
        return file

    def api(self, who: str = "admin") -> KubernetesApi:
        """The server as meshlint asks it, as somebody."""
        config: Any = import_module("kubernetes.config")
        return KubernetesApi(config.new_client_from_config(config_file=f"{self.folder}/{who}.kubeconfig"))

    def account(self, namespace: str, name: str) -> Path:
        """The kubeconfig of a service account, with a token that the server has made for it."""
        token = self.kubectl("create", "token", name, "-n", namespace).stdout.strip()
        return self.kubeconfig(name, {"token": token})

    def _certificates(self) -> None:
        self.authority.cert_pem.write_to_path(str(self.folder / "ca.crt"))
        server = self.authority.issue_cert(HERE, "localhost", "kubernetes.default.svc")
        server.private_key_pem.write_to_path(str(self.folder / "server.key"))
        server.cert_chain_pems[0].write_to_path(str(self.folder / "server.crt"))
        accounts = trustme.CA(key_type=trustme.KeyType.RSA).private_key_pem.bytes()
        key = serialization.load_pem_private_key(accounts, None)
        form = serialization.PrivateFormat.TraditionalOpenSSL
        plain = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
        (self.folder / "accounts.key").write_bytes(plain)

    def _client(self, name: str, group: str) -> dict[str, Any]:
        made = self.authority.issue_cert(f"{name}.test", common_name=name, organization_name=group)
        made.private_key_pem.write_to_path(str(self.folder / f"{name}.key"))
        made.cert_chain_pems[0].write_to_path(str(self.folder / f"{name}.crt"))
        return {"client-certificate": f"{self.folder}/{name}.crt", "client-key": f"{self.folder}/{name}.key"}

    def _run(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)

    def _end(self, name: str) -> None:
        process = self._running.pop(name, None)
        if process is not None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(30)

    def _wait(self) -> None:
        end = time.monotonic() + _STARTING
        context = ssl.create_default_context(cafile=f"{self.folder}/ca.crt")
        with httpx.Client(verify=context) as client:
            while True:
                try:
                    if client.get(f"{self.url}/readyz").status_code == 200:
                        return
                except httpx.HTTPError:
                    pass
                log = self.folder / "kube-apiserver.log"
                ended = any(one.poll() is not None for one in self._running.values())
                assert not ended, log.read_text(encoding="utf-8")[-2000:]
                assert time.monotonic() < end, log.read_text(encoding="utf-8")[-2000:]
                time.sleep(0.2)
