"""Does a grant of Linkerd's policies let in too many, nobody, or nobody new?"""
