"""What would istiod's validating webhook say of an object? Knows nothing of the API server's schemas.

The webhook judges each object by itself. Each kind has a module that declares its checks by field, out of one
small vocabulary; what the object, the field and the words are follows from the declaration.
Source: Istio, pkg/config/validation and its packages `agent` and `envoyfilter`, as of Istio 1.31.
"""

from meshlint.admission.istio.judge import istio_remarks
from meshlint.admission.istio.vocabulary.mistake import Mistake

__all__ = ["Mistake", "istio_remarks"]
