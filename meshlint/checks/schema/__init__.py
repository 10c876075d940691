"""Does an object have a shape that its kind and version allow?"""
