"""Which workloads, ports and calls does Linkerd leave in plaintext or open to anybody?"""
