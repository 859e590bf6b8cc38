"""The audit log of Vault as a source: what one entry says."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from analysis.ingest.fields import moment, needed, part, text
from analysis.ingest.observed import Atom, Issued, Observed, Weight
from analysis.ingest.outcome import NOTHING, Effect
from analysis.ingest.pieces import Text
from analysis.ingest.reading import Found, Refused
from analysis.ingest.source import Log
from analysis.ingest.strict import Record, RecordError
from analysis.ingest.vault import calls
from analysis.ingest.vault.answers import answer
from analysis.ingest.vault.hashes import named
from analysis.ingest.vault.identity import party, presented, user_agent
from analysis.ingest.vault.tokens import effect, inner
from analysis.ingest.wrappings import Wrappings
from sim.audit.rows import Decision, Kind, Reason

_TYPES: Final = ("request", "response")
_KEYS: Final = frozenset(("client_token", "mount_accessor", "mount_type", "token_type", "remote_address"))
_WRAPPINGS: Final = Wrappings("request")
_STAGES: Final = {"request": 1, "response": 2}


class Vault:
    """HashiCorp Vault, as its file and socket audit devices write it, an entry a line."""

    @property
    def log(self) -> Log:
        """Microseconds, when a request came and when it was answered; who asked, under which token."""
        return Log(
            title="HashiCorp Vault audit",
            signs='JSON records with "type": "request" or "response", and a "request" with its "operation"',
            profile="vault",
            resolution=1,
            meaning="start",
            system="vault",
            platform="vault",
            level="full",
            missing="tasks; what policies allow; uses of the credentials that leases stand for",
            assumptions=calls.LEVELS.declared,
            under=_WRAPPINGS.keys,
        )

    def identify(self, record: Record) -> bool:
        """Whether it has the keys of an entry, and its request has those of a request."""
        request, who = record.get("request"), record.get("auth")
        if not isinstance(request, dict) or text(record, "type") not in _TYPES:
            return False
        return "operation" in request and not _KEYS.isdisjoint((*request, *(who if isinstance(who, dict) else ())))

    def records(self, data: Text) -> Iterator[Found | Refused]:
        """Each entry, also where it is text in the record of a collector."""
        return named(_WRAPPINGS.unwrapped(data))

    def translate(self, record: Record) -> tuple[Observed, ...]:
        """What an entry tells of its request; of a response that wraps a token, that this is there too."""
        request, stage, time = part(record, "request"), _stage(record), moment(record, "time")
        request_id, path = _of(request, "id"), _of(request, "path")
        about = calls.call(request, _of(request, "operation"), path)
        outcome = answer(record, ended=stage == _STAGES["response"], logs_in=about.logs_in)
        done = outcome.decision is Decision.ALLOW and outcome.error is None and stage == _STAGES["response"]
        did = effect(record, about, time) if done else NOTHING
        event = Observed(
            id=request_id,
            time=time,
            kind=did.kind,
            operation=about.operation,
            stage=stage,
            principal=party(part(record, "auth")),
            target=did.target,
            credential=presented(record),
            issued=did.issued,
            atom=about.atom,
            resource=about.touched,
            args=calls.arguments(request, path),
            decision=outcome.decision,
            reason=did.reason or outcome.reason,
            error=outcome.error,
            origin=text(request, "remote_address"),
            user_agent=user_agent(request),
            request_id=request_id,
        )
        within = inner(record, about) if done else None
        more = () if within is None else (_within(event, within),)
        return (event, *more, *_used_up(record, event))

    def weight(self, atom: Atom) -> Weight:
        """What levels.toml declares."""
        return calls.LEVELS.weight(atom)


SOURCE: Final = Vault()


def _within(event: Observed, gave: Effect) -> Observed:
    """The token that lies in a wrapping was given by the same request, as an event of its own."""
    return replace(event, id=f"{event.id} wrapped", stage=None, kind=gave.kind, issued=gave.issued, target=None)


def _used_up(record: Record, event: Observed) -> Iterator[Observed]:
    """A token with a limited number of uses ends with the last, however that is answered."""
    answered, left = event.stage == _STAGES["response"], part(record, "auth").get("remaining_uses")
    if answered and event.credential is not None and type(left) is int and left == 1:
        yield Observed(
            id=f"{event.id} used up",
            time=event.time,
            kind=Kind.REVOKE,
            operation="last use of a token",
            principal=event.principal,
            issued=Issued(event.credential.name, event.credential.kind),
            reason=Reason.DELETED,
            request_id=event.request_id,
        )


def _of(request: Record, name: str) -> str:
    try:
        return needed(request, name)
    except RecordError as error:
        raise RecordError(f"no request.{name}") from error


def _stage(record: Record) -> int:
    said = needed(record, "type")
    if said not in _STAGES:
        raise RecordError(f"type is none of {', '.join(_STAGES)}: {said[:40]!a}")
    return _STAGES[said]
