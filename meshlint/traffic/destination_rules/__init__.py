"""Which DestinationRule counts for whom, and which subsets does it make of which pods?"""
