"""Views of Istio's objects, one module per kind; import the modules, so that a verb pays for its kinds only.

A view is built by the function named after its kind, never raises, and reads a value of the wrong type as
absent. `field` is the mapping it was read from; `view.field / "weight"` is the place of any part of it.
An attribute is called as Istio calls the field. It holds what is written, `None` where absence means
something of its own, and Istio's default where one is documented and is the same everywhere.
"""
