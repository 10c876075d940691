"""Do Istio's webhooks put the right proxy into the right pods, at the right time?"""
