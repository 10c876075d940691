"""How is an advice told?"""
