"""Emergency access: when an agent's owner may break the glass, and whether anybody looks at it afterwards."""

from typing import Annotated

from pydantic import Field, StrictBool

from sim.declaration import CENTURY_S, Number, Share, Sourced, Span, Whole


class BreakGlass(Sourced):
    """When whoever owns an agent may take emergency access for it, how long that lives, and what is done about it.

    `after_s`: when an action has waited so long since the agent was ready, whatever for, its owner acts as soon as
    somebody of them is at work (`never`: not for waiting). `in_outage`: the owner acts at once where an action is
    refused because the decision point does not answer, and somebody of them is at work. What is taken is a credential
    of its own kind, with what the work of the agent's team needs, past the issuer and whoever approves, for `lasts_s`.
    `reviewed`: the share that is looked at afterwards, `review_days` after it was taken.
    """

    after_s: Span
    in_outage: StrictBool
    lasts_s: Annotated[Whole, Field(ge=1, le=CENTURY_S)]
    reviewed: Share
    review_days: Annotated[Number, Field(gt=0, le=36_525)]

    @property
    def ever(self) -> bool:
        """Whether it may be taken at all."""
        return self.after_s != "never" or self.in_outage

    @property
    def after(self) -> int | None:
        """How long an action waits before, µs; None: it may not be taken for waiting."""
        return None if isinstance(self.after_s, str) else self.after_s * 1_000_000
