"""How is the way of a request told?"""
