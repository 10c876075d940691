"""Regular languages over Unicode text: patterns read, run as automata, and searched for members."""


class TooComplex(Exception):
    """A question goes beyond the budget, or beyond what is decided here: its answer is "not known"."""
