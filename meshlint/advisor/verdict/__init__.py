"""Which mesh, why, how sure that is, and what would change it?"""
