"""Which rules does a waypoint hold for the services that it serves?"""
