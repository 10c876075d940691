"""Random trees of kustomizations."""

from __future__ import annotations

import json
from random import Random
from typing import Any

DEPLOY = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  labels:
    app: {name}
spec:
  replicas: 1
  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
        enabled: {quirk}
    spec:
      serviceAccountName: {name}
      containers:
        - name: app
          image: registry.example/{name}:1.0
          args: ["--name=$(WEB_NAME)", "plain"]
          ports:
            - containerPort: 8080
            - containerPort: 9090
              protocol: TCP
          env:
            - name: MODE
              value: "on"
            - name: CONF
              valueFrom:
                configMapKeyRef:
                  name: settings
                  key: a
        - name: side
          image: nginx@sha256:abc
      volumes:
        - name: conf
          configMap:
            name: settings
        - name: secret
          secret:
            secretName: keys
"""
SERVICE = """apiVersion: v1
kind: Service
metadata:
  name: {name}
spec:
  selector:
    app: {name}
  ports:
    - name: http
      port: 80
      targetPort: 8080
    - name: metrics
      port: 9090
"""
ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {name}\n"
VS = """apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: {name}
  annotations: {{a: "1"}}
spec:
  hosts:
    - {name}
  http:
    - route:
        - destination:
            host: {name}
            subset: v1
          weight: 90
        - destination:
            host: {name}
            subset: v2
          weight: 10
"""
BINDING = """apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {name}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: {name}-role
subjects:
  - kind: ServiceAccount
    name: {name}
    namespace: {ns}
  - kind: ServiceAccount
    name: default
    namespace: other
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: {name}-role
rules:
  - apiGroups: [""]
    resources: [secrets]
    resourceNames: [keys]
    verbs: [get]
"""
NS = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {ns}\n  labels:\n    istio-injection: enabled\n"
POLICY = """apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: {name}
spec:
  selector:
    matchLabels:
      app: {name}
  rules:
    - from:
        - source:
            principals: []
    - to:
        - operation:
            methods: ["GET"]
"""
QUIRKS = ['"true"', "yes", "on", "0777", "1_000", "12:30", "n", '"1"', "~", "0x1F", "'x: y'", "0o7"]


class Maker:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.files: dict[str, str] = {}

    def chance(self, share: float = 0.5) -> bool:
        return self.random.random() < share

    def base(self, directory: str, names: list[str]) -> None:
        resources = []
        for name in names:
            fields = {
                "name": name,
                "ns": self.random.choice(["default", "other"]),
                "quirk": self.random.choice([q for q in QUIRKS if q != "~"]),
            }
            for kind, text in (
                ("deploy", DEPLOY),
                ("svc", SERVICE),
                ("sa", ACCOUNT),
                ("vs", VS),
                ("policy", POLICY),
                ("rb", BINDING),
            ):
                if self.chance(0.97):
                    self.files[f"{directory}/{name}-{kind}.yaml"] = text.format(**fields)
                    resources.append(f"{name}-{kind}.yaml")
        if directory == "base" and self.chance(0.3):
            self.files[f"{directory}/ns.yaml"] = NS.format(ns="shop")
            resources.append("ns.yaml")
        k: Any = {"resources": resources}
        if self.chance(0.6):
            self.generators(directory, k)
        self.transform(directory, k, names)
        self.write(directory, k)

    def generators(self, directory: str, k: Any) -> None:
        self.files[f"{directory}/data.txt"] = "line one\nline <two> & é\n"
        self.files[f"{directory}/vars.env"] = "# comment\nA=1\nB=two=2\n\n  C=3 \n"
        g: Any = {"name": "settings", "literals": ["a=b", "c='d e'", 'q="x"']}
        if self.chance():
            g["files"] = self.random.choice([["data.txt"], ["other=data.txt"]])
        if self.chance():
            g["envs"] = ["vars.env"]
        if self.chance(0.3):
            g["namespace"] = "other"
        if self.chance(0.4):
            g["options"] = {"labels": {"gen": "yes"}, "disableNameSuffixHash": self.chance()}
        k["configMapGenerator"] = [g]
        s: Any = {"name": "keys", "literals": ["password=" + "s" * self.random.choice([3, 60, 200])]}
        if self.chance():
            s["type"] = "example.com/kind"
        k["secretGenerator"] = [s]
        if self.chance(0.4):
            k["generatorOptions"] = {
                "labels": {"all": "generated"},
                "annotations": {"x": "y"},
                "immutable": self.chance(),
            }

    def transform(self, directory: str, k: Any, names: list[str]) -> None:
        r = self.random
        if self.chance(0.4):
            k["namespace"] = r.choice(["shop", "prod"])
        if self.chance(0.35):
            k["namePrefix"] = r.choice(["a-", "b-"])
        if self.chance(0.3):
            k["nameSuffix"] = r.choice(["-x", "-y"])
        if self.chance(0.3):
            k["commonLabels"] = {"team": "red", "zone": "yes"}
        if self.chance(0.4):
            k["labels"] = [
                {
                    "pairs": {"tier": "web", "app.kubernetes.io/part-of": "shop"},
                    **r.choice([{}, {"includeSelectors": True}, {"includeTemplates": True}]),
                }
            ]
        if self.chance(0.3):
            k["commonAnnotations"] = {"note": "hello", "mark": "1"}
        name = r.choice(names)
        if self.chance(0.4):
            k["images"] = [
                {
                    "name": f"registry.example/{name}",
                    **r.choice(
                        [
                            {"newTag": "2.0"},
                            {"newName": "other/x"},
                            {"digest": "sha256:123"},
                            {"newName": "y", "newTag": "3"},
                        ]
                    ),
                },
                {"name": "nginx", "newTag": "1.2"},
            ]
        if self.chance(0.3):
            k["replicas"] = [{"name": name, "count": 3}]
        self.patches(directory, k, name)
        if self.chance(0.25):
            self.replacement(k, name)
        if self.chance(0.15):
            k["vars"] = [
                {
                    "name": "WEB_NAME",
                    "objref": {"kind": "Deployment", "name": name, "apiVersion": "apps/v1"},
                    **r.choice([{}, {"fieldref": {"fieldpath": "spec.replicas"}}]),
                }
            ]

    def patches(self, directory: str, k: Any, name: str) -> None:
        r = self.random
        found: list[Any] = []
        smp = f"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
spec:
  replicas: 5
  template:
    spec:
      containers:
        - name: {r.choice(["app", "side", "new"])}
          image: patched:1
          env:
            - name: MODE
              value: "off"
            - name: EXTRA
              value: yes
          ports:
            - containerPort: {r.choice([8080, 9090, 7070])}
              {r.choice(["protocol: TCP", "name: p"])}
        {r.choice(["", "- name: side" + chr(10) + "          $patch: delete"])}
      volumes:
        - name: more
          emptyDir: {{}}
      {r.choice(["tolerations: [{key: a}]", "serviceAccountName: null", "hostNetwork: true"])}
"""
        if self.chance(0.4):
            self.files[f"{directory}/smp.yaml"] = smp
            if self.chance():
                found.append({"path": "smp.yaml"})
            else:
                k["patchesStrategicMerge"] = ["smp.yaml"]
        elif self.chance(0.3):
            found.append({"patch": smp})
        if self.chance(0.3):
            found.append(
                {
                    "target": {"kind": "AuthorizationPolicy"},
                    "patch": "- op: add\n  path: /spec/rules/0/from/0/source/principals/-\n  value: cluster.local/ns/a/sa/b\n- op: replace\n  path: /spec/rules/1/to/0/operation/methods/0\n  value: POST\n",
                }
            )
        if directory == "base" and self.chance(0.5):
            found.append(
                {
                    "target": {"kind": "VirtualService", "name": r.choice([".*", name])},
                    "patch": '- op: remove\n  path: /spec/http/0/route/1\n- op: add\n  path: /metadata/annotations/x~1y\n  value: "5"\n- {op: copy, from: /spec/hosts/0, path: /spec/hosts/-}\n',
                }
            )
        if self.chance(0.3):
            found.append(
                {
                    "target": {
                        "kind": "Deployment|Service",
                        **r.choice([{}, {"labelSelector": f"app={name}"}, {"name": name}]),
                    },
                    "patch": 'apiVersion: v1\nkind: Any\nmetadata:\n  name: any\n  annotations:\n    patched: "yes"\nspec:\n  extra: {a: [1, 2], b: null}\n',
                }
            )
        if directory == "overlay" and self.chance(0.05):
            found.append(
                {
                    "patch": f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\n$patch: delete\n"
                }
            )
        if self.chance(0.15):
            found.append(
                {
                    "patch": f"apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: {name}\nspec:\n  hosts: [{name}.example.com]\n"
                }
            )
        if self.chance(0.15):
            found.append(
                {
                    "patch": f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n  ports:\n    - port: 80\n      targetPort: http\n    - port: 443\n      name: https\n"
                }
            )
        if found:
            k["patches"] = found

    def replacement(self, k: Any, name: str) -> None:
        r = self.random
        target: Any = r.choice(
            [
                {"select": {"kind": "VirtualService"}, "fieldPaths": ["spec.hosts.0"]},
                {
                    "select": {"kind": "VirtualService"},
                    "fieldPaths": ["spec.http.*.route.*.destination.host"],
                },
                {
                    "select": {"kind": "Deployment", "name": name},
                    "fieldPaths": ["spec.template.spec.containers.[name=app].image"],
                    "options": {"delimiter": ":", "index": 1},
                },
                {
                    "select": {"kind": "Deployment"},
                    "fieldPaths": ["metadata.annotations.[a.b/c]", "spec.template.metadata.labels.made"],
                    "options": {"create": True},
                },
                {
                    "select": {"kind": "Deployment"},
                    "reject": [{"name": name}],
                    "fieldPaths": ["metadata.labels.app"],
                },
            ]
        )
        k["replacements"] = [
            {
                "source": {
                    "kind": "Deployment",
                    "name": name,
                    **r.choice(
                        [
                            {},
                            {"fieldPath": "metadata.name"},
                            {"fieldPath": "spec.template.spec.containers.0.name"},
                        ]
                    ),
                },
                "targets": [target],
            }
        ]

    def write(self, directory: str, k: Any, kind: str = "") -> None:
        head = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n" if kind else ""
        self.files[f"{directory}/kustomization.yaml"] = head + dump(k)

    def tree(self) -> dict[str, str]:
        names = ["web", "db"][: self.random.choice([1, 2])]
        self.base("base", names)
        k: Any = {"resources": ["../base"]}
        if self.chance(0.3):
            self.base("second", ["cache"])
            k["resources"].append("../second")
        if self.chance(0.3):
            c: Any = {}
            self.transform("component", c, names)
            self.write("component", c, "Component")
            k["components"] = ["../component"]
        if self.chance(0.3):
            k["configMapGenerator"] = (
                [
                    {
                        "name": "settings",
                        "behavior": self.random.choice(["merge", "replace"]),
                        "literals": ["a=over", "z=1"],
                    }
                ]
                if "configMapGenerator" in self.files["base/kustomization.yaml"]
                else [{"name": "fresh", "literals": ["z=1"]}]
            )
        self.transform("overlay", k, names)
        self.write("overlay", k)
        return self.files


def dump(value: Any, indent: int = 0) -> str:
    """YAML with block scalars for texts of several lines."""
    pad = "  " * indent
    out = ""
    for key, inner in value.items():
        if isinstance(inner, dict) and inner:
            out += f"{pad}{key}:\n{dump(inner, indent + 1)}"
        elif isinstance(inner, list) and inner and isinstance(inner[0], dict):
            out += f"{pad}{key}:\n"
            for item in inner:
                text = dump(item, indent + 2)
                out += f"{pad}  - {text.lstrip()}"
        elif isinstance(inner, str) and "\n" in inner:
            body = "".join(f"{pad}  {line}\n" for line in inner.rstrip("\n").split("\n"))
            out += f"{pad}{key}: |\n{body}"
        else:
            out += f"{pad}{key}: {json.dumps(inner, ensure_ascii=False)}\n"
    return out
