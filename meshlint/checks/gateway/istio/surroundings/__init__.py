"""Does an Istio Gateway fit its pods, Secrets, routes and neighbours, and open no more than was meant?"""
