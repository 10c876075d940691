"""What the load on the service has reviewed is an object of its mesh."""

from __future__ import annotations

import random

import pytest

from bench.generate import synthetic_mesh
from bench.serving import REVIEWED, Asked
from meshlint.api.after.edit import Edit
from meshlint.api.inputs.files import read_files
from meshlint.serve.admission.comparing import with_review
from meshlint.serve.admission.endpoint import review_of

PROJECT = read_files({name: text.encode() for name, text in synthetic_mesh(40).items()})


@pytest.mark.parametrize("position", range(len(REVIEWED)))
def test_reviews_replace_an_object_of_the_mesh(position: int) -> None:
    asked = Asked(random.Random(1), 40, position)
    row, path, body = asked.question("admission")
    review = review_of(body["request"])
    assert review is not None
    edit = Edit(PROJECT, with_review(PROJECT, review))
    (gone,), (come,) = edit.gone, edit.come
    assert (path, row) == ("/admission", f"admission: {gone.kind}")
    assert (gone.id, gone.kind) == (come.id, tuple(REVIEWED)[position])
    assert gone.field.value != come.field.value
