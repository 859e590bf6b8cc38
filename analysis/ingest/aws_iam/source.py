"""What AWS lists of identities as a source: authorization details, credential reports, last attempts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Final

from analysis.ingest.aws_iam import accessed, entities, report
from analysis.ingest.aws_iam.authority import authority
from analysis.ingest.aws_iam.declared import declared, unchanging
from analysis.ingest.cloudtrail import calls
from analysis.ingest.fields import flag
from analysis.ingest.instants import HOUR
from analysis.ingest.listed import Holding, Listed, Reach
from analysis.ingest.observed import Atom, Observed, Weight
from analysis.ingest.pieces import Text, begins, document
from analysis.ingest.reading import Found, Page, Refused, records, storable
from analysis.ingest.source import Log
from analysis.ingest.strict import Record, kind_of

_LISTS: Final = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
_DETAILS: Final = ("UserDetailList", "GroupDetailList", "RoleDetailList")
# Where the list goes on, for whoever asks for more of it.
_MARKS: Final = ("Marker", "NextToken")
_JOB: Final = frozenset(("JobStatus", "JobCreationDate", "JobCompletionDate"))
_SEVERAL: Final = "a second credential report in one file: put each into a file of its own"
_HEADER: Final = report.HEADER.encode()
_BOM: Final = b"\xef\xbb\xbf"


class AwsIam:
    """What `aws iam` says of an account's identities, at an instant."""

    @property
    def log(self) -> Log:
        """Whole seconds; what stood at one instant, and when it had last been used."""
        return Log(
            title="AWS IAM, as it was at one instant",
            signs='JSON with "UserDetailList" or "ServicesLastAccessed", or a credential report',
            profile="iam_snapshot",
            resolution=1_000_000,
            meaning="received",
            system="aws",
            platform="aws_sts",
            level="full",
            missing="before and after; policies of organizations, resources and sessions; sessions; which key is which",
            assumptions=declared(),
            joins="aws",
        )

    @property
    def lag(self) -> int:
        """As it is declared."""
        return int(declared()["keys"]["lag_hours"] * HOUR)

    def identify(self, record: Record) -> bool:
        """Whether it is a page of the details, what a job found, or a credential report."""
        if "ServicesLastAccessed" in record:
            return not _JOB.isdisjoint(record)
        of_a_report = ",".join(record).startswith(report.HEADER) or record.get("ReportFormat") == "text/csv"
        return of_a_report or any(isinstance(record.get(name), list) for name in _DETAILS)

    def records(self, data: Text) -> Iterator[Found | Refused | Page]:
        """Each entry of the lists of a page, each row of a report, or the one job."""
        if begins(data).removeprefix(_BOM).lstrip().startswith(_HEADER):
            yield from report.rows(data)
        else:
            yield from _entries(document(data))

    def translate(self, record: Record) -> Sequence[Observed]:
        """When something was last used."""
        if "ServicesLastAccessed" in record:
            return tuple(accessed.attempts(record))
        if "arn" in record:
            return tuple(report.last_uses(record))
        used = entities.last_use(record)
        return () if used is None else (used,)

    def watches(self, operation: str) -> bool:
        """Whether it is a call of IAM, whose events are in the trails of one region, and of those that take them in."""
        return operation.startswith("iam:")

    def changes(self, operation: str) -> bool:
        """Whether it is one that is not declared to change nothing."""
        return self.watches(operation) and unchanging().match(operation) is None

    def listed(self, record: Record) -> Sequence[Listed]:
        """Who there is, by which policies, and with which keys."""
        if "ServicesLastAccessed" in record:
            return (Listed(what="taken", name="", latest=accessed.taken(record)),)
        return tuple(report.holders(record) if "arn" in record else entities.entities(record))

    def authority(self, listed: Sequence[Listed]) -> tuple[Sequence[Holding], Sequence[Reach]]:
        """What policies allow each identity, and which roles they let it become."""
        return authority(listed)

    def weight(self, atom: Atom) -> Weight:
        """What CloudTrail's levels.toml declares, so that what is held and what is used weigh the same."""
        return calls.weight(atom)


SOURCE: Final = AwsIam()


def _entries(data: bytes) -> Iterator[Found | Refused | Page]:
    """The entries of each document, numbered through; of a page that is cut off, those of its first list."""
    documents = list(records(data, ""))
    if any(isinstance(each, Refused) for each in documents):
        yield from records(data, _LISTS[0])
        return
    number, read = count(), [each.record for each in documents if isinstance(each, Found)]
    reports = 0
    for each in read:
        reports += "ReportFormat" in each
        if "ReportFormat" in each and reports > 1:
            yield Refused(next(number), _SEVERAL)
        else:
            yield from _unfolded(each, number)
    pages = [_goes_on(each) for each in read if _is_page(each)]
    if pages:
        # One list has one last page: beside several, nobody knows of which a page is that goes on.
        yield Page(any(pages) and pages.count(False) != 1)


def _unfolded(document: Record, number: Iterator[int]) -> Iterator[Found | Refused]:
    if "ReportFormat" in document:
        yield from (replace(each, position=next(number)) for each in report.wrapped(document))
    elif not _is_page(document):
        yield storable(next(number), document)
    else:
        for name in _LISTS:
            yield from _members(document.get(name), name, number)


def _is_page(document: Record) -> bool:
    return "ServicesLastAccessed" not in document and any(name in document for name in _LISTS)


def _goes_on(page: Record) -> bool:
    return flag(page, "IsTruncated") or any(page.get(name) for name in _MARKS)


def _members(found: object, name: str, number: Iterator[int]) -> Iterator[Found | Refused]:
    if not isinstance(found, list):
        if found is not None:
            yield Refused(next(number), f"{name} is {kind_of(found)}, not a list")
        return
    for each in found:
        if isinstance(each, dict):
            yield storable(next(number), each)
        else:
            yield Refused(next(number), f"an entry of {name} is {kind_of(each)}, not an object")
