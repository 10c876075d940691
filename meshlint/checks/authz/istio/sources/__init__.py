"""Can the proxy tell who calls, and does whom a policy names exist?"""
