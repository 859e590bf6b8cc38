"""What a log names, besides its events: who, with which credentials, touching what, needing which authority."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.ingest.observed import Atom, Observed, Party, Resource
from analysis.ingest.source import Source
from analysis.ingest.surrogates import Surrogates, told_apart
from sim.audit.columns import Columns
from sim.audit.ids import PrincipalKind


@dataclass(frozen=True)
class Names:
    """The surrogates of one ingest. Events are numbered in their own order, all else in the order of its names."""

    principal: Surrogates
    credential: Surrogates
    session: Surrogates
    resource: Surrogates
    event: Surrogates
    atom: Mapping[Atom, int]

    def all(self) -> tuple[Surrogates, ...]:
        """What has a name of the source's own."""
        return self.principal, self.credential, self.session, self.resource, self.event


def names(events: Sequence[Observed]) -> Names:
    """Number everything that these events name."""
    issued = (event.issued.name for event in events if event.issued)
    presented = (event.credential.name for event in events if event.credential)
    return Names(
        principal=Surrogates.of("principal", (party.name for party in _parties(events))),
        credential=Surrogates.of("credential", {*issued, *presented}),
        session=Surrogates.of("session", (event.session for event in events)),
        resource=Surrogates.of("resource", (event.resource.name for event in events if event.resource)),
        event=Surrogates("event", {name: n for n, name in enumerate(told_apart(event.id for event in events))}),
        atom={atom: number for number, atom in enumerate(sorted({event.atom for event in events if event.atom}))},
    )


def tables(events: Sequence[Observed], known: Names, source: Source) -> dict[str, Columns]:
    """The dimensions of the workload."""
    parties = _parties(events)
    resources = {event.resource for event in events if event.resource}
    return {
        "principal": _principals(parties, known.principal),
        "membership": _memberships(parties, known.principal),
        "resource": _resources(resources, known.resource, source.log.system),
        "catalogue": _catalogue(resources, known.atom, source),
        "weight": _weights(known.atom, source),
    }


def texts(values: Iterable[str | None]) -> NDArray[Any]:
    """A column of text."""
    return np.array(list(values), dtype=object)


def _parties(events: Sequence[Observed]) -> set[Party]:
    """Everybody who acts, is acted upon, or is the role that one of these runs under."""
    seen = {party for event in events for party in (event.principal, event.target) if party is not None}
    return seen | {Party(party.role, PrincipalKind.ROLE) for party in seen if party.role is not None}


def _principals(parties: Iterable[Party], known: Surrogates) -> Columns:
    # Where one name occurs with two kinds, the first of the enumeration is taken.
    kinds = {party.name: party.kind for party in sorted(parties, key=lambda party: -party.kind)}
    return {
        "id": known.ids(),
        "name": known.names(),
        "kind": texts(kinds[name].name.lower() for name in known.numbers),
    }


def _memberships(parties: Iterable[Party], known: Surrogates) -> Columns:
    pairs = sorted({(party.name, party.role) for party in parties if party.role is not None})
    return {
        "member": known.column([member for member, _ in pairs]),
        "container": known.column([role for _, role in pairs]),
    }


def _resources(resources: Iterable[Resource], known: Surrogates, system: str) -> Columns:
    groups = dict(sorted(((each.name, each.group) for each in resources), reverse=True))
    return {
        "id": known.ids(),
        "name": known.names(),
        "resource_group": texts(groups[name] for name in known.numbers),
        "system": texts(system for _ in known.numbers),
    }


def _catalogue(resources: Iterable[Resource], atoms: Mapping[Atom, int], source: Source) -> Columns:
    """The atoms seen. A group has as many resources as were named in it, and at least the one that was touched."""
    size = Counter(each.group for each in resources)
    return {
        "atom": np.arange(len(atoms)),
        "level": texts(atom.level for atom in atoms),
        "resource_group": texts(atom.group for atom in atoms),
        "system": texts(source.log.system for _ in atoms),
        "verifier": np.zeros(len(atoms), dtype=np.int64),
        "verifier_name": texts(source.log.system for _ in atoms),
        "tier": np.array([source.weight(atom).tier for atom in atoms]),
        "resources": np.array([max(1, size[atom.group]) for atom in atoms]),
    }


def _weights(atoms: Mapping[Atom, int], source: Source) -> Columns:
    weights = [source.weight(atom) for atom in atoms]
    return {
        "atom": np.arange(len(atoms)),
        "sensitivity": np.array([weight.sensitivity for weight in weights]),
        "privilege": np.array([weight.privilege for weight in weights]),
        "weight": np.array([weight.sensitivity * weight.privilege for weight in weights]),
    }
