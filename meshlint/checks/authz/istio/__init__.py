"""Do Istio's policies for sidecars and gateways do what their authors mean?"""
