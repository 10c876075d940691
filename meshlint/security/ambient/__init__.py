"""Which calls pass a waypoint, and what is enforced there?"""
