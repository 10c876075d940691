"""Do routes of the Gateway API lead somewhere, and are they read?"""
