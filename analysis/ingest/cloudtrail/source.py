"""CloudTrail as a source: what one record says."""

from collections.abc import Iterator
from typing import Final

from analysis.ingest import aws
from analysis.ingest.cloudtrail import calls, columns, forms, many
from analysis.ingest.cloudtrail.answers import answer
from analysis.ingest.cloudtrail.declared import declared
from analysis.ingest.cloudtrail.envelope import is_empty
from analysis.ingest.cloudtrail.identity import Caller, caller
from analysis.ingest.fields import hashed, moment, needed, part, readable_moment, text
from analysis.ingest.many import Batch
from analysis.ingest.observed import Atom, Issued, Observed, Party, Weight
from analysis.ingest.outcome import NOTHING, Effect
from analysis.ingest.pieces import Text
from analysis.ingest.reading import Found, Page, Refused, Remark
from analysis.ingest.source import Log
from analysis.ingest.strict import Record
from sim.audit.ids import PrincipalKind
from sim.audit.rows import FOREVER, CredentialKind, Kind, Resolution


class CloudTrail:
    """AWS CloudTrail, as it is delivered, looked up or queried."""

    @property
    def log(self) -> Log:
        """Whole seconds, at completion; who called under which key, and what was issued until when."""
        return Log(
            title="AWS CloudTrail",
            signs='JSON records or CSV with "eventTime", "eventSource" and "eventName", or a column of whole events',
            profile="cloudtrail",
            resolution=1_000_000,
            meaning="completion",
            system="aws",
            platform="aws_sts",
            level="full",
            missing="tasks; what a credential allows, unless IAM lies beside it; keys ended by a policy or a role; "
            "whether that was used of which there are data events",
            assumptions=declared(),
            joins="aws",
            by_choice=tuple(declared()["by_choice"]["atoms"]),
            under=forms.UNDER,
            columns=(*columns.columns()["fields"], *columns.columns()["whole"]),
        )

    def identify(self, record: Record) -> bool:
        """Whether it is an event, a row of a table of events, or a delivery or a page without any."""
        return columns.tells(record) or is_empty(record)

    def records(self, data: Text) -> Iterator[Found | Refused | Remark | Page]:
        """Each event, in whatever form it lies there."""
        return forms.events(data)

    def batches(self, data: Text) -> list[Batch | Found]:
        """The events of a delivery as CloudTrail writes it, most of them at once."""
        return many.batches(data)

    def translate(self, record: Record) -> tuple[Observed]:
        """One call."""
        event_id, time = needed(record, "eventID"), moment(record, "eventTime")
        service, operation = needed(record, "eventSource").removesuffix(".amazonaws.com"), needed(record, "eventName")
        who = caller(record)
        error = text(record, "errorCode") or text(record, "errorMessage")
        outcome = answer(error)
        atom = calls.atom(record, service, operation)
        did = NOTHING if error else _effect(record, service, operation, who)
        call = Observed(
            id=event_id,
            stage=0,
            time=time,
            kind=did.kind,
            operation=f"{service}:{operation}",
            principal=who.party,
            target=did.target,
            credential=who.credential,
            issued=did.issued,
            session=who.session,
            atom=atom,
            resource=calls.resource(record, service, atom),
            args=hashed(record.get("requestParameters")),
            decision=outcome.decision,
            reason=did.reason or outcome.reason,
            error=error,
            origin=text(record, "sourceIPAddress"),
            user_agent=text(record, "userAgent"),
            request_id=text(record, "requestID"),
            invoked_by=who.invoked_by,
        )
        return (call,)

    def weight(self, atom: Atom) -> Weight:
        """What levels.toml declares."""
        return calls.weight(atom)


SOURCE: Final = CloudTrail()


def _effect(record: Record, service: str, operation: str, who: Caller) -> Effect:
    """What a call that succeeded did to credentials."""
    if service == "sts":
        return _session(record, operation, who)
    if service == "iam" and operation == "CreateAccessKey":
        return _created(record, who)
    if service == "iam" and operation in ("DeleteAccessKey", "UpdateAccessKey"):
        return _switched(record, operation, who)
    return NOTHING


def _session(record: Record, operation: str, who: Caller) -> Effect:
    """A session of another identity, or another credential of the caller's own."""
    response = part(record, "responseElements")
    credentials = part(response, "credentials")
    key = text(credentials, "accessKeyId")
    if key is None:
        return NOTHING
    until = readable_moment(credentials, "expiration")
    issued = Issued(key, CredentialKind.SESSION_TOKEN, until, _resolved(record, operation))
    if operation == "GetSessionToken":
        return Effect(Kind.ISSUE, issued, who.party)
    return Effect(Kind.ASSUME, issued, _assumed(record, response))


def _resolved(record: Record, operation: str) -> Resolution:
    """When it is settled what a session may do: what its identity may is looked up, a policy passed along is baked in.

    A session of `GetSessionToken` takes no policy, but may not do all that its user may; one that is federated may do
    nothing without.
    """
    parameters = part(record, "requestParameters")
    passed = any(parameters.get(name) for name in ("policy", "policyArns"))
    plain = operation.startswith("AssumeRole") and not passed and bool(parameters)
    return Resolution.LOOKED_UP if plain else Resolution.BOTH


def _assumed(record: Record, response: Record) -> Party | None:
    """Who the caller became."""
    arn = text(part(response, "assumedRoleUser"), "arn") or text(part(response, "federatedUser"), "arn")
    role = text(part(record, "requestParameters"), "roleArn")
    return Party(arn, PrincipalKind.AGENT_INSTANCE, role) if arn else None


def _created(record: Record, who: Caller) -> Effect:
    created = part(part(record, "responseElements"), "accessKey")
    key = text(created, "accessKeyId")
    if key is None:
        return NOTHING
    issued = Issued(key, CredentialKind.STATIC_KEY, FOREVER, Resolution.LOOKED_UP)
    return Effect(Kind.ISSUE, issued, _user(record, text(created, "userName"), who))


def _switched(record: Record, operation: str, who: Caller) -> Effect:
    parameters = part(record, "requestParameters")
    key = text(parameters, "accessKeyId")
    if key is None:
        return NOTHING
    status = text(parameters, "status") if operation == "UpdateAccessKey" else aws.INACTIVE
    return aws.switched(key, status, _user(record, text(parameters, "userName"), who))


def _user(record: Record, name: str | None, who: Caller) -> Party | None:
    """The user whose key it is: the one named, which the record does not give as an ARN, else the caller."""
    if name is None:
        return who.party
    account = text(record, "recipientAccountId") or text(part(record, "userIdentity"), "accountId")
    return aws.user(name, account, who.party.name if who.party else None)
