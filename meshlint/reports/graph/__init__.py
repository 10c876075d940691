"""How is the mesh drawn?"""
