"""Who acted, in which session, for whom, and with which token or key."""

from dataclasses import dataclass
from typing import Any, Final

from analysis.ingest.fields import flag, text
from analysis.ingest.github_audit.calls import WORDS
from analysis.ingest.instants import SECOND
from analysis.ingest.levels import remembered
from analysis.ingest.observed import Party, Presented
from analysis.ingest.patterns import any_of
from analysis.ingest.strict import Record
from sim.audit.ids import PrincipalKind
from sim.audit.rows import FOREVER, UNKNOWN, CredentialKind

_BOT: Final = "bot"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who an event says acted, and whom it names besides; None where it does not say."""

    party: Party | None
    other: Party | None
    session: str | None
    through: str | None


def caller(record: Record) -> Caller:
    """Read from an event who acted."""
    name, other = text(record, "actor"), text(record, "user")
    session = text(record, "agent_session_id")
    application = text(record, "oauth_application_id")
    return Caller(
        party=_actor(record, name, session),
        other=user(other) if other != name else None,
        session=session,
        through=text(record, "integration")
        or text(record, "application_name")
        or (f"OAuth application {application}" if application else None),
    )


def user(name: str | None) -> Party | None:
    """Somebody who is named by a login."""
    return Party(name, WORDS.party(name)) if name else None


def presented(record: Record, time: int) -> Presented | None:
    """The token or key that somebody authenticated with, and until when it can last at most."""
    digest, number = text(record, "hashed_token"), text(record, "token_id")
    if digest is None and number is None:
        return None
    kind, longest = _lasting(text(record, "programmatic_access_type") or "", text(record, "actor") or "")
    until = longest if longest in (FOREVER, UNKNOWN) else time + longest
    return Presented(digest or f"token id {number}", kind, until=until)


def _actor(record: Record, name: str | None, session: str | None) -> Party | None:
    if name is None:
        return None
    if flag(record, "actor_is_agent"):
        return (
            Party(f"{name} {session}", PrincipalKind.AGENT_INSTANCE, name)
            if session
            else Party(name, PrincipalKind.AGENT)
        )
    return Party(name, WORDS.party(_BOT if flag(record, "actor_is_bot") else name))


@remembered
def _lasting(access: str, actor: str) -> tuple[CredentialKind, int]:
    """What is declared of a type of access: its kind, and for how long after a use it can last, in microseconds."""
    declared: list[dict[str, Any]] = WORDS.declared["access"]
    found = next((each for each in declared if _is_of(each, access, actor)), None)
    if found is None:
        return CredentialKind.UNKNOWN, UNKNOWN
    longest = found.get("longest_s")
    until = UNKNOWN if longest is None else FOREVER if longest == "never" else int(longest) * SECOND
    return CredentialKind[found["kind"].upper()], until


def _is_of(declared: dict[str, Any], access: str, actor: str) -> bool:
    of_type = any_of(declared["types"]).match(access) is not None
    return of_type and ("actors" not in declared or any_of(declared["actors"]).match(actor) is not None)
