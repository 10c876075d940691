"""Do waypoints stand where labels, telemetry and own code ask for them?"""
