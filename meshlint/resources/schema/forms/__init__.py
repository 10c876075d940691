"""Which form may a text have? Formats, durations, URLs, and the patterns that stand for them."""
