"""Is a server of an Istio Gateway valid and sound in itself?"""
