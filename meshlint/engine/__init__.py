"""Which rules run, with what severity, and which findings are left?"""
