"""What identities were seen to touch: a slow second computation."""

from fractions import Fraction

from tests.ledgers import UNKNOWN

CHANGES = {"write", "permissions"}


def observed_footprint(ledger):
    """Groups touched, jewels changed and share of declared value, over agents that touched anything."""
    atoms = {atom.name: atom for atom in ledger.catalogue}
    uses = [
        (e.agent, atoms[e.atom])
        for e in ledger.events
        if e.kind == "use" and e.decision == "allow" and e.atom is not None and 0 <= e.time < ledger.seconds
    ]
    uses += [
        (ledger.incidents[s.incident].agent, atoms[s.atom])
        for s in ledger.steps if s.allowed and 0 <= s.time < ledger.seconds
    ]  # fmt: skip
    estate = _worth(ledger.catalogue)
    each = [[atom for agent, atom in uses if agent == who] for who in {agent for agent, _ in uses}]
    counted = {
        "groups": [len({atom.group for atom in own}) for own in each],
        "jewels": [len({atom.group for atom in own if atom.tier == 3 and atom.level in CHANGES}) for own in each],
        "value": [Fraction(100 * _worth(own)) / estate for own in each],
    }
    means = {f"{name}_mean": Fraction(sum(found), len(each)) if each else UNKNOWN for name, found in counted.items()}
    most = {f"{name}_most": max(found, default=UNKNOWN) for name, found in counted.items()}
    most["identities"] = len(each)
    known = {(agent, atom.name) for agent, atom in uses}
    if any(_blind(e, known) and 0 <= e.time < ledger.seconds for e in ledger.events):
        # What nobody knows of may have been touched by anybody; nobody touches more than the whole.
        least = most | dict.fromkeys(means, 0)
        whole = dict.fromkeys(("value_mean", "value_most"), 100) if each else {}
        return {name: (value, whole.get(name, UNKNOWN)) for name, value in least.items()}
    return means | most


def _blind(event, known):
    """Whether a call may have touched what is not known to be touched."""
    may = event.kind == "use" and event.decision != "deny"
    return may and (None in (event.agent, event.atom) or (event.agent, event.atom) not in known)


def _worth(atoms):
    """Each group once, by the greatest weight."""
    groups = {atom.group for atom in atoms}
    return sum(max(a.weight * a.resources for a in atoms if a.group == group) for group in groups)
