"""Do Gateways, listeners, routes, backends and grants of the Gateway API go together?"""
