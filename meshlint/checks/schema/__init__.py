"""Is an object one that the cluster takes?"""
