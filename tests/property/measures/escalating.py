"""What whoever may change permissions could come to hold beside what it holds: a slow second computation."""

from tests.ledgers import NEVER, TWO_JEWELS, Atom, Credential
from tests.property.measures import chance as st
from tests.property.measures.drawn import agent_numbers, ledgers, whole
from tests.property.measures.spans import hours_a_day, validity

# A second group beside money in one system, and somebody who may change permissions on notes.
ESTATE = (
    *TWO_JEWELS,
    Atom("write", "vault", "far", tier=3, resources=2, weight=5),
    Atom("permissions", "notes", "near", tier=1, resources=10, weight=4),
)


@st.composite
def granting(draw):
    """A ledger in which many may change permissions, and hold some of what they could give themselves."""
    some = st.lists(st.sampled_from(ESTATE), min_size=1, max_size=3, unique=True)
    names = some.map(lambda atoms: tuple(atom.name for atom in atoms))
    refused = st.dictionaries(st.sampled_from(("near", "far")), whole, max_size=1)
    held = st.builds(Credential, names, whole, st.one_of(whole, st.just(NEVER)), agent_numbers, refused)
    return draw(ledgers(held)).having(catalogue=ESTATE)


def escalation(ledger):
    """Nothing more at least; at most the weight of all of the group or the system, where it is not held anyway."""
    return {reach: (0, _most(ledger, reach)) for reach in ("group", "system")}


def _most(ledger, reach):
    weighted = 0
    for agent in range(ledger.agents):
        held = {atom.name: _held(ledger, agent, atom) for atom in ledger.catalogue}
        for atom in ledger.catalogue:
            keys = [each for each in ledger.catalogue if each.level == "permissions" and _leads(each, atom, reach)]
            able = set().union(*(held[key.name] for key in keys))
            weighted += atom.weight * len(able - held[atom.name])
    return hours_a_day(weighted, ledger)


def _leads(key, atom, reach):
    """Whether what may change permissions may give an atom."""
    return key.verifier == atom.verifier and (reach == "system" or key.group == atom.group)


def _held(ledger, agent, atom):
    """The half seconds in which an agent holds an atom in some credential."""
    own = [c for c in ledger.credentials if c.agent == agent and atom.name in c.atoms]
    return set().union(*(validity(c, atom.name, ledger) for c in own))
