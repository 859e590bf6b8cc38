"""The knobs of the decision point: when policy is asked, which, by what, and what when nobody answers."""

from typing import Annotated, Final, Literal

from pydantic import Field

from sim.declaration import CENTURY_S, Number, Share, Sourced, Whole

NO_POLICY: Final = "none"


class DecisionPoint(Sourced):
    """When policy is asked, which, how often it refuses what is legitimate, and how often it stops an attacker.

    `policy`: "none" permits everything; else a bundled Cedar policy by name, or the path of one. It is asked about what
    is decided: at onboarding and at a login each atom of the role, with no intent and no plan; at a task's start each
    atom of its plan, and later each that it needs besides; at a request the one action. What it forbids is left out of
    the credential that is decided about, or refused. `false_denial` and `adversarial_stop` come on top: a rule answers
    the same question alike, so a chance that what is legitimate is refused stands for a classifier, or for attributes
    that are not up to date.

    `changes_to`: the policy that takes its place `changes_at_hours` after the measured window begins, or "none". What
    was decided stays: credentials last, and where access was decided at onboarding nothing changes.
    `coverage`: share of actions that pass an enforcement point at all; the others are asked nothing, nor an approval.
    `cache_s`: for so long an answer serves the same agent for what the policy cannot tell apart, whatever has changed.
    `outage`: what an enforcement point does that gets no answer: refuse (`closed`), or let through (`open`).
    `adversarial_stop` decides what an attacker's attempts come to (facts); short of 1 it does not lower what counts as
    obtainable: whoever retries gets through, or whoever asks for what it lets pass.
    `false_denial_persistence`, `adversarial_persistence`: how far the answers to one request that is made again are
    alike, as the correlation of two of them: 0, each is drawn anew; 1, a retry never helps. How likely one request is
    refused is Beta-distributed over requests, in the mean the chance given.
    """

    at: Literal["onboarding", "login", "task", "request"]
    policy: Annotated[str, Field(min_length=1)]
    changes_to: Annotated[str, Field(min_length=1)]
    changes_at_hours: Annotated[Number, Field(ge=0, le=CENTURY_S // 3600)]
    coverage: Share
    cache_s: Annotated[Whole, Field(ge=0, le=CENTURY_S)]
    outage: Literal["closed", "open"]
    false_denial: Share
    adversarial_stop: Share
    false_denial_persistence: Share
    adversarial_persistence: Share
