"""Would Linkerd's policy webhook take this object?"""

from meshlint.admission.linkerd.judge import linkerd_remarks

__all__ = ["linkerd_remarks"]
