"""What an action did to credentials: a public key is added or deleted, a fine-grained token gets or loses access."""

from analysis.ingest.fields import text
from analysis.ingest.github_audit.calls import WORDS
from analysis.ingest.github_audit.identity import user
from analysis.ingest.observed import Issued
from analysis.ingest.outcome import NOTHING, Effect
from analysis.ingest.strict import Record
from sim.audit.rows import FOREVER, UNKNOWN, CredentialKind, Kind, Reason


def effect(record: Record, action: str) -> Effect:
    """What an action that was done did."""
    declared = WORDS.declared["keys"].get(action)
    identity = text(record, declared["named"]) if declared else None
    if declared is None or identity is None:
        return NOTHING
    name, holder = f"{declared['what']} {identity}", user(text(record, "user") or text(record, "actor"))
    if declared["ends"]:
        return Effect(Kind.REVOKE, Issued(name, CredentialKind.STATIC_KEY), holder, Reason.DELETED)
    until = FOREVER if declared.get("endless") else UNKNOWN
    return Effect(Kind.ISSUE, Issued(name, CredentialKind.STATIC_KEY, until), holder)
