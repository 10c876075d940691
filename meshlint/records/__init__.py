"""How is a value made? Classes as attrs makes them, whose methods are written when they are first called.

attrs writes and compiles the methods of every class where it is defined, and a run loads some hundred classes
and fills a few of them: that was half of the time to start. Here only what is called is written. What these
names mean is what they mean in attrs, which type checkers see in their place, and the helpers of attrs take
the classes for its own. Knows nothing of meshes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attrs import asdict, define, evolve, field, fields, frozen
else:
    from meshlint.records.attribute import field, fields
    from meshlint.records.copies import asdict, evolve
    from meshlint.records.making import define, frozen

__all__ = ["asdict", "define", "evolve", "field", "fields", "frozen"]
