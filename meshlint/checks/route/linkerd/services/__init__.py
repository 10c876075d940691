"""Do routes, annotations and profiles for Services count with Linkerd's clients?"""
