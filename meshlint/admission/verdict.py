"""What becomes of one object on its way into the cluster."""

from __future__ import annotations

from meshlint.admission.remark import Judge, Remark
from meshlint.admission.versions import REFUSING, Standing
from meshlint.resources import Resource
from meshlint.resources.schema.violation import PRUNED, Path, Violation
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class Verdict:
    """Whether an object is taken, and what is said of it on the way.

    `standing` is how its kind and version stand with the releases, `violations` what breaks their schema,
    `remarks` what the webhook of its mesh says. A field that the schema does not know refuses nobody: the
    API server prunes it, and only what applies the object may ask for more (`kubectl` does by default).
    """

    resource: Resource
    standing: Standing
    violations: tuple[Violation, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def is_taken(self) -> bool:
        """Whether the cluster has the object in the end."""
        if not (self.violations or self.remarks):
            return not isinstance(self.standing, REFUSING)
        return (
            not isinstance(self.standing, REFUSING)
            and all(one.reason in PRUNED for one in self.violations)
            and not any(one.refuses for one in self.remarks)
        )

    @property
    def why(self) -> str:
        """Why the object is refused, in a few words: the first reason; empty where it is taken."""
        if isinstance(self.standing, REFUSING):
            return f"{Judge.SCHEMA.value} does not serve {self.resource.api_version} {self.resource.kind}"
        broken = next((one for one in self.violations if one.reason not in PRUNED), None)
        if broken is not None:
            return broken.message
        return next((one.message for one in self.remarks if one.refuses), "")

    @property
    def refused_at(self) -> frozenset[Path]:
        """The places, as paths in the document, of the values because of which the object is refused."""
        before = self.resource.field.path
        told = {(*before, *one.path) for one in self.violations if one.reason not in PRUNED}
        return frozenset(told | {one.at.path for one in self.remarks if one.refuses})
