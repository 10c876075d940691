"""Where will a request go? Conditions, tables, ways, effects and reach. Knows no rules."""

from meshlint.traffic.traffic import Traffic

__all__ = ["Traffic"]
