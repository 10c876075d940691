"""Does what Linkerd's policies are attached to exist, and does it count?"""
