"""Which rules do sidecars and gateways of Istio hold, made of VirtualServices, Gateways and Sidecars?"""
