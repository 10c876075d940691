"""Will logs, metrics and traces be there, and only for those that they are for?"""
