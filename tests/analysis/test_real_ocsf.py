"""The same event as its product told it, and as somebody translated it into OCSF: both readings agree where both tell.

The pairs are those of the repository of examples of OCSF. Where they differ, a comment says who left what out.
"""

import json
from collections import Counter
from dataclasses import replace

import pytest

from analysis.ingest.ingest import ingest
from analysis.ingest.source import sources
from sim.audit.rows import Decision
from sim.audit.store import Store

FOLDER = "ocsf-pairs"
AWS = "markdown/AWS/v1.1.0/CloudTrail"
EKS = "markdown/AWS/v1.1.0/EKS_Audit_Logs/samples/eks"
OKTA = "markdown/Okta/v1.3.0/System_Logs"
BLOBLANG = "bloblang/AWS/CloudTrail/v1.1.0/Account_Chnage/samples"
# Native file, translated file, native source, and what the translation says otherwise.
PAIRS = [
    (f"{AWS}/API_Activity/samples/generic_api_activity.raw", f"{AWS}/API_Activity/samples/generic_api_activity.ocsf",
     "cloudtrail", set()),
    # The session has no id of its own there.
    (f"{AWS}/Account_Change/samples/account_change.raw", f"{AWS}/Account_Change/samples/account_change.ocsf",
     "cloudtrail", {"session"}),
    # Of a request without an id two quotes are written.
    (f"{AWS}/Authentication/samples/authentication.raw", f"{AWS}/Authentication/samples/authentication.ocsf",
     "cloudtrail", {"request_id"}),
    # Whoever changed the ids to hide them did so in the translation only; and success, which CloudTrail tells by
    # silence, is not told there, nor is the key of the session, which is in nothing that is mapped.
    (f"{BLOBLANG}/account_change.raw", f"{BLOBLANG}/OCSF_account_change.json",
     "cloudtrail", {"id", "session", "request_id", "decision", "credential"}),
    # `uid` is that of the user of AWS, of which Kubernetes has the name; the id of the event is that of the request
    # only; its time is that of its last stage; the arguments lie in `unmapped`. The session is the end of its ARN.
    (f"{EKS}.raw", f"{EKS}.ocsf", "kubernetes", {"id", "time", "principal", "session", "args"}),
    # Of Okta's times the translation cuts off what is finer than a second, its id of a request is of another field, and
    # what OCSF has activities for is called by those. A sign-in shows the session that it gives as the actor's own.
    (f"{OKTA}/API_Activity/samples/generic_api_activity.raw", f"{OKTA}/API_Activity/samples/generic_api_activity.ocsf",
     "okta", {"time", "request_id"}),
    (f"{OKTA}/Authentication/samples/authentication.raw", f"{OKTA}/Authentication/samples/authentication.ocsf",
     "okta", {"time", "request_id", "operation", "credential"}),
    (f"{OKTA}/Entity_Management/samples/entity_management.raw",
     f"{OKTA}/Entity_Management/samples/entity_management.ocsf", "okta", {"time", "request_id", "operation"}),
    (f"{OKTA}/Group_Management/samples/group_management.raw", f"{OKTA}/Group_Management/samples/group_management.ocsf",
     "okta", {"time", "request_id", "operation"}),
]  # fmt: skip
COMPARED = ("id", "time", "principal", "credential", "session", "args", "decision", "reason", "error", "origin",
            "user_agent", "request_id", "invoked_by")  # fmt: skip


def told(path, name):
    """The one event of a file."""
    source = sources()[name]
    [record] = source.records(path.read_bytes())
    [event] = source.translate(record.record)
    # When a provider settles what a credential opens, whoever knows the provider knows, and OCSF does not tell.
    return replace(event, credential=event.credential and replace(event.credential, resolved=None))


@pytest.mark.parametrize(("native", "translated", "name", "otherwise"), PAIRS)
def test_both_readings_agree(real, native, translated, name, otherwise):
    """What OCSF carries is read as from the product itself; of what it leaves out the reading knows less, not other."""
    first, second = told(real / FOLDER / native, name), told(real / FOLDER / translated, "ocsf")
    differing = {field for field in COMPARED if getattr(first, field) != getattr(second, field)}
    # CloudTrail and Kubernetes are read with the service or the resource in the operation.
    assert differing | ({"operation"} if second.operation not in first.operation else set()) == otherwise
    assert second.atom.level == first.atom.level


def test_all_that_is_translated_is_read(real):
    """All 15 events are recognised and kept, in the classes that the facts count; what is no success proves no use."""
    facts = json.loads((real / FOLDER / "facts.json").read_text("utf-8"))
    files = sorted(path for path in (real / FOLDER).rglob("*/samples/*") if "ocsf" in path.name.lower())
    events = [json.loads(path.read_text("utf-8")) for path in files]
    classes = Counter(f"{each['class_uid']} {each['class_name']} v{each['metadata']['version']}" for each in events)
    assert classes == facts["classes"]
    with Store.in_memory() as store:
        [summary] = ingest(files, store)
        assert (summary.source, summary.records, summary.rejected) == ("ocsf", facts["ocsf_files"], 0)
        # Two bloblang versions are the same to the letter, thrice.
        assert summary.kept + summary.repeated == facts["ocsf_files"]
        [(first, last)] = store.rows("SELECT min(time), max(time) FROM log.event")
    assert (first.year, last.year) == (2021, 2024)


def test_times_that_are_not_in_milliseconds_are_read_beside(real):
    """Five events of Okta have seconds, one of EKS microseconds where milliseconds belong: the text beside tells it."""
    folder = real / FOLDER
    seconds = [told(path, "ocsf") for path in sorted(folder.rglob("Okta/**/*.ocsf"))]
    assert sorted({event.time for event in seconds}) == [1_696_070_536_000_000, 1_723_564_700_000_000]
    assert told(folder / "bloblang/AWS/eks/v1.2.0/samples/ocsf_eks.json", "ocsf").time == 1_631_047_050_642_854
    # Their producer has the lock of an account as a failure, which says of nobody that it was refused.
    assert [event.decision for event in seconds] == [Decision.ALLOW, None, *[Decision.ALLOW] * 3]
