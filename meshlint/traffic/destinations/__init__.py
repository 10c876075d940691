"""Where do routes send requests, in which shares, to which port and which pods?"""
