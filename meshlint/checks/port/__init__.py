"""Do both sides of a port take it for the same protocol?"""
