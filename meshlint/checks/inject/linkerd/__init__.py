"""Do pods get Linkerd's proxy, get along with it, and does its configuration do anything?"""
