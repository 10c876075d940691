"""How is told what controllers write into status?"""
