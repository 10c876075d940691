"""meshlint: a linter for Istio, Linkerd and Gateway API manifests."""

__version__ = "0.1.0"
