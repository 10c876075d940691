"""Do timeouts, retries, limits and load balancing help when something fails, or make it worse?"""
