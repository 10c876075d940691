"""What YAML or JSON is in the bytes, and where does each key and value stand? Knows no Kubernetes."""

from meshlint.documents.comments import Comment, comments
from meshlint.documents.document import Document
from meshlint.documents.document import Text as FileText
from meshlint.documents.field import Field, Text
from meshlint.documents.problem import REPEATED, Problem, ProblemKind
from meshlint.documents.read import read
from meshlint.documents.reading import Reading, read_alike, read_beside
from meshlint.documents.span import Path, Place, Span, Step

__all__ = [
    "REPEATED",
    "Comment",
    "Document",
    "Field",
    "FileText",
    "Path",
    "Place",
    "Problem",
    "ProblemKind",
    "Reading",
    "Span",
    "Step",
    "Text",
    "comments",
    "read",
    "read_alike",
    "read_beside",
]
