"""What istiod's webhook checks in a ProxyConfig."""

from __future__ import annotations

from typing import Final

from meshlint.admission.istio.parts.selectors import selector
from meshlint.admission.istio.vocabulary.shape import shape
from meshlint.admission.istio.vocabulary.values import NOT_NEGATIVE

SHAPE: Final = shape({"selector": selector(), "concurrency": NOT_NEGATIVE})
