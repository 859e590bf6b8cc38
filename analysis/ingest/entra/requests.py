"""A request to Microsoft Graph: who asked for what, with which token, and how that was answered."""

import re
from typing import Final

from analysis.ingest.entra.words import WORDS
from analysis.ingest.fields import needed, readable_moment, text
from analysis.ingest.instants import HOUR
from analysis.ingest.observed import Observed, Party, Presented, Resource
from analysis.ingest.strict import Record, RecordError
from sim.audit.rows import UNKNOWN, CredentialKind, Decision, Kind

_VERSION: Final = ("v1.0", "beta")
_METHOD: Final = re.compile(r"[A-Z]{3,10}")
# A part of a path that is no plain word is a name or an id.
_WORD: Final = re.compile(r"[a-z.$]+")


def request(record: Record, event_id: str, time: int) -> Observed:
    """What a request tells.

    Raises:
        RecordError: it does not say what was asked for.
    """
    method, path = needed(record, "requestMethod"), _path(needed(record, "requestUri"))
    if _METHOD.fullmatch(method) is None:
        raise RecordError(f"requestMethod is no method: {method[:40]!a}")
    thing = " ".join(("graph", "/".join(part if _WORD.fullmatch(part) else "{id}" for part in path)))
    atom = WORDS.atom(f"{method} {thing}", thing)
    code = text(record, "responseStatusCode")
    answer = WORDS.answer(None if code is None else f"status {code}")
    failed = answer.decision is not Decision.ALLOW or (code or "").startswith("4")
    return Observed(
        id=event_id,
        time=time,
        kind=Kind.USE,
        operation=f"{method} graph {_known(path)}",
        principal=_party(record),
        credential=_token(record),
        session=text(record, "sessionId"),
        atom=atom,
        resource=Resource(f"graph/{'/'.join(path)}", atom.group),
        decision=answer.decision,
        reason=answer.reason,
        error=code if failed else None,
        origin=text(record, "ipAddress") or text(record, "callerIpAddress"),
        user_agent=text(record, "userAgent"),
        request_id=event_id,
        invoked_by=text(record, "appId"),
    )


def _path(uri: str) -> list[str]:
    """The parts of a path, without the version of the interface and without what is looked for."""
    plain = uri.partition("?")[0].partition("://")[2].partition("/")[2] or uri.partition("?")[0]
    parts = [each for each in plain.lower().split("/") if each]
    return parts[1:] if parts and parts[0] in _VERSION else parts


def _known(path: list[str]) -> str:
    """The first part, if it is one of those that Graph has; else what somebody wrote there may be a name."""
    first = path[0] if path else ""
    return first if first in WORDS.declared["graph"]["paths"] else "other"


def _party(record: Record) -> Party | None:
    if user := text(record, "userId"):
        return Party(user, WORDS.party("user"))
    principal = text(record, "servicePrincipalId") or text(record, "appId")
    return Party(principal, WORDS.party("servicePrincipal")) if principal else None


def _token(record: Record) -> Presented | None:
    """The token by the id that its sign-in has, since when it was issued, and for as long as any can last."""
    name = text(record, "signInActivityId")
    if name is None:
        return None
    since = readable_moment(record, "tokenIssuedAt")
    if since == UNKNOWN:
        return Presented(name, CredentialKind.SESSION_TOKEN)
    longest = WORDS.declared["tokens"]["longest_hours"] * HOUR
    return Presented(name, CredentialKind.SESSION_TOKEN, since, since + longest)
