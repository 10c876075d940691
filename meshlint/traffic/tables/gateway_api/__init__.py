"""Which rules do routes of the Gateway API make, and what do these attach and refer to?"""
