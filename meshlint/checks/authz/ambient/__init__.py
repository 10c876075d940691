"""Which policies do ztunnel and waypoints enforce, and which calls go past them?"""
