"""Whose proxies follow a route or a rule, if anyone's?"""
