"""Do the Gateways and listeners that routes name take them?"""
