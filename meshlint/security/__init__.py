"""What will the mesh enforce?"""
