"""Does a policy let in callers and requests that its readers would not think of?"""
