"""Which way does one request take through the tables, and where does it end?"""
