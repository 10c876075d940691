"""Can a match be true, and does any request get to it?"""
