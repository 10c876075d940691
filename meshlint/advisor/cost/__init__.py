"""What would each mesh take of a cluster, by figures that others measured?"""
