"""Who may call a port that Istio guards?"""
