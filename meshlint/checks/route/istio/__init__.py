"""Do VirtualServices route as their readers think?"""
