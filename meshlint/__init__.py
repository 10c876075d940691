"""meshlint: a linter for Istio, Linkerd and Gateway API manifests."""

HOME = "https://meshlint.dev"
"""Where the project is at home: the one address that reports, schema ids and messages are made of."""

__version__ = "0.1.0"
