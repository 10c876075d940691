"""What do the checks of several families ask, and which phrases do they share?"""
