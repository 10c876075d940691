"""What `kustomize build` makes of a directory, with the place in git that each field comes from."""

from meshlint.assembly.kustomize.build import Built, build, is_of_definitions, overlaid, pieces_of
from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.assembly.kustomize.piece import Piece

__all__ = ["Built", "CannotBuild", "Piece", "build", "is_of_definitions", "overlaid", "pieces_of"]
