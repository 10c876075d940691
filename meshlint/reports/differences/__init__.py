"""How is it told what a change does?"""
