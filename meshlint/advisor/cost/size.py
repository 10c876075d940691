"""The few numbers of a workload that decide what a mesh would cost it."""

from __future__ import annotations

from fractions import Fraction

from meshlint.values import evolve, frozen


@frozen
class Size:
    """How much there is to mesh.

    `pods` run all the time and can be taken in; `seen` is the sum, over these pods, of the services that each
    sidecar would be told of. `waypoints` are the namespaces that need one in ambient, with `waypoint_pods` in
    them. `cpu` (cores) and `memory` (bytes) are what the pods request themselves. `rps` counts the requests
    in the mesh in a second, `waypoint_rps` those to namespaces with a waypoint.
    """

    pods: int = 0
    services: int = 0
    seen: int = 0
    nodes: int = 0
    namespaces: int = 0
    waypoints: int = 0
    waypoint_pods: int = 0
    cpu: Fraction = Fraction(0)
    memory: Fraction = Fraction(0)
    rps: Fraction = Fraction(0)
    waypoint_rps: Fraction = Fraction(0)

    def behind_waypoints(self) -> Size:
        """The same with a waypoint in every namespace."""
        return evolve(self, waypoints=self.namespaces, waypoint_pods=self.pods, waypoint_rps=self.rps)

    def grown(self, factor: Fraction, fewest_nodes: int, pods_per_node: int) -> Size:
        """The same services with `factor` times the pods, on as many nodes as these fill."""
        pods = int(self.pods * factor)
        return evolve(
            self,
            pods=pods,
            seen=int(self.seen * factor),
            nodes=max(-(-pods // pods_per_node), fewest_nodes),
            waypoint_pods=int(self.waypoint_pods * factor),
            cpu=self.cpu * factor,
            memory=self.memory * factor,
        )
