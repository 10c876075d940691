"""How do the objects hang together?"""
