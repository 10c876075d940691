"""What is set for the whole mesh, and where does it say so?"""
