"""What do the policies of Istio miss, leave open or say in vain? Asked by rules alone."""
