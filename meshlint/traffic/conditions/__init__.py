"""Which requests does a match admit? Exact sets, whichever kind of route the match is written in."""
