"""Which files reach a cluster together, through which entry point?"""

from meshlint.assembly.deployments.deployment import Deployment
from meshlint.assembly.deployments.find import deployments
from meshlint.assembly.deployments.sets import sets

__all__ = ["Deployment", "deployments", "sets"]
