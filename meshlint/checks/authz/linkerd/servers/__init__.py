"""Which ports do Servers, limits and default policies govern, and is there a proxy that enforces them?"""
