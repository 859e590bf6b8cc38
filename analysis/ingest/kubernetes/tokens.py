"""Service accounts are given tokens: for a time, by a request of their own, or for good, in a secret."""

from typing import Final

from analysis.ingest.fields import part, readable_moment, text
from analysis.ingest.instants import SECOND
from analysis.ingest.kubernetes.calls import Call, body, is_trial
from analysis.ingest.kubernetes.identity import account, in_secret
from analysis.ingest.observed import Issued
from analysis.ingest.outcome import NOTHING, Effect
from analysis.ingest.strict import Record
from sim.audit.rows import FOREVER, Binding, CredentialKind, Kind, Resolution

_ISSUED: Final = "authentication.kubernetes.io/issued-credential-id"
_IN_SECRET: Final = "kubernetes.io/service-account-token"
_OF_ACCOUNT: Final = "kubernetes.io/service-account.name"
# The token of every pod is asked for with this many seconds. The API server states that end, but makes the token last
# for a year unless it is told not to (kube-apiserver --service-account-extend-token-expiration).
_EXTENDED: Final = 3607
_YEAR: Final = 365 * 86_400 * SECOND


def effect(record: Record, about: Call, time: int) -> Effect:
    """What a request that was let in gave to a service account; nothing on trial."""
    if about.verb != "create" or about.namespace is None or is_trial(record):
        return NOTHING
    if (about.resource, about.subresource) == ("serviceaccounts", "token"):
        return _requested(record, about.namespace, about.name, time)
    return _kept(record, about.namespace, about.name) if about.thing == "secrets" else NOTHING


def _requested(record: Record, namespace: str, name: str | None, time: int) -> Effect:
    """A token made for the caller, in whose audiences it is good."""
    known = text(part(record, "annotations"), _ISSUED) or f"issued in {text(record, 'auditID')}"
    issued = Issued(
        known, CredentialKind.SESSION_TOKEN, _end(record, time), Resolution.LOOKED_UP, binding=Binding.AUDIENCE
    )
    return Effect(Kind.ISSUE, issued, account(namespace, name) if name else None)


def _end(record: Record, time: int) -> int:
    """Until when it is accepted at most."""
    response = body(record, "responseObject")
    told = readable_moment(part(response, "status"), "expirationTimestamp")
    specs = [part(each, "spec") for each in (body(record, "requestObject"), response)]
    seconds, bound = ([each.get(name) for each in specs] for name in ("expirationSeconds", "boundObjectRef"))
    if _EXTENDED in seconds and any(isinstance(each, dict) and each.get("kind") == "Pod" for each in bound):
        return time + _YEAR
    return told


def _kept(record: Record, namespace: str, name: str | None) -> Effect:
    """A secret that holds a token, which never ends."""
    secret = body(record, "responseObject") or body(record, "requestObject")
    if name is None or text(secret, "type") != _IN_SECRET:
        return NOTHING
    owner = text(part(part(secret, "metadata"), "annotations"), _OF_ACCOUNT)
    known = in_secret(namespace, name)
    issued = Issued(known, CredentialKind.STATIC_KEY, FOREVER, Resolution.LOOKED_UP, binding=Binding.BEARER)
    return Effect(Kind.ISSUE, issued, account(namespace, owner) if owner else None)
