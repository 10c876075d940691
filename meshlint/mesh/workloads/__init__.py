"""Which workloads are there, what selects them, and which of them are gateways and waypoints?"""
