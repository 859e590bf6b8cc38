"""What a call to AWS gave or ended stands in what it asked and what was answered, which OCSF carries as it was.

As CloudTrail has it (`cloudtrail`): a session is somebody else's, except that of GetSessionToken; a user that is named
without its ARN is taken to be in the caller's account, with the default path.
"""

from typing import Final

from analysis.ingest.aws import INACTIVE, switched, user
from analysis.ingest.fields import part, readable_moment, text
from analysis.ingest.observed import Issued, Party
from analysis.ingest.ocsf.calls import body
from analysis.ingest.outcome import Effect
from analysis.ingest.strict import Record
from sim.audit.ids import PrincipalKind
from sim.audit.rows import FOREVER, CredentialKind, Kind

SERVICES: Final = ("sts.amazonaws.com", "iam.amazonaws.com")
_OWN: Final = "GetSessionToken"


def given(record: Record, operation: str) -> Effect | None:
    """What a call that was let in did to a credential, if it says."""
    answer, asked = body(record, "response"), body(record, "request")
    if key := text(part(answer, "credentials"), "accessKeyId"):
        return _session(record, answer, asked, operation, key)
    if key := text(part(answer, "accessKey"), "accessKeyId"):
        issued = Issued(key, CredentialKind.STATIC_KEY, FOREVER)
        return Effect(Kind.ISSUE, issued, _user(record, text(part(answer, "accessKey"), "userName")))
    key = text(asked, "accessKeyId")
    if key is None or operation not in ("DeleteAccessKey", "UpdateAccessKey"):
        return None
    status = text(asked, "status") if operation == "UpdateAccessKey" else INACTIVE
    return switched(key, status, _user(record, text(asked, "userName")))


def _session(record: Record, answer: Record, asked: Record, operation: str, key: str) -> Effect:
    until = readable_moment(part(answer, "credentials"), "expiration")
    issued = Issued(key, CredentialKind.SESSION_TOKEN, until)
    if operation == _OWN:
        return Effect(Kind.ISSUE, issued, _user(record, None))
    arn = text(part(answer, "assumedRoleUser"), "arn") or text(part(answer, "federatedUser"), "arn")
    become = Party(arn, PrincipalKind.AGENT_INSTANCE, text(asked, "roleArn")) if arn else None
    return Effect(Kind.ASSUME, issued, become)


def _user(record: Record, name: str | None) -> Party | None:
    """The user whose key it is: the one named, else the caller."""
    caller = part(part(record, "actor"), "user")
    arn, account = text(caller, "uid"), text(part(caller, "account"), "uid")
    if name is None:
        return Party(arn, PrincipalKind.SERVICE) if arn else None
    return user(name, account, arn)
