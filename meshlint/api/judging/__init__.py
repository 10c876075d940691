"""From a project to its findings, in every world that the files leave open."""
