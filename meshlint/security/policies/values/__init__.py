"""Which values in policies does no request ever have, or can a request avoid?"""
