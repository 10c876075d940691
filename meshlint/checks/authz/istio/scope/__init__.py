"""Does a policy reach the pods, ports and listeners that it is for?"""
