"""What do the manifests show of a workload, and where?"""
