"""Who may call whom by Linkerd's policies, and what do these name?"""
