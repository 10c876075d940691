"""Does what a route does with a request work as it is written?"""
