"""The people who approve, whatever a control model asks of them: how many, when, how well and how long they look."""

from typing import Annotated, Self

from pydantic import Field, StrictBool, model_validator

from sim.declaration import Hours, Limit, Seconds, Share, Sigma, Sourced, Whole
from sim.work import Hour, in_order


class Approvers(Sourced):
    """The people who can be asked: first come, first served, in their hours, what is begun is finished.

    Owners of agents are at work in the same hours as the desk. Who is on call answers at any hour, and hands over every
    `handover_hours`.

    `inspected` is the share of requests that somebody who is fresh really looks at. It falls with each request of the
    day: after `fatigue_requests` of them to a share of 1/e, never below `inspected_least`. What is not looked at is
    allowed after `stamp_s`. `misled` is the share of an attacker's requests that an approver allows who looks, where
    the agent itself wrote what there is to read. Where anything may pass, a gated atom counts as obtainable.
    """

    staff: Annotated[Whole, Field(ge=1, le=100_000)]
    opens: Hour
    closes: Hour
    weekends: StrictBool
    inspection_median_s: Seconds
    inspection_sigma: Sigma
    approval_rate: Share
    inspected: Share
    fatigue_requests: Limit
    inspected_least: Share
    misled: Share
    stamp_s: Seconds
    timeout_hours: Hours
    handover_hours: Hours

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        """Opening hours lie within one day."""
        in_order("opens", self.opens, "closes", self.closes)
        return self

    @property
    def least_inspected(self) -> float:
        """The share really looked at by whoever is most tired."""
        return self.inspected if self.fatigue_requests == "never" else min(self.inspected, self.inspected_least)
