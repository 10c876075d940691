"""Do Linkerd's policies let in whom their authors mean?"""
