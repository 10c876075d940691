"""Which routes and rules does nobody heed in ambient mode?"""
