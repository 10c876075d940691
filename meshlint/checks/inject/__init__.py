"""Do pods get the proxy that they are meant to have? By mesh."""
