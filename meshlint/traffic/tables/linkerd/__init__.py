"""Which rules does a proxy of Linkerd hold, made of routes, ServiceProfiles and EgressNetworks?"""
