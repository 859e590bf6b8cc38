"""Kinds of export that name the same people and things alike are told as one run: what was done, and what was held.

A family is joined by names alone: an ARN is one identity wherever it is told, an access key id one key. That is sound
where a provider's names are its own, as AWS' are; so each source says with whom it joins (`Log.joins`), and most with
nobody. A log gives the events; a snapshot adds what stood, and events of its own only where there is no log.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.ingest.listed import Snapshot
from analysis.ingest.source import Source


@dataclass(frozen=True, slots=True)
class Family:
    """The kinds of export that become one run, by name; the run is seen as of `source`, a log if there is any."""

    names: tuple[str, ...]
    source: Source
    snapshots: Mapping[str, Snapshot]

    @property
    def name(self) -> str:
        """All of them."""
        return " + ".join(self.names)

    @property
    def logs(self) -> tuple[str, ...]:
        """Those that are no snapshots."""
        return tuple(name for name in self.names if name not in self.snapshots)

    @property
    def title(self) -> str:
        """What all of them are."""
        others = (each.log.title for each in self.snapshots.values() if each is not self.source)
        return " and ".join([self.source.log.title, *others])

    @property
    def beside(self) -> bool:
        """Whether a snapshot lies beside a log."""
        return 0 < len(self.snapshots) < len(self.names)


def families(known: Mapping[str, Source], there: Iterable[str]) -> list[Family]:
    """The families of the kinds of export that are there, in the order of these."""
    members: dict[str, list[str]] = {}
    for name in there:
        members.setdefault(known[name].log.joins or f"{name} alone", []).append(name)
    return [_family(known, names) for names in members.values()]


def _family(known: Mapping[str, Source], names: list[str]) -> Family:
    snapshots = {name: source for name in names if isinstance(source := known[name], Snapshot)}
    ordered = sorted(names, key=lambda name: name in snapshots)
    return Family(tuple(ordered), known[ordered[0]], snapshots)
