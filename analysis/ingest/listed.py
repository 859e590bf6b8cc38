"""A snapshot lists what was there when it was taken: who might act, by which policies, within which, with which keys.

A log tells of what happened, a snapshot of what stands. Of a thing listed is known that it was there at the instant of
the snapshot. Since when it had been there the list may say; for how long it was there afterwards it cannot.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol, runtime_checkable

from analysis.ingest.columns import texts, times, words
from analysis.ingest.observed import Atom
from analysis.ingest.source import Source
from analysis.ingest.strict import Record
from sim.audit.columns import Columns
from sim.audit.ids import PrincipalKind
from sim.audit.rows import UNKNOWN, CredentialKind

# The name of whoever is trusted, where everybody is.
ANYBODY: Final = "*"
_PLAIN: Final = ("what", "name", "account", "says", "within", "holder", "certain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One thing that a snapshot lists; times in microseconds UTC.

    * `policy`: `name` says what `says` holds, in a form of its source that has no names in it
    * `identity`: `name`, of a `kind`, may do what its `policies` and those of its `groups` say, `within` a boundary
    * `credential`: `name`, of a `credential` kind, is `holder`'s
    * `trust`: `holder` may become `name`; `certain` where nothing else stands in between
    * `taken`: nothing but when, by `latest`; and, where it is a list of credentials, that it tells of those of `name`
    * `part`: nothing but that it does not tell of all of a `credential` kind that are `name`'s

    `since` is when it was made, or at the latest, and `earliest` when at the earliest; `used` when it was last used,
    UNKNOWN for never; `latest` the latest instant that is mentioned beside it, so that the snapshot was not taken
    before. `account` is where it lies.
    """

    what: Literal["policy", "identity", "credential", "trust", "taken", "part"]
    name: str
    latest: int = UNKNOWN
    since: int = UNKNOWN
    earliest: int = UNKNOWN
    used: int = UNKNOWN
    account: str | None = None
    kind: PrincipalKind | None = None
    says: str | None = None
    policies: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    within: str | None = None
    holder: str | None = None
    credential: CredentialKind | None = None
    certain: bool = False


def listing(listed: Sequence[Listed]) -> Columns:
    """The columns of `listed` in the workbench, but the file."""
    return {
        **{name: texts(getattr(each, name) for each in listed) for name in _PLAIN},
        **{name: times(getattr(each, name) for each in listed) for name in ("since", "earliest", "used", "latest")},
        **{name: texts(json.dumps(getattr(each, name)) for each in listed) for name in ("policies", "groups")},
        **{name: words(getattr(each, name) for each in listed) for name in ("kind", "credential")},
    }


@dataclass(frozen=True, slots=True)
class Holding:
    """What an identity holds: each atom at most, and whether for certain."""

    name: str
    atoms: Mapping[Atom, bool]


@dataclass(frozen=True, slots=True)
class Reach:
    """That an identity may become another, for certain or perhaps."""

    name: str
    other: str
    certain: bool


@runtime_checkable
class Snapshot(Source, Protocol):
    """A kind of export that lists what stands; its records may tell of events besides."""

    @property
    def lag(self) -> int:
        """Microseconds that may pass until a use is told."""

    def listed(self, record: Record) -> Sequence[Listed]:
        """What a record lists.

        Raises:
            RecordError: it cannot be understood.
        """

    def watches(self, operation: str) -> bool:
        """Whether a log that tells of this call would tell of one that changes what identities hold."""

    def changes(self, operation: str) -> bool:
        """Whether a call that a log names so may change what identities hold."""

    def authority(self, listed: Sequence[Listed]) -> tuple[Sequence[Holding], Sequence[Reach]]:
        """What the identities of a list hold, and whom they may become, all policies taken together."""
