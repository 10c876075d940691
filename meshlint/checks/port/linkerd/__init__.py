"""Do Linkerd's clients and servers agree on a port and its protocol?"""
