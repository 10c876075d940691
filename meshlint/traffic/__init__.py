"""Where will a request go? Host choice, route order, weights, subsets."""

from meshlint.traffic.traffic import Traffic

__all__ = ["Traffic"]
