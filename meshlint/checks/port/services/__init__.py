"""Do the ports of Services lead somewhere and tell their protocol?"""
