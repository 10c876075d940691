"""How is it told who may call whom?"""
