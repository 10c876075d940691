"""Do the values of a policy ever match a request, and can a caller spell around them?"""
