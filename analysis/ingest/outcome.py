"""What came of what somebody did: how it was answered, and what it did to a credential."""

from dataclasses import dataclass
from typing import Final

from analysis.ingest.observed import Issued, Party
from sim.audit.rows import Decision, Kind, Reason


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a request was answered, and the error that was told with it.

    `decision` is None where nobody has decided or the log does not say, `reason` where no reason is told.
    """

    decision: Decision | None = None
    reason: Reason | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """A credential that was issued or ended, and whose it is; nothing of the kind unless said otherwise."""

    kind: Kind = Kind.USE
    issued: Issued | None = None
    target: Party | None = None
    reason: Reason | None = None


NOTHING: Final = Effect()
