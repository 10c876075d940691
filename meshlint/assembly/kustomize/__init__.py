"""What `kustomize build` makes of a directory, with the place in git that each field comes from."""

from meshlint.assembly.kustomize.build import build
from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.assembly.kustomize.piece import Piece

__all__ = ["CannotBuild", "Piece", "build"]
