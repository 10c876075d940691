"""Are Gateways and their listeners opened as they are written?"""
