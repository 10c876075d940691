"""What is asked of a set, and in which form is it answered? The verbs of the command line, by parameters."""
