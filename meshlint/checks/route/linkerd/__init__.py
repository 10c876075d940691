"""Do Linkerd's proxies follow the routes that are written for them?"""
