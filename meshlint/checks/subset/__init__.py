"""Do DestinationRules and their subsets apply to the pods and routes that they are for?"""
