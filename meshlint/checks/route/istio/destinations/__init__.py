"""Does what a route leads to exist, and can it be reached?"""
