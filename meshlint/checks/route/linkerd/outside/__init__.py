"""Do Linkerd's ways to other clusters and out of the cluster work?"""
