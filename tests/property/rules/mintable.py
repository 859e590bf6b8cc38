"""What each identity could have made, with which chance, is told at each change of it."""

from collections import defaultdict
from math import ceil, comb

from scipy.stats import betabinom

from sim.audit import rows
from sim.audit.rows import FOREVER
from sim.workload import cast
from tests.property.rules.approvals import least_inspected
from tests.property.rules.authority import given
from tests.property.rules.run import HOUR, ORDINAL, Run, Wrong


def identities_can_mint(run: Run) -> Wrong:
    """Who holds an identity can mint its role, what is gated only past a human; only an issuer itself a static key.

    What policy forbids can be minted where it is not always asked, and else by whoever is the issuer. Where policy
    changes, so does what can be minted, and where what an agent is assigned does.
    """
    minted = defaultdict(dict)
    of_issuer = [each for each in run.facts.trusts if each.issuer == cast.ISSUER]
    for t in (each for each in of_issuer if each.principal & (1 << 40) - 1 < run.workload.agents):
        platform = run.workload.atoms[run.facts.scope_sets[t.scope_set][0]].platform
        if t.bootstrap != rows.Bootstrap[run.on(platform).control.identity.bootstrap.upper()]:
            yield t
        own = minted[t.valid_from, t.valid_to, t.principal & ORDINAL]
        own.setdefault((t.gate, t.permit_under_attack, t.permit_in_tries), set()).update(
            run.facts.scope_sets[t.scope_set]
        )
    for agent in range(run.workload.agents):
        own = {key: minted.pop(key) for key in list(minted) if key[2] == agent}
        edges = {run.workload.begins, *(time for key in own for time in key[:2]), *_changes(run, agent)}
        for since in sorted(time for time in edges if time < run.workload.t1):
            [policy] = run.policies(since + 1, since + 1)
            found = defaultdict(set)
            for sets in (sets for key, sets in own.items() if key[0] <= since < key[1]):
                for gate, atoms in sets.items():
                    found[gate] |= atoms
            if found != _mintable(run, agent, policy, since):
                yield agent, since, found
    yield from minted.items()


def _changes(run, agent):
    """When what an agent can mint may change in a run."""
    times = {_change(run), *(time for row in run.assignments[agent | 2 << 40] for time in row[:2])}
    return {time for time in times if run.workload.begins <= time < run.workload.t1}


def _change(run):
    decision = run.control.decision
    fixed = decision.changes_to == "none" or decision.at == "onboarding"
    return FOREVER if fixed else run.workload.t0 + round(decision.changes_at_hours * HOUR)


def _mintable(run, agent, policy, time):
    """What an agent's identity mints under a policy: atoms by gate and chance."""
    minted = defaultdict(set)
    for platform in run.platforms:
        for gate, atoms in _mintable_on(run, platform, agent, policy, time):
            minted[gate] |= atoms
    return {gate: atoms for gate, atoms in minted.items() if atoms}


def _mintable_on(run, platform, agent, policy, time):
    control, outages = run.on(platform).control, run.workload.scenario.outages
    decision, stops = control.decision, control.decision.adversarial_stop
    if control.issue.unit == "standing":
        yield (rows.Gate.ISSUER, 0, 0), set(given(run, platform, agent, time))
        return
    said = {atom: run.under_attack(agent, atom, policy) for atom in given(run, platform, agent, time)}
    binding = run.decides_issue(control) or decision.at == "request"
    forbidden = {atom for atom, tier in said.items() if tier is None and binding}
    alone = {atom for atom, tier in said.items() if tier and control.issue.unit in {"task", "action"}}
    up = 24 * 60 / (24 * 60 + outages.minutes * outages.per_day) if decision.outage == "open" else 1
    asked = decision.coverage * up
    human = asked if decision.at == "request" and run.control.policy is not None else decision.coverage
    word = rows.Gate.NONE if decision.at == "onboarding" else rows.Gate.CLASSIFIER if stops else rows.Gate.RULE
    misled = run.workload.scenario.approvers.misled if run.control.approval.summary == "agent" else 0
    past = (1 - least_inspected(run) * (1 - misled)) ** run.control.approval.people
    [tries] = [each.attempts for each in run.workload.scenario.incidents if each.name == "t2"]
    sees = [_all_seen(stops, decision.adversarial_persistence, number) for number in range(tries + 1)]
    met = [comb(tries, number) * past**number * (1 - past) ** (tries - number) for number in range(tries + 1)]
    none = sum(a * b for a, b in zip(sees, met, strict=True))
    yield (word, *map(thousandths, (1 - asked * stops, 1 - asked**tries * sees[-1]))), set(said) - forbidden - alone
    human_one = 1 - human * (1 - (1 - stops) * past)
    yield (rows.Gate.HUMAN, *map(thousandths, (human_one, 1 - human**tries * none))), alone
    unasked = rows.Gate.NONE if asked < 1 else rows.Gate.ISSUER
    yield (unasked, *map(thousandths, (1 - asked, 1 - asked**tries))), forbidden


def _all_seen(stops, alike, tries):
    """How likely a decision point sees through so many tries at one thing: Beta-binomial, or one of its two ends."""
    if tries == 0 or alike == 1:
        return stops if tries else 1
    if alike == 0 or stops in {0, 1}:
        return stops**tries
    spread = (1 - alike) / alike
    return betabinom.pmf(tries, tries, stops * spread, (1 - stops) * spread)


def thousandths(chance):
    """A chance in thousandths, rounded up."""
    return ceil(round(1000 * chance, 6))
