"""What istiod's webhook checks in a DestinationRule."""

from __future__ import annotations

from typing import Final

from meshlint.admission.istio.parts.client_traffic import TRAFFIC_POLICY
from meshlint.admission.istio.parts.exports import export_to, selector_exported
from meshlint.admission.istio.parts.selectors import selector
from meshlint.admission.istio.vocabulary.messages import needs, unique
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.shape import shape
from meshlint.admission.istio.vocabulary.values import LABELS, NAME, WILDCARD_HOST, unless_empty

SHAPE: Final = shape(
    {
        "": (needs("host", mistake=Mistake.HOST), selector_exported),
        "host": unless_empty(WILDCARD_HOST),
        "trafficPolicy": TRAFFIC_POLICY,
        "subsets": unique("name", mistake=Mistake.SUBSET_TWICE, what="the subset"),
        "subsets[]": {
            "": needs("name", mistake=Mistake.NAME),
            "name": unless_empty(NAME),
            "labels": LABELS,
            "trafficPolicy": TRAFFIC_POLICY,
        },
        "exportTo": export_to(),
        "workloadSelector": selector(),
    }
)
