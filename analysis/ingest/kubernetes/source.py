"""The Kubernetes audit log as a source: what one record says."""

import re
from collections.abc import Iterator
from typing import Final

from analysis.ingest.fields import first_text, moment, needed, optional_moment, text
from analysis.ingest.kubernetes import calls
from analysis.ingest.kubernetes.answers import answer
from analysis.ingest.kubernetes.identity import caller
from analysis.ingest.kubernetes.tokens import effect
from analysis.ingest.observed import Atom, Observed, Weight
from analysis.ingest.outcome import NOTHING
from analysis.ingest.pieces import Text
from analysis.ingest.reading import Found, Refused
from analysis.ingest.source import Log
from analysis.ingest.strict import Record, RecordError
from analysis.ingest.wrappings import OF, Wrappings
from sim.audit.rows import UNKNOWN, Decision

_AS_TEXT: Final = re.compile(r'\{"kind":"Event","apiVersion":"audit\.k8s\.io/')
_OF_EKS: Final = re.compile(r"/aws/eks/[^/]+/cluster")
_AUDIT_OF_AKS: Final = ("kube-audit", "kube-audit-admin")

_OWN: Final = "auditID"
_STAGES: Final = {"RequestReceived": 1, "ResponseStarted": 2, "ResponseComplete": 3, "Panic": 4}
_RECEIVED: Final = 1
# At these it is not over yet, or that is not told.
_OPEN: Final = (None, 1, 2)
# Before audit.k8s.io/v1 there was only the one, in whole seconds.
_TIMES: Final = ("requestReceivedTimestamp", "timestamp", "stageTimestamp")


def _of_another_log(record: Record) -> bool:
    """Whether it is of another log of the control plane, beside which EKS and AKS put this, or says the way is open."""
    stream = first_text(record, *OF)
    return _OWN not in record and stream is not None and "audit" not in stream


_WRAPPINGS: Final = Wrappings(_OWN, another=_of_another_log)


class Kubernetes:
    """Kubernetes audit events, a record a line, in lists, or as text in records of EKS and AKS."""

    @property
    def log(self) -> Log:
        """Microseconds, when the request reached the API server; who asked as whom, and how it was answered."""
        return Log(
            title="Kubernetes audit",
            signs='JSON records with "apiVersion": "audit.k8s.io/..."',
            profile="kubernetes",
            resolution=1,
            meaning="received",
            system="kubernetes",
            platform="kubernetes",
            level="full",
            missing="tasks; what a role allows; what the audit policy leaves out; tokens ended with their pod",
            assumptions=calls.LEVELS.declared,
            under=_WRAPPINGS.keys,
        )

    def identify(self, record: Record) -> bool:
        """Whether it is an event or a list of them, or hands on those of a control plane."""
        if (text(record, "apiVersion") or "").startswith("audit.k8s.io/"):
            return True
        within = record.get("properties")
        held = text(within if isinstance(within, dict) else record, "log") or ""
        of_aks = text(record, "category") in _AUDIT_OF_AKS and _AS_TEXT.match(held) is not None
        return of_aks or _OF_EKS.fullmatch(text(record, "logGroup") or "") is not None

    def records(self, data: Text) -> Iterator[Found | Refused]:
        """Each event, whatever it lies in."""
        return _WRAPPINGS.unwrapped(data)

    def translate(self, record: Record) -> tuple[Observed, ...]:
        """What one stage of a request tells; of other logs nothing."""
        if _of_another_log(record):
            return ()
        audit_id, stage, time = needed(record, _OWN), _stage(record), moment(record, *_TIMES)
        about, who, outcome = calls.call(record, needed(record, "verb")), caller(record), answer(record)
        done = outcome.decision is Decision.ALLOW and outcome.error is None and stage != _RECEIVED
        did = effect(record, about, time) if done else NOTHING
        event = Observed(
            id=audit_id,
            time=time,
            kind=did.kind,
            operation=about.operation,
            stage=stage,
            principal=who.party,
            target=did.target or who.impersonated,
            credential=who.credential,
            issued=did.issued,
            session=who.session,
            atom=about.atom,
            resource=about.touched,
            duration=_duration(record, stage, time),
            args=calls.arguments(record, about),
            decision=outcome.decision,
            reason=outcome.reason,
            error=outcome.error,
            origin=_origin(record),
            user_agent=text(record, "userAgent"),
            request_id=audit_id,
        )
        return (event,)

    def weight(self, atom: Atom) -> Weight:
        """What levels.toml declares."""
        return calls.LEVELS.weight(atom)


SOURCE: Final = Kubernetes()


def _stage(record: Record) -> int | None:
    """Which stage of the request this is; None where the record does not say."""
    said = text(record, "stage")
    if said is not None and said not in _STAGES:
        raise RecordError(f"stage is none of {', '.join(_STAGES)}: {said[:40]!a}")
    return _STAGES[said] if said else None


def _duration(record: Record, stage: int | None, received: int) -> int:
    """From the request to the end of its response; UNKNOWN where it goes on, or where both times are not told."""
    if stage in _OPEN or not text(record, _TIMES[0]):
        return UNKNOWN
    reached = optional_moment(record, "stageTimestamp")
    return UNKNOWN if reached == UNKNOWN or reached < received else reached - received


def _origin(record: Record) -> str | None:
    """The address that the API server saw; those before it are what the client says."""
    addresses = record.get("sourceIPs")
    last = addresses[-1] if isinstance(addresses, list) and addresses else None
    return last if isinstance(last, str) and last else None
