"""Which strings, addresses and labels does a pattern admit?"""
