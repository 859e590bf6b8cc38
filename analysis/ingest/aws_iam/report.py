"""The credential report: a row a user with its password and up to two access keys, which it does not name.

`TRUE` is a key that works: `FALSE` stands for one that is switched off as for none. When a key was last used says the
first use of each quarter of an hour, and not whether the call was let through. What somebody never did, has not, or AWS
does not keep is `N/A`, `no_information`, `not_supported` or empty. A report is of one account, and has a row for each
user: where several lie in one file, the first is read.

Source: IAM User Guide, "Generate credential reports for your AWS account".
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from analysis.ingest import sheets
from analysis.ingest.aws_iam.trusts import account
from analysis.ingest.fields import flag, moment, needed, optional_moment, text
from analysis.ingest.listed import Listed
from analysis.ingest.observed import Observed, Party, Presented
from analysis.ingest.pieces import Text
from analysis.ingest.reading import Found, Refused
from analysis.ingest.strict import Record, RecordError
from sim.audit.ids import PrincipalKind
from sim.audit.rows import FOREVER, UNKNOWN, CredentialKind, Decision, Kind, Resolution

HEADER: Final = "user,arn,user_creation_time"
# Beside the columns: when the report was made, where what holds it says so.
_MADE: Final = "report generated"
_NOTHING: Final = ("N/A", "no_information", "not_supported", "")
_ROOT: Final = "<root_account>"
_ANOTHER: Final = "a row of another report than the rows before: put each report into a file of its own"
# The columns that say which credentials of a kind work.
_SWITCHES: Final = {
    CredentialKind.UNKNOWN: ("password_enabled",),
    CredentialKind.STATIC_KEY: ("access_key_1_active", "access_key_2_active"),
}
# Of the columns that are times, those of what has been.
_PAST: Final = (
    "user_creation_time", "password_last_used", "password_last_changed", "access_key_1_last_rotated",
    "access_key_1_last_used_date", "access_key_2_last_rotated", "access_key_2_last_used_date",
    "cert_1_last_rotated", "cert_2_last_rotated", _MADE,
)  # fmt: skip


def rows(written: Text, made: str | None = None) -> Iterator[Found | Refused]:
    """Each row of a report."""
    under = sheets.header(written, lambda names: ",".join(names).startswith(HEADER))
    if under is None:
        yield Refused(0, "no header of a credential report, or one that names a column twice")
        return
    known, over = dict[tuple[str, str], Record](), False
    for row in sheets.rows(written, under):
        if isinstance(row, Refused):
            yield row
            continue
        told: Record = {name: cell for name, cell in row.record.items() if cell not in _NOTHING}
        whose = str(told.get("user")), str(told.get("arn"))
        before = known.setdefault(whose, told)
        over = over or before != told
        if over or before is not told or account(whose[1]) != account(next(iter(known))[1]):
            yield Refused(row.position, _ANOTHER)
        else:
            yield replace(row, record=told | ({_MADE: made} if made else {}))


def wrapped(document: Record) -> Iterator[Found | Refused]:
    """Each row of a report as the interface hands it out: Base64 in an object, with when it was made."""
    try:
        written = base64.b64decode(needed(document, "Content"), validate=True)
    except (binascii.Error, RecordError) as error:
        yield Refused(0, f"Content is no report in Base64: {error}")
    else:
        yield from rows(written, text(document, "GeneratedTime"))


def holders(record: Record) -> Iterator[Listed]:
    """What a row lists: passwords and keys that work, and the root of the account, which may do anything."""
    arn, kind = needed(record, "arn"), _kind(record)
    made, until = moment(record, "user_creation_time"), max(optional_moment(record, name) for name in _PAST)
    if kind is PrincipalKind.SHARED_ACCOUNT:
        yield Listed(what="identity", name=arn, kind=kind, since=made, account=account(arn))
    yield Listed(what="taken", name=arn, since=made, latest=until, account=account(arn))
    for each in _credentials(record, arn):
        # Nobody has a key before he is there.
        yield replace(each, holder=arn, kind=kind, earliest=made, account=account(arn))
    for what, columns in _SWITCHES.items():
        if not all(each in record for each in columns):
            yield Listed(what="part", name=arn, credential=what, account=account(arn))


def last_uses(record: Record) -> Iterator[Observed]:
    """When a password and keys were used last."""
    arn = needed(record, "arn")
    works = {each.name for each in _credentials(record, arn)}
    for name, credential, column, what in (
        (_password(arn), CredentialKind.UNKNOWN, "password_last_used", "sign in"),
        *((_key(arn, n), CredentialKind.STATIC_KEY, f"access_key_{n}_last_used_date", None) for n in (1, 2)),
    ):
        time = optional_moment(record, column)
        if time != UNKNOWN:
            yield Observed(
                id=f"{name} last used {time}",
                time=time,
                kind=Kind.USE,
                operation=what or text(record, column.replace("date", "service")) or "access key last used",
                principal=Party(arn, _kind(record)),
                credential=Presented(name, credential, until=FOREVER, resolved=Resolution.LOOKED_UP)
                if name in works
                else None,
                decision=Decision.ALLOW if what else None,
            )


def _credentials(record: Record, arn: str) -> Iterator[Listed]:
    """What works: since when at the latest, and when it was last used."""
    if flag(record, "password_enabled"):
        since, used = optional_moment(record, "password_last_changed"), optional_moment(record, "password_last_used")
        yield Listed(what="credential", name=_password(arn), credential=CredentialKind.UNKNOWN, since=since, used=used)
    for number in (1, 2):
        key = f"access_key_{number}"
        if flag(record, f"{key}_active"):
            since = optional_moment(record, f"{key}_last_rotated")
            used = optional_moment(record, f"{key}_last_used_date")
            name = _key(arn, number)
            yield Listed(what="credential", name=name, credential=CredentialKind.STATIC_KEY, since=since, used=used)


def _password(arn: str) -> str:
    return f"{arn} password"


def _key(arn: str, number: int) -> str:
    return f"{arn} access key {number}"


def _kind(record: Record) -> PrincipalKind:
    return PrincipalKind.SHARED_ACCOUNT if record.get("user") == _ROOT else PrincipalKind.SERVICE
