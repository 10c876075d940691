"""What reaches a cluster through kustomizations, Flux and Argo CD, and what is told of it."""

from __future__ import annotations

from meshlint.api import check_texts, read_texts
from meshlint.api.reading.project import Project

SERVICE = """apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80}]
"""
RULE = """apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web, namespace: shop}
spec:
  host: web
  subsets:
    - name: v1
      labels: {version: v1}
"""
ROUTES = """apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web]
  http:
    - route:
        - destination:
            host: web
            subset: v1
"""
BASE = {
    "base/kustomization.yaml": "resources: [web.yaml]\n",
    "base/web.yaml": f"{SERVICE}---\n{RULE}---\n{ROUTES}",
}
TO_V9 = """resources: [../base]
patches:
  - target: {kind: VirtualService}
    patch: |
      - op: replace
        path: /spec/http/0/route/0/destination/subset
        value: v9
"""


def told(texts: dict[str, str], rule: str) -> list[tuple[str, int, str]]:
    found = [one for one in check_texts(texts).findings if one.rule == rule]
    return [(one.location.file, one.location.span.line, one.message) for one in found]


def names(project: Project) -> set[tuple[str, str, str]]:
    return {(one.kind, one.namespace, one.name) for one in project.resources.resources}


def test_a_finding_stands_on_the_line_of_the_patch() -> None:
    ((file, line, message),) = told({**BASE, "prod/kustomization.yaml": TO_V9}, "SUBSET001")
    assert (file, line) == ("prod/kustomization.yaml", 7)
    assert "(in" not in message


def test_a_finding_says_which_deployment_it_is_for() -> None:
    labels = RULE.replace("v1}", "v2}").replace("name: v1", "name: v2")
    base = {**BASE, "base/web.yaml": f"{SERVICE}---\n{ROUTES}"}
    texts = {
        **base,
        "dev/kustomization.yaml": "resources: [../base, rule.yaml]\n",
        "dev/rule.yaml": RULE,
        "prod/kustomization.yaml": "resources: [../base, rule.yaml]\n",
        "prod/rule.yaml": labels,
    }
    ((file, line, message),) = told(texts, "SUBSET001")
    assert (file, line) == ("base/web.yaml", 17)
    assert message.endswith("(in prod)")


def test_what_holds_everywhere_is_told_once() -> None:
    texts = {
        **BASE,
        "dev/kustomization.yaml": "resources: [../base]\n",
        "prod/kustomization.yaml": "resources: [../base]\n",
    }
    texts["base/web.yaml"] = texts["base/web.yaml"].replace("subset: v1", "subset: v9")
    ((_, _, message),) = told(texts, "SUBSET001")
    assert "(in" not in message
    assert told(texts, "HYGIENE011") == []


def test_a_kustomization_that_cannot_be_built_leaves_its_files() -> None:
    texts = {**BASE, "prod/kustomization.yaml": "resources: [../base, gone.yaml]\n"}
    outcome = check_texts(texts)
    assert any("prod is not built" in note and "gone.yaml" in note for note in outcome.summary.notes)
    assert outcome.summary.objects == 3


def test_deployments_that_share_nothing_are_one_set() -> None:
    texts = {
        "a/kustomization.yaml": "resources: [web.yaml]\n",
        "a/web.yaml": SERVICE,
        "b/kustomization.yaml": "resources: [rule.yaml]\n",
        "b/rule.yaml": RULE,
        "plain.yaml": ROUTES,
    }
    assert len(names(read_texts(texts))) == 3
    assert read_texts(texts).variants == ()


FLUX = """apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: app, namespace: flux-system}
spec:
  path: ./apps/web
  targetNamespace: live
  postBuild:
    substitute: {SUBSET: v1}
    substituteFrom:
      - {kind: ConfigMap, name: vars}
  patches:
    - target: {kind: DestinationRule}
      patch: |
        - {op: add, path: /metadata/labels, value: {a: b}}
"""
VARS = """apiVersion: v1
kind: ConfigMap
metadata: {name: vars, namespace: flux-system}
data: {PORT: '8080'}
"""


def test_flux_follows_the_path_and_fills_in() -> None:
    texts = {
        "clusters/prod/app.yaml": f"{FLUX}---\n{VARS}",
        "apps/web/web.yaml": SERVICE.replace("port: 80", 'port: "${PORT}"'),
        "apps/web/routes.yaml": ROUTES.replace("subset: v1", "subset: ${SUBSET}"),
    }
    project = read_texts(texts)
    assert ("Service", "live", "web") in names(project)
    (service,) = project.resources.of("", "Service")
    assert service.field.value["spec"]["ports"][0]["port"] == 8080
    (route,) = project.resources.of("networking.istio.io", "VirtualService")
    subset = route.at("spec", "http", 0, "route", 0, "destination", "subset")
    assert (subset.value, subset.file(), subset.span().line) == ("v1", "clusters/prod/app.yaml", 8)


def test_flux_leaves_what_a_secret_holds_unknown() -> None:
    texts = {
        "app.yaml": FLUX.replace("kind: ConfigMap", "kind: Secret"),
        "apps/web/routes.yaml": ROUTES.replace("host: web", 'host: "${HOST}"'),
    }
    assert read_texts(texts).gaps != ()
    assert told(texts, "SUBSET010") == []


def test_argo_follows_the_path_into_its_namespace() -> None:
    application = """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  source:
    repoURL: https://example.com/this.git
    path: apps/web
    kustomize: {namePrefix: my-, images: ["example.com/web:2"]}
  destination: {namespace: live}
"""
    deployment = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "example.com/web:1"}]}
"""
    texts = {
        "argo/web.yaml": application,
        "apps/web/kustomization.yaml": "resources: [web.yaml]\n",
        "apps/web/web.yaml": deployment,
    }
    project = read_texts(texts)
    assert ("Deployment", "live", "my-web") in names(project)
    (one,) = project.resources.of("apps", "Deployment")
    assert one.at("spec", "template", "spec", "containers", 0, "image").value == "example.com/web:2"


def test_nothing_is_said_of_what_an_unknown_transformer_may_change() -> None:
    texts = {
        **BASE,
        "prod/kustomization.yaml": "resources: [../base]\ntransformers: [own.yaml]\n",
        "prod/own.yaml": "apiVersion: example.com/v1\nkind: Own\nmetadata: {name: own}\n",
    }
    texts["base/web.yaml"] = texts["base/web.yaml"].replace("subset: v1", "subset: v9")
    assert told(texts, "SUBSET001") == []
    notes = check_texts(texts).summary.notes
    assert any("prod also takes a transformer in prod" in note for note in notes)


def test_remote_components_are_not_in_the_files() -> None:
    texts = {
        **BASE,
        "prod/kustomization.yaml": "resources: [../base]\ncomponents: ['https://example.com/a?ref=b']\n",
    }
    (one,) = read_texts(texts).deployments
    assert (one.failure, one.missing) == (None, ("https://example.com/a?ref=b",))
    assert one.filled == {"shop"}


def notes_of(texts: dict[str, str]) -> str:
    return "\n".join(check_texts(texts).summary.notes)


def test_a_field_that_kustomize_does_not_have_is_why_nothing_is_built() -> None:
    texts = {**BASE, "prod/kustomization.yaml": "resources: [../base]\nnameprefx: a-\n"}
    assert (
        'prod is not built, so its files are judged as they are: a kustomization has no field "nameprefx"'
        in (notes_of(texts))
    )


OUTSIDE = {
    **BASE,
    "prod/kustomization.yaml": "resources: [../base]\npatches: [{path: ../shared/patch.yaml}]\n",
    "shared/patch.yaml": RULE.replace("v1}", "v2}").replace("name: v1", "name: v2"),
}


def test_what_lies_outside_is_read_and_told() -> None:
    """kustomize refuses it by default, and whoever deploys it has lifted that."""
    (one,) = read_texts(OUTSIDE).deployments
    assert (one.failure, one.outside) == (None, ("shared/patch.yaml",))
    assert "prod takes shared/patch.yaml, which kustomize refuses unless" in notes_of(OUTSIDE)


def test_flux_restricts_nothing() -> None:
    path = FLUX.replace("./apps/web", "./prod").replace("kind: ConfigMap", "kind: Secret")
    found = {one.name: one.outside for one in read_texts({**OUTSIDE, "clusters/app.yaml": path}).deployments}
    assert found == {"Kustomization flux-system/app": ()}
