"""What does an editor get to see?"""
