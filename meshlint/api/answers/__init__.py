"""One question: is the request let in, where does it go, what would a controller say? Knows no project."""
