"""What does a front end ask for, and what does a configuration add to it?"""
