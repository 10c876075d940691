"""Which files are in the set, and what bytes do they hold?"""
