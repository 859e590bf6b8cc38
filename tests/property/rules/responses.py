"""The response to an incident ends what it suspects, and holds back whom it must."""

from functools import lru_cache

from sim.audit import ids
from sim.audit.rows import Decision, Kind, Reason
from tests.property.rules.attacks import LIVE, accepted_somewhere, minted_at, taken
from tests.property.rules.authority import role
from tests.property.rules.run import ORDINAL, Run, Wrong


def suspects(run, struck):
    """What the response to an incident revokes: what was taken, or all that a process has that was the attacker's."""
    time = struck.contained
    own = [c for c in run.own if c.holder & ORDINAL == struck.agent and c.valid_from < time]
    made = [c for c in run.facts.credentials if ids.is_minted(c.id) and minted_at(c) >> 20 == struck.id]
    known = [*(own if struck.threat in LIVE else taken(run, struck)), *(c for c in made if c.valid_from < time)]
    return [c for c in known if c.id not in run.handed and accepted_somewhere(run, c, time, answered=True)]


def _ended_with(run, c, time):
    """What a platform ends with a credential: that, all of its holder, or all of its role, abandoned ones too."""
    ends, platform = run.of_credential(c.id).ends, run.platform(c.id)
    if ends in {"none", "credential"}:
        return [c.id] if ends == "credential" else []
    same = [n for n in range(run.workload.agents) if role(run, platform, n) == role(run, platform, c.holder & ORDINAL)]
    holders = same if ends == "role" else [c.holder & ORDINAL]
    there = [each for each in run.facts.credentials if run.platform(each.id) == platform and each.valid_from < time]
    # Of a role, also what was left by those who had an agent's place before it.
    place = (1 << ids.AGENT_BITS) - 1 if ends == "role" else ORDINAL
    return [each.id for each in there if each.holder & place in holders and each.id not in run.handed]


def quarantine_holds(run: Run) -> Wrong:
    """Nothing that is asked for anew in quarantine starts before its end, and nothing else is refused for it."""
    handed = {use.action for use in run.uses if use.credential in run.handed}
    for need in run.facts.needs:
        for start, end in run.quarantines[need.principal & ORDINAL] if need.action not in handed else ():
            if need.met and start <= need.requested < end and need.starts < end:
                yield need
    for event in run.of(Kind.DECIDE):
        if event.reason == Reason.INCIDENT:
            asked = [start <= event.time < end for start, end in run.quarantines[event.target & ORDINAL]]
            if not any(asked) or event.decision != Decision.DENY:
                yield event


@lru_cache(maxsize=1)
def ordered(run: Run) -> dict[int, int]:
    """When the response to an incident first orders a credential's end, for those of which it does."""
    found: dict[int, int] = {}
    if not run.control.containment.revoke:
        return found
    for each in sorted(run.workload.compromises, key=lambda each: each.contained):
        if each.contained < run.workload.t1:
            for c in suspects(run, each):
                for other in _ended_with(run, c, each.contained):
                    found.setdefault(other, each.contained)
    return found
