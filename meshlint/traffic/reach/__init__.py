"""What is left to a rule? How much of the traffic comes to it after those before it."""
