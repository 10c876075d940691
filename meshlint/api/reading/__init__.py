"""From the files of a set to a project: objects, verdicts and mesh, and what was looked at."""
