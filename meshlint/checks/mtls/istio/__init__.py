"""Do Istio's servers demand mutual TLS, and do its clients send it?"""
