"""Are Istio's Gateways taken, and do they serve what they declare?"""
