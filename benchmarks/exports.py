"""A corpus of CloudTrail deliveries as large as asked for: agents that assume a role each hour, and call with it.

Every record is as long as such records are (1.6 kB), a call in fifty is refused, and the events of a delivery in forty
come twice, in another order. Nothing is drawn at random: the same size is the same corpus, to the byte.
"""

import gzip
import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

_START: Final = datetime(2026, 1, 1, tzinfo=UTC)
# Events in a delivery, in a session, and of how many agents.
_DELIVERY: Final = 5_000
_SESSION: Final = 40
_AGENTS: Final = 1_000
_TWICE: Final = 40
_REFUSED: Final = 50
_ACCOUNT: Final = "111122223333"
_CALLS: Final = (
    ("s3", "GetObject", True), ("s3", "PutObject", False), ("dynamodb", "GetItem", True), ("sqs", "SendMessage", False),
    ("secretsmanager", "GetSecretValue", True), ("kms", "Decrypt", True), ("lambda", "Invoke", False),
)  # fmt: skip


def corpus(events: int, folder: Path) -> Path:
    """The folder of deliveries with this many distinct events; it is made unless it is there."""
    into = folder / f"cloudtrail-{events}"
    if not into.exists():
        begun = into.with_suffix(".begun")
        begun.mkdir(parents=True, exist_ok=True)
        for number, first in enumerate(range(0, events, _DELIVERY)):
            calls = range(first, min(first + _DELIVERY, events))
            (begun / f"{number:06}.json.gz").write_bytes(_delivery(calls))
            if number % _TWICE == 0:
                # The second time as another trail has it: the same records, but not the same bytes.
                (begun / f"{number:06}-again.json.gz").write_bytes(_delivery(calls[::-1]))
        begun.rename(into)
    return into


def _delivery(numbers: range) -> bytes:
    """As AWS writes them: on one line, without spaces."""
    text = json.dumps({"Records": [record(number) for number in numbers]}, separators=(",", ":"))
    return gzip.compress(text.encode(), 6, mtime=0)


def record(number: int) -> dict[str, object]:
    """The event with this number: the first of each session is its issue, by the agent's own key."""
    session, step = divmod(number, _SESSION)
    agent = session % _AGENTS
    time = _START + timedelta(seconds=session // _AGENTS * 3600 + agent * 3 + step * 60)
    return _call(number, agent, session, time) if step else _issue(agent, session, time) | _frame(number, time)


def _issue(agent: int, session: int, time: datetime) -> dict[str, object]:
    ends = time + timedelta(hours=1)
    return {
        "userIdentity": {
            "type": "IAMUser", "principalId": f"AIDAEXAMPLE{agent:010}",
            "arn": f"arn:aws:iam::{_ACCOUNT}:user/agent-{agent}",
            "accountId": _ACCOUNT, "accessKeyId": f"AKIAEXAMPLE{agent:09}", "userName": f"agent-{agent}",
        },
        "eventSource": "sts.amazonaws.com", "eventName": "AssumeRole", "readOnly": True,
        "requestParameters": {"roleArn": _role(agent), "roleSessionName": f"run-{session}", "durationSeconds": 3600},
        "responseElements": {
            "credentials": {
                "accessKeyId": _key(session), "sessionToken": "REDACTED" * 40,
                "expiration": f"{ends:%b} {ends.day}, {ends:%Y, %I:%M:%S %p}",
            },
            "assumedRoleUser": {"assumedRoleId": f"AROAEXAMPLE{agent:010}:run-{session}", "arn": _as(agent, session)},
        },
    }  # fmt: skip


def _call(number: int, agent: int, session: int, time: datetime) -> dict[str, object]:
    service, name, reads = _CALLS[number % len(_CALLS)]
    issued = time - timedelta(seconds=number % _SESSION * 60)
    refused = {"errorCode": "AccessDenied", "errorMessage": "not authorized to perform " * 4}
    return {
        "userIdentity": {
            "type": "AssumedRole", "principalId": f"AROAEXAMPLE{agent:010}:run-{session}", "arn": _as(agent, session),
            "accountId": _ACCOUNT, "accessKeyId": _key(session),
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role", "principalId": f"AROAEXAMPLE{agent:010}", "arn": _role(agent),
                    "accountId": _ACCOUNT, "userName": f"role-{agent}",
                },
                "attributes": {"creationDate": f"{issued:%Y-%m-%dT%H:%M:%SZ}", "mfaAuthenticated": "false"},
            },
        },
        "eventSource": f"{service}.amazonaws.com", "eventName": name, "readOnly": reads,
        "requestParameters": {"name": f"resource-{number % 997}", "trace": {"id": _hex("trace", number), "page": 7}},
        "responseElements": None,
        "additionalEventData": {
            "SignatureVersion": "SigV4", "CipherSuite": "TLS_AES_128_GCM_SHA256", "bytesTransferredIn": number % 4096,
            "AuthenticationMethod": "AuthHeader", "x-amz-id-2": _hex("host", number) * 2,
        },
        "resources": [{"accountId": _ACCOUNT, "type": "AWS::Example", "ARN": _touched(service, number)}],
        **(refused if number % _REFUSED == 1 else {}),
        **_frame(number, time),
    }  # fmt: skip


def _frame(number: int, time: datetime) -> dict[str, object]:
    return {
        "eventVersion": "1.11", "eventTime": f"{time:%Y-%m-%dT%H:%M:%SZ}", "awsRegion": "eu-west-1",
        "sourceIPAddress": f"192.0.2.{number % 250}",
        "userAgent": "Boto3/1.40.1 md/Botocore#1.40.1 ua/2.1 os/linux#6.12 md/arch#x86_64 lang/python#3.13.1",
        "requestID": str(UUID(_hex("request", number))), "eventID": str(UUID(_hex("event", number))),
        "eventType": "AwsApiCall", "managementEvent": True, "recipientAccountId": _ACCOUNT,
        "eventCategory": "Management",
        "tlsDetails": {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256"},
        "sharedEventID": str(UUID(_hex("shared", number))), "vpcEndpointId": "vpce-0example",
    }  # fmt: skip


def _hex(what: str, number: int) -> str:
    """As hard to pack as real ids are, and the same each time."""
    return hashlib.blake2b(f"{what} {number}".encode(), digest_size=16).hexdigest()


def _touched(service: str, number: int) -> str:
    return f"arn:aws:{service}:eu-west-1:{_ACCOUNT}:resource-{number % 997}"


def _role(agent: int) -> str:
    return f"arn:aws:iam::{_ACCOUNT}:role/role-{agent}"


def _as(agent: int, session: int) -> str:
    return f"arn:aws:sts::{_ACCOUNT}:assumed-role/role-{agent}/run-{session}"


def _key(session: int) -> str:
    return f"ASIAEXAMPLE{session:09}"
