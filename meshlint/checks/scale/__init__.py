"""What grows with the mesh, and does the configuration that bounds it work?"""
