"""An audit record: who changed what in the directory, and which keys of applications came or went."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from analysis.ingest.entra.words import WORDS
from analysis.ingest.fields import first_text, needed, part, parts, text
from analysis.ingest.observed import Issued, Observed, Party, Resource
from analysis.ingest.strict import Record
from sim.audit.rows import Binding, CredentialKind, Decision, Kind, Reason

# Microsoft Entra, "Audit activity reference": words, among them dashes. Anything else may be a name.
_ACTIVITY: Final = re.compile(r"[A-Za-z0-9 .,:;()/'_\u2013\u2019-]{1,120}")
_OTHER: Final = "other activity"
_KEYS: Final = "KeyDescription"
_KEY: Final = re.compile(r"KeyIdentifier=([0-9A-Za-z-]+),KeyType=(\w+)")
_SECRET: Final = "Password"
_LONGEST: Final = 80


@dataclass(frozen=True, slots=True)
class Key:
    """A key of an application."""

    name: str
    kind: str

    @property
    def issued(self) -> Issued:
        """As a credential: a password is good for whoever has it; of a certificate nobody knows where its key lies."""
        return Issued(self.name, CredentialKind.STATIC_KEY, binding=Binding.BEARER if self.kind == _SECRET else None)


def audit(record: Record, event_id: str, time: int) -> tuple[Observed, ...]:
    """What an audit record tells: what was done, and each key that came or went by it."""
    activity = needed(record, "activityDisplayName").strip()
    said = activity if _ACTIVITY.fullmatch(activity) else _OTHER
    answer = WORDS.answer(text(record, "result"))
    targets = [each for each in parts(record, "targetResources") if text(each, "id") or text(each, "displayName")]
    atom = WORDS.atom(said, said)
    done = Observed(
        id=event_id,
        time=time,
        kind=Kind.USE,
        operation=said,
        principal=_party(part(record, "initiatedBy")),
        atom=atom,
        resource=Resource(_named(targets[0]), atom.group) if targets else None,
        decision=answer.decision,
        reason=answer.reason,
        error=None if answer.decision is Decision.ALLOW else (text(record, "resultReason") or "")[:_LONGEST] or None,
        origin=text(part(part(record, "initiatedBy"), "user"), "ipAddress") or text(record, "callerIpAddress"),
        user_agent=text(record, "userAgent"),
        request_id=text(record, "correlationId"),
    )
    changed = list(_changed(targets, done)) if answer.decision is Decision.ALLOW else []
    if not changed:
        return (done,)
    # The first key is told by the record itself, each other by an event beside it.
    return tuple(replace(each, id=event_id if n == 0 else f"{event_id} key {n}") for n, each in enumerate(changed))


def _changed(targets: list[Record], done: Observed) -> Iterator[Observed]:
    for target in targets:
        holder = Party(_named(target), WORDS.party("servicePrincipal"))
        for changed in parts(target, "modifiedProperties"):
            if text(changed, "displayName") != _KEYS:
                continue
            before, after = (_keys(text(changed, name)) for name in ("oldValue", "newValue"))
            for key in after:
                if key not in before:
                    yield replace(done, kind=Kind.ISSUE, issued=key.issued, target=holder)
            for key in before:
                if key not in after:
                    yield replace(done, kind=Kind.REVOKE, issued=key.issued, target=holder, reason=Reason.DELETED)


def _keys(shown: str | None) -> list[Key]:
    return [Key(*found) for found in dict.fromkeys(_KEY.findall(shown or ""))]


def _party(by: Record) -> Party | None:
    """Who did it: a user by the object id, else the login; an application by the service principal, else its name."""
    user, app = part(by, "user"), part(by, "app")
    if name := text(user, "id") or text(user, "userPrincipalName"):
        return Party(name, WORDS.party(_agentic(user) or "user"))
    name = first_text(app, "servicePrincipalId", "appId", "displayName", "servicePrincipalName")
    return Party(name, WORDS.party(_agentic(app) or "servicePrincipal")) if name else None


def _agentic(who: Record) -> str | None:
    said = text(who, "agentType")
    return None if said in ("notAgentic", "unknownFutureValue") else said


def _named(target: Record) -> str:
    return text(target, "id") or f"{text(target, 'type') or 'thing'} {text(target, 'displayName')}"
