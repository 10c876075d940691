"""Which namespaces are there, and what shows itself to which of them? Knows no hosts and no policies."""
