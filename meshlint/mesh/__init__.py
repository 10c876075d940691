"""How do the objects that were taken hang together? Names, hosts, selectors. Knows no right or wrong."""

from meshlint.mesh.mesh import Mesh
from meshlint.mesh.resolution import Found, Missing, Resolution, Unknown
from meshlint.mesh.settings.settings import LinkerdSettings, MeshSettings, MtlsMode, OutboundPolicy, Versions

__all__ = [
    "Found",
    "LinkerdSettings",
    "Mesh",
    "MeshSettings",
    "Missing",
    "MtlsMode",
    "OutboundPolicy",
    "Resolution",
    "Unknown",
    "Versions",
]
