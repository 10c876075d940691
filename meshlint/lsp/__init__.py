"""How does an editor ask? A language server over the api: diagnostics, names, completion and quick fixes."""
