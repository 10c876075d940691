"""On which gateways and hosts, and for whom, is a VirtualService in force?"""
