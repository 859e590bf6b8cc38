"""What a log shows of crown jewels: who changed them, in how many calls, and with what that was valid until when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import duckdb

from analysis.report.asking import Answer, ask
from analysis.report.legible import counted, listed
from analysis.report.terms import called, credentials

_ONLY: Final = "the only identity"


@dataclass(frozen=True)
class Changes:
    """Accepted calls that changed crown jewels: by whom, and with which credentials of identities that hold some."""

    by: tuple[Answer, ...]
    credentials: tuple[Answer, ...]

    @property
    def identities(self) -> list[Answer]:
        """Those for whom access is measured."""
        return [each for each in self.by if each["holds"]]

    @property
    def calls_of_others(self) -> int:
        """Calls of those who name no credential, AWS services among them."""
        return sum(each["calls"] for each in self.by if not each["holds"])


def changes(connection: duckdb.DuckDBPyConnection) -> Changes:
    """What the log of this connection shows."""
    return Changes(tuple(ask(connection, "observed_changes")), tuple(ask(connection, "observed_change_credentials")))


def told(found: Changes, of: int) -> str:
    """Who changed crown jewels, in how many calls, with what, and until when that would have been valid at most.

    Args:
        of: how many identities there are.
    """
    who = found.identities
    if not who:
        return f"{_none(of)} to change a crown jewel"
    names, calls = called([each["name"] for each in who]), counted(sum(each["calls"] for each in who), "call")
    those = f"{len(who):,} of {of:,} identities" if len(who) < of else f"all {of:,} identities" if of > 1 else _ONLY
    return f"{those} changed crown jewels: {names}, in {calls}{_with(found)}"


def _none(of: int) -> str:
    if of > 1:
        return f"none of {of:,} identities was seen"
    return f"{_ONLY} was not seen" if of else "nobody was seen"


def declared(assumptions: Mapping[str, object]) -> str:
    """What was declared to be a crown jewel, in a sentence; nothing where nothing was."""
    tiers = assumptions.get("tiers")
    named = tiers.get("tier_3") if isinstance(tiers, dict) else None
    if not isinstance(named, list) or not named:
        return ""
    return f"Crown jewels are write and permissions calls to {listed([str(name) for name in named])}, by declaration."


def _with(found: Changes) -> str:
    """With what: kinds, and the latest end of any."""
    kinds = [credentials(each["credentials"], each["kind"]) for each in found.credentials]
    if not kinds:
        return " without a credential that the log names"
    return f" with {listed(kinds)}{_valid(found.credentials)}"


def _valid(kinds: Sequence[Answer]) -> str:
    total, endless = (sum(each[key] for each in kinds) for key in ("credentials", "without_end"))
    ends = [each["until"] for each in kinds if each["until"] is not None]
    until = f"valid until {max(ends):%Y-%m-%d %H:%M} UTC at the latest" if ends else ""
    if not endless:
        return f", {until}"
    if endless == total:
        return " for which the log shows no end"
    return f", {endless:,} without an end in the log, the {'other' if total - endless == 1 else 'others'} {until}"
