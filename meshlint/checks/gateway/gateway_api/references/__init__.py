"""Can the backends, certificates and targets that Gateway API objects refer to be used?"""
