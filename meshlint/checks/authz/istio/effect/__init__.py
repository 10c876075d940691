"""Is a policy refused, contradictory, needless or undone, so that it is not in force as it reads?"""
