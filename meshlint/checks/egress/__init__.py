"""What leaves the mesh, and what stands for the world outside?"""
