"""What Helm makes of charts in view, each field at the line of a template or of values that it comes from."""

from meshlint.assembly.charts.chart import Chart, charts_in, templates_of, variants
from meshlint.assembly.charts.dependencies import local_dependencies
from meshlint.assembly.charts.orders import ChartOrder, orders
from meshlint.assembly.charts.render import inflated, rendered

__all__ = [
    "Chart",
    "ChartOrder",
    "charts_in",
    "inflated",
    "local_dependencies",
    "orders",
    "rendered",
    "templates_of",
    "variants",
]
