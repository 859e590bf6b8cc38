"""What must hold in every run, under every control model that can be had, written apart from the engine.

A rule looks at what a run left behind and yields what is wrong. Each module holds the rules of one subject: its
functions that return `Wrong`. Times are µs.
"""

from inspect import get_annotations, isfunction

from tests.property.rules import (
    approvals,
    asking,
    attacks,
    authority,
    credentials,
    delegation,
    demand,
    emergencies,
    events,
    mintable,
    policy,
    responses,
    revocations,
    stewardship,
    tasks,
    workarounds,
)
from tests.property.rules.run import HOUR, Run, Wrong

__all__ = ["HOUR", "RULES", "Run", "broken_rules"]


def _rules_of(module):
    own = (each for each in vars(module).values() if isfunction(each) and each.__module__ == module.__name__)
    return [each for each in own if get_annotations(each).get("return") is Wrong]


_SUBJECTS = (
    stewardship, events, credentials, authority, policy, approvals, asking, tasks, delegation, revocations, workarounds,
    emergencies, attacks, responses, mintable, demand,
)  # fmt: skip
RULES = tuple(rule for subject in _SUBJECTS for rule in _rules_of(subject))


def broken_rules(run: Run) -> dict[str, object]:
    """Each rule that does not hold, with the first thing that is wrong."""
    found = ((rule.__name__, next(iter(rule(run)), None)) for rule in RULES)
    return {name: wrong for name, wrong in found if wrong is not None}
