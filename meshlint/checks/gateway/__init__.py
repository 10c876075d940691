"""Do gateways listen, serve and protect as they are written? By the API that they are written in."""
