"""What do the rules say after an edit, and which need not be asked for that?"""
