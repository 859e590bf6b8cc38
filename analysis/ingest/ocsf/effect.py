"""What an event did to a credential, and whose that is."""

from dataclasses import dataclass

from analysis.ingest.observed import Issued, Party
from sim.audit.rows import Kind, Reason


@dataclass(frozen=True, slots=True)
class Effect:
    """Nothing, or one credential given or ended."""

    kind: Kind = Kind.USE
    issued: Issued | None = None
    target: Party | None = None
    reason: Reason | None = None
