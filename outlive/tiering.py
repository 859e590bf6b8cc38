"""Where two policies put the same work: how many kinds of action, and how much of the work, in which tier of each.

The tier is the least approval with which a policy permits an action: none where it is allowed, and above all tiers
where it is forbidden. Asked about is each action of one draw of the scenario, warm-up included, as its agent sets out
to do it: for the intent and with the plan that its task declares, and out of quarantine.
"""

from typing import Final

import numpy as np
import pandas as pd

from sim.audit import ids
from sim.control.policy import Policy
from sim.reference.rulebook import Rulebook
from sim.workload.intentions import Purpose, Workload

_TIERS: Final = ("allowed", "tier 1", "tier 2", "tier 3", "forbidden")
_FORBIDDEN: Final = len(_TIERS) - 1
_KIND: Final = ["team", "intent", "atom", "planned"]
_PAIR: Final = ["policy", "against"]
# What the second policy asks for, by the sign of the difference.
_SECOND: Final = {0: "the same", 1: "more", -1: "less"}


def word(tier: int | None) -> str:
    """A tier as it is told: allowed, tier 1 to 3, or forbidden, which is None."""
    return _TIERS[_FORBIDDEN if tier is None else tier]


def tiering(workload: Workload, policy: Policy, against: Policy) -> pd.DataFrame:
    """A row a pair of tiers in which some work lies; what the second asks for; kinds of action, actions, their share.

    A kind is what a team does at one level to one group for one kind of work, planned or not. One that a policy answers
    differently for agents of the team counts in the row of each answer.
    """
    work = _work(workload)
    work = work.assign(policy=_required(workload, policy, work), against=_required(workload, against, work))
    kinds = work.drop_duplicates([*_KIND, *_PAIR]).groupby(_PAIR).size().rename("kinds")
    found = work.groupby(_PAIR)["actions"].sum().to_frame().join(kinds).reset_index()
    asks = (found["against"] - found["policy"]).clip(-1, 1).map(_SECOND)
    tiers = {name: found[name].map(dict(enumerate(_TIERS))) for name in _PAIR}
    share = found["actions"] / found["actions"].sum()
    return pd.DataFrame(
        {**tiers, "asks_for": asks, "kinds": found["kinds"], "actions": found["actions"], "share": share}
    )


def _work(workload: Workload) -> pd.DataFrame:
    """What agents set out to do: a row an agent and kind of action, with how many of them there are."""
    tasks, actions, plans = workload.tasks, workload.actions, workload.purposes
    task = ids.task_of(actions.id)
    row = np.searchsorted(tasks.id, task)
    agent = tasks.agent[row]
    columns = {
        "agent": agent, "team": agent % len(workload.scenario.teams), "intent": tasks.intent[row], "atom": actions.atom,
        "planned": [atom in plans[of].plan for of, atom in zip(task.tolist(), actions.atom.tolist(), strict=True)],
    }  # fmt: skip
    return pd.DataFrame(columns).value_counts(sort=False).rename("actions").reset_index()


def _required(workload: Workload, policy: Policy, work: pd.DataFrame) -> list[int]:
    """The place among the tiers that a policy gives each row."""
    book, places = Rulebook(workload, policy), []
    for n, intent, atom, planned in work[["agent", "intent", "atom", "planned"]].itertuples(index=False, name=None):
        purpose = Purpose(workload.intents[intent], frozenset({atom} if planned else ()))
        tier = book.requirement(n, atom, purpose, workload.begins)
        places.append(_FORBIDDEN if tier is None else tier)
    return places


def crossed(found: pd.DataFrame, policy: str, against: str) -> pd.DataFrame:
    """The same as it is read: tiers of the first policy down, of the second across; kinds, and share of actions."""
    shown = [tier for tier in _TIERS if (found[_PAIR] == tier).any(axis=None)]
    corner = f"{policy} / {against}"
    rows = [
        {corner: down, **{over: _cell(_in(found, down, over)) for over in [*shown, "all"]}} for down in [*shown, "all"]
    ]
    return pd.DataFrame(rows)


def _in(found: pd.DataFrame, down: str, over: str) -> pd.DataFrame:
    """The rows of one tier of each policy; `all` is any."""
    for name, tier in zip(_PAIR, (down, over), strict=True):
        found = found[(found[name] == tier) | (tier == "all")]
    return found


def agreement(found: pd.DataFrame, against: str) -> str:
    """What a cell tells; and of how much work the second policy asks for the same, for more, and for less."""
    cells = f"in each cell: kinds of action (share of {found['actions'].sum():,} actions that agents set out to do)"
    parts = (f"for {asks} of {_cell(found[found['asks_for'] == asks])}" for asks in _SECOND.values())
    return f"{cells}\n{against} asks {', '.join(parts)}"


def _cell(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "0"
    share = f"{100 * rows['share'].sum():.1f} %"
    return f"{rows['kinds'].sum():,} ({'<0.1 %' if share == '0.0 %' else share})"
