"""istiod's own validator as the judge of our reading of its webhook, on objects that nobody recorded."""
