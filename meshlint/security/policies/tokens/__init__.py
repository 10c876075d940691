"""Who checks tokens, with which keys, and who asks for them?"""
