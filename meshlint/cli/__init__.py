"""Who asks? The command line, thin over meshlint.api."""
