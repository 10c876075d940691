"""Which files are applied together, and what do the tools on the way make of them, field by field?"""
