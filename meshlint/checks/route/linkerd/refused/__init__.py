"""Does Linkerd's webhook refuse a route, so that none of it is in force?"""
