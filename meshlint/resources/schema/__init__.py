"""Which shape may an object of this kind and version have, and who serves it?"""
