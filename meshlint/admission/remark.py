"""What a judge on the way into the cluster says of an object."""

from __future__ import annotations

from enum import Enum

from attrs import frozen

from meshlint.documents import Field


class Judge(Enum):
    """Who decides, on the way of an object into the cluster, whether it is taken."""

    SCHEMA = "the API server"
    ISTIOD = "istiod's webhook"
    LINKERD = "Linkerd's webhook"


@frozen(repr=False)
class Remark:
    """What a judge says of one field of one object.

    `mistake` names what is wrong in a user's words, such as `host-name` or `port-number`: the rule of that
    mistake tells it. `message` and `hint` are that finding's words. A remark that does not refuse is a
    warning: the object is taken. `related` are further places that the mistake needs. One that `knows_more`
    is told even of what the definition of the kind refuses already: the words of that would lead astray.
    """

    at: Field
    judge: Judge
    mistake: str
    message: str
    hint: str = ""
    on_key: bool = False
    refuses: bool = True
    related: tuple[Field, ...] = ()
    knows_more: bool = False
