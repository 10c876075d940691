"""What does the whole mesh tell that none of its indexes does alone?"""
