"""Tools that build the files generated in this project."""
