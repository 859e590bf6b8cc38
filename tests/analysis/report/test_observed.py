"""The report of an ingested log: what it proves, what it allows at most, and what nobody can know from it."""

import json
import re
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from shutil import copy

import numpy as np
import pytest

from analysis.ingest.cloudtrail.source import SOURCE
from analysis.ingest.files import File, read
from analysis.ingest.ingest import ingest
from analysis.ingest.reading import Found
from analysis.measures.examination import examine
from analysis.measures.measure import MeasureError, find
from analysis.report import report
from analysis.report.asking import ask
from analysis.report.bounds import Rate
from analysis.report.jewels import Changes
from analysis.report.jewels import told as said
from analysis.report.observed import rendered, write_observed
from analysis.report.terms import called
from sim.audit.rows import no_facts
from sim.audit.store import Store
from tests.analysis.report.conftest import DELIVERED
from tests.ledgers import Ledger, store_of

SAMPLES = Path(__file__).parents[3] / "data" / "samples"
TRAIL = SAMPLES / "cloudtrail"
REFUSED = (
    "SELECT f.path, j.ordinal FROM fact.reject j JOIN fact.source_file f ON f.run = j.run AND f.id = j.source_file"
)
SCREEN = {"width": 1280, "height": 800}
SCRIPT = "<script>alert(1)</script>"
HIDDEN = "\u202egnp.exe\u0000\u001b[31m"
UNTIL = " valid until 2026-03-02 10:00 UTC at the latest"
START = datetime(2026, 3, 2, 10)  # noqa: DTZ001 - the store keeps UTC without saying so


@pytest.fixture(scope="module")
def page(ingested):
    """The page of the bundled sample."""
    return rendered(ingested, 1)


@pytest.fixture(scope="module")
def shown(browser, page, tmp_path_factory):
    """The same in a browser, with all that it asks for and complains of."""
    with opened(browser, page, tmp_path_factory.mktemp("observed") / "page.html") as there:
        yield there


@pytest.fixture(scope="module")
def sound(browser, ingested, tmp_path_factory):
    """The page of a log of those records alone that were not refused, believed to be whole and of all calls."""
    folder = tmp_path_factory.mktemp("sound")
    refused = set(ingested.rows(REFUSED))
    lying = ((name, each) for name in DELIVERED for each in SOURCE.records(read(File(TRAIL / name, name)).data))
    records = [each.record for name, each in lying if isinstance(each, Found) and (name, each.position) not in refused]
    (folder / "sound.json").write_text(json.dumps({"Records": records}), "utf-8")
    with Store.in_memory() as store:
        [done] = ingest([folder], store)
        every_use(store)
        page = rendered(store, 1)
    assert (done.kept, done.rejected) == (28, 0)
    with opened(browser, page, folder / "page.html") as there:
        yield there


@contextmanager
def opened(browser, page, path):
    """A page in a browser, with all that it asks for and complains of."""
    path.write_text(page, "utf-8")
    there = browser.new_page(viewport=SCREEN)
    there.noted = []
    for kind in ("console", "pageerror", "dialog"):
        there.on(kind, lambda what: there.noted.append(str(what)))
    there.on("request", lambda request: there.noted.append(request.url))
    there.goto(path.as_uri())
    assert there.noted.pop(0) == path.as_uri()
    yield there
    there.close()


def record(number, **fields):
    """A CloudTrail record of an access key's use, with fields of a stranger's choice."""
    user = {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/example", "accessKeyId": "AKIAEXAMPLE000000001"}
    return {
        "eventVersion": "1.11", "eventID": f"00000000-0000-0000-0000-{number:012}", "eventSource": "s3.amazonaws.com",
        "eventTime": f"2026-03-02T10:{number:02}:00Z", "eventName": "GetObject", "awsRegion": "eu-central-1",
        "userIdentity": user, "eventType": "AwsApiCall", "readOnly": True, **fields,
    }  # fmt: skip


def told(folder, *records):
    """A store that holds these records and nothing else."""
    folder.mkdir()
    (folder / f"{SCRIPT[:8]}.json").write_text(json.dumps({"Records": records}), "utf-8")
    store = Store.in_memory()
    ingest([folder], store)
    return store


def every_use(store):
    """Let logs be such as keep calls of every kind."""
    store.connection.execute("UPDATE fact.log_profile SET every_use = true")
    store.connection.execute("UPDATE fact.catalogue SET by_choice = false")


def bottom(shown, selector):
    """How far down the lowest element of a kind reaches, in pixels."""
    boxes = [each.bounding_box() for each in shown.locator(selector).all()]
    return max(box["y"] + box["height"] for box in boxes)


def test_the_first_screen_says_what_is_proven(shown):
    """Who changed crown jewels (not who assumed a role or logged in) with what, above both bounds."""
    said = shown.locator("#answer").inner_text()
    assert said == (
        "Between 2026-03-02 09:58:00 and 10:56:01 UTC, 1 of 12 identities changed crown jewels: user/example-admin, "
        "in 5 calls with 1 access key for which the log shows no end. For how long anybody could have changed them "
        "without need, the log alone does not say. What else anybody could have obtained, it does not show."
    )
    for part in ("#answer", "#bounds", "#silent", "#rests"):
        assert bottom(shown, part) <= SCREEN["height"], part
    assert shown.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"]


def test_bounds_stand_side_by_side(shown):
    """What is proven and what is possible at most, or that there is no limit, with a note that says why."""
    rows = shown.locator("#bounds tbody tr").all_inner_texts()
    assert " ".join(rows[0].split()) == (
        "Crown-jewel hours held, obtainable and waved through, task and action 0 s no limit1 per identity"
    )
    assert "never used in its time" in shown.locator("#bounds caption").inner_text()


def test_an_estimate_stands_for_neither_bound(browser, tmp_path):
    """How long it is until the next use, where some was not seen, is called so in place of both; the note says why.

    Of a read each minute for fifty minutes there are 49 gaps and one that is open: enough for a p50, for no p95.
    """
    with told(tmp_path / "log", *(record(n) for n in range(50))) as store:
        every_use(store)
        page = rendered(store, 1)
    with opened(browser, page, tmp_path / "page.html") as there:
        rows = [" ".join(row.split()) for row in there.locator("#bounds tbody tr").all_inner_texts()]
        caption = " ".join(there.locator("#bounds caption").inner_text().split())
        silent = " ".join(there.locator("#silent").inner_text().split())
        assert there.locator("#bounds td[colspan='2']").count() == 1
    assert [row for row in rows if row.startswith("Dormancy")] == [
        "Dormancy next use (median) of 50 observations estimated 60 s2"
    ]
    assert "what is possible at most; an estimate is neither." in caption
    note = caption.partition("2 Estimated (Kaplan and Meier): ")[2]
    assert (
        note == "1 time had not come to an end when the log did, and is taken to be like the rest, which no log proves."
    )
    assert re.search("Dormancy in part: too few independent observations", silent)


def test_a_quantile_of_a_handful_is_none(tmp_path):
    """Of a log as of simulated runs: the number is withheld, and how many there were is said."""
    with told(tmp_path / "log", *(record(n) for n in range(5))) as store:
        every_use(store)
        page = rendered(store, 1)
    assert "Not answerable: next use (median); next use (p95); too few independent observations" in page
    assert "(a p50 takes 40, a p95 400, a p99 2,000): there are 5." in page
    [first] = re.findall(r'id="bounds".*?id="silent"', page, re.DOTALL)
    assert "Dormancy" not in first


def test_what_is_declared_of_a_platform_is_not_proven(tmp_path):
    """It stands with its measure, called so, and not among what the log proves."""
    with told(tmp_path / "log", record(1), record(2)) as store:
        terms = {"run": 1, "name": "aws_sts", "title": "AWS STS", "shortest": 900.0, "longest": 43200.0}
        terms |= {
            "longest_cut": 3600.0,
            "lifetime_source": "its page",
            "per_second": 600.0,
            "per_second_source": "its page",
        }
        store.insert("platform", {name: np.array([value], dtype=object) for name, value in terms.items()})
        page = rendered(store, 1)
    first, rest = page.split("</section>", 1)
    assert "Lifetime choice" not in first.partition('id="silent"')[0]
    below = re.search(r'aria-label="Lifetime choice".*?</table>', rest, re.DOTALL)[0]
    cells = re.findall(r'colspan="2"><span class="badge">declared</span> ([^<]*)<', below)
    assert {"15 min", "60 min", "12 h", "600"} == set(cells)
    assert "Declared of the platform, not told by the log." in below


def test_what_rests_on_every_event_is_told_where_all_was_read(shown, sound):
    """Beside what was refused a log is not believed to be whole: what is at most is open, and on that nothing rests."""
    issued, whole = (
        [
            " ".join(row.split())
            for row in each.locator("#bounds tbody tr").all_inner_texts()
            if row.startswith("Load on")
        ]
        for each in (shown, sound)
    )
    assert [re.search("issued .*", row)[0] for row in issued] == ["issued 0.583 no limit2 credentials per identity"]
    assert "Load on issuers issued 0.583 0.583 credentials per identity" in whole
    beside = " ".join(shown.locator("#silent").inner_text().split())
    assert re.search("Load on issuers in part, [^.:]*: needs what this log does not show: every event", beside)
    rests = ["every event of the kinds that it keeps" in each.locator("#rests").inner_text() for each in (shown, sound)]
    bounds = ["and, if the log is complete, no more than" in each.locator("#bounds caption").inner_text()
              for each in (shown, sound)]  # fmt: skip
    assert rests == bounds == [False, True]


def test_rows_that_say_the_same_are_one(sound):
    """Where held and obtainable, or task and action, have the same bounds, they share a row that names them."""
    rows = [row.replace("\n", " ") for row in sound.locator("#bounds tbody tr").all_inner_texts()]
    assert sum(row.startswith("Crown-jewel hours") for row in rows) == 1
    assert any(row.startswith("Forensics credential, tool, touch and who") for row in rows)


def test_the_first_screen_leaves_out_what_says_nothing(shown):
    """What is no less than nothing and no more than anything stands beside, with why, and in full below."""
    rows = [row.replace("\n", " ") for row in shown.locator("#bounds tbody tr").all_inner_texts()]
    assert sum(row.startswith("Privilege-hours") for row in rows) == 1
    beside = shown.locator("#silent").inner_text()
    assert "Shadow keys: the log proves nothing of that and sets no limit to it." in beside
    assert re.search("Privilege-hours in part,.*: needs what this log does not show: when each call", beside)
    assert re.search(r"Bound actions,.*: needs", beside)
    below = shown.locator("#of-privilege_hours").text_content()
    assert "needed action, needed task, standing action and standing task" in below
    assert "never used in its time" in below


def test_each_measure_says_what_the_log_tells_of_it(sound):
    """A link beside the table opens all rows of its measure, and why the others are not answerable."""
    sound.locator("#silent a", has_text="Forensics").click()
    below = sound.locator("#of-forensics")
    assert below.is_visible()
    assert re.search(r"credential, tool, touch and who\s+75", below.inner_text())
    assert "Not answerable: ambiguity bits" in below.inner_text()


def test_a_short_log_has_no_figures_per_day(shown):
    """A log of less than a day gives figures for each identity over its own span, and says how many those are."""
    table = shown.locator("#bounds").inner_text()
    assert "day" not in table.replace("figures per day", "")
    assert "mean over 12 identities that hold a credential, for the 58.0 min of the log" in table
    assert "0.583" in table


def test_one_count_of_identities(shown):
    """The sentence, the note under the bounds, and the list of identities count the same, which measures divide by."""
    assert "of 12 identities" in shown.locator("#answer").inner_text()
    assert "12 identities hold the 13 credentials" in shown.locator("#identities").inner_text()
    assert shown.locator("#identities table").first.locator("tbody tr").count() == 12


def test_who_lies_behind_a_figure_is_named(shown):
    """A figure that is proven and not nothing names those whose credentials it comes from."""
    rows = {row.split("\n")[0]: row for row in shown.locator("#bounds tbody tr").all_inner_texts()}
    held = next(text for name, text in rows.items() if name.startswith("Privilege-hours held"))
    assert "of user/example-deployer" in held


def test_kinds_read_as_aws_calls_them(shown):
    """Sessions of roles and users, access keys and session tokens: no agent instances, no static keys."""
    said = shown.locator("#identities").inner_text() + shown.locator("#credentials").inner_text()
    assert "role session" in said
    assert "user or service" in said
    assert "access key" in said
    assert not re.search(r"agent instance|static key", said)


def test_declarations_are_sentences(shown):
    """What the log's worth rests on reads as a sentence, and a setting with parts reads as words."""
    said = shown.locator("#declared").text_content()
    assert "{'" not in said
    assert "see each section." in said
    assert "withDecryption yes" in said
    assert "worth. What it is worth is declared here, and rests on this: assumed after the access levels" in " ".join(
        said.split()
    )


def test_what_is_not_answered_has_a_reason(shown):
    """Each measure of which the log says nothing is listed with what it would have had to show."""
    said = shown.locator("#silent").inner_text()
    assert re.search(r"Blast radius, .*: needs what this log does not show: tasks\.", said)
    assert re.search(r"Time to revoke.*: needs what this log does not show: tasks\.", said)
    for name in ("Approvals at the peak", "What approvals let through"):
        assert re.search(rf"{name}[^:]*: needs what this log does not show: (tasks|what humans were asked)", said)
    assert re.search(r"Exposure per task[^:]*: needs what this log does not show", said)
    below = shown.locator("#of-approval_reach").text_content()
    assert "what humans were asked, on which approval a call rests and every event" in below
    debt = shown.locator("#of-identity_debt").text_content()
    assert re.search(r"Not answerable: .*never needed.*outlived task.*unowned.*needs", debt)


def test_what_cannot_be_known_is_told(shown):
    """Fields that the profile lacks, the time before and after, losses, and records that were refused."""
    said = shown.locator("#unknowable").inner_text()
    for words in ("Which task an action served", "before 2026-03-02 09:58:00",
                  "Who acted in 1 event.", "What 6 rejected records would have said."):  # fmt: skip
        assert words in said


def test_that_a_log_is_not_whole_is_told_where_that_is_known(page, sound):
    """Beside records that were refused it is not said that it looks like a whole one, which is what it does not."""
    assert "in what of this log could not be read (6 refused records and 1 file not read" in page
    assert "a log from which some were lost looks the same" not in page
    said = sound.locator("#unknowable").inner_text()
    assert "Whether these are all events: a log from which some were lost looks the same." in said


def test_every_record_is_accounted_for(shown):
    """Kept, repeated and rejected make up the records of a source, and each reason for a rejection is there."""
    cells = shown.locator("#sources table").first.locator("tbody tr").first.locator("td").all_inner_texts()
    _, _, records, kept, repeated, rejected = (int(cell.replace(",", "")) for cell in cells)
    assert kept + repeated + rejected == records == 35
    assert "no eventTime" in shown.locator("#sources").inner_text()


def test_credentials_are_counted_by_kind(shown):
    """Seen, issued here, used, never used after their issue, without an end, revoked; what services have is apart."""
    rows = {row[0]: row[1:] for row in (line.split("\t") for line in _rows(shown, "#credentials"))}
    assert rows["access key"] == ["6", "2", "4", "0", "1", "0", "4", "2"]
    assert sum(int(row[0]) for row in rows.values()) == 13


def test_what_only_services_used_is_counted_apart(tmp_path):
    """A session that AWS services used on its holder's behalf was never in the holder's hands, as far as is seen."""
    session = {"type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/app/run"}
    through = {**session, "accessKeyId": "ASIAEXAMPLE000000001", "invokedBy": "secretsmanager.amazonaws.com"}
    direct = {**session, "accessKeyId": "ASIAEXAMPLE000000002"}
    records = [record(n, userIdentity=who) for n, who in enumerate((through, through, direct), start=1)]
    with told(tmp_path / "log", *records) as store, examine(store, "log", [1]) as examination:
        [sessions] = ask(examination.connection, "observed_credentials")
        [totals] = ask(examination.connection, "observed_totals")
    assert (sessions["seen"], sessions["used"], sessions["used_by_services"]) == (2, 1, 1)
    assert totals["used_by_services"] == 1


def test_what_services_were_given_and_nobody_is_seen_to_use_is_no_proof_of_disuse(tmp_path):
    """A role that a database service assumes is used where the account's own trail does not look."""
    service = {"type": "AWSService", "invokedBy": "rds.amazonaws.com"}
    person = {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/ada", "accessKeyId": "AKIAEXAMPLE000000001"}
    assuming = {"eventSource": "sts.amazonaws.com", "eventName": "AssumeRole"}
    records = [
        record(n, userIdentity=who, **assuming, responseElements={
            "credentials": {"accessKeyId": f"ASIAEXAMPLE00000000{n}", "expiration": "2026-03-02T12:00:00Z"},
            "assumedRoleUser": {"arn": f"arn:aws:sts::111122223333:assumed-role/app/{n}"},
        })
        for n, who in enumerate((service, service, person), start=1)
    ]  # fmt: skip
    with told(tmp_path / "log", *records) as store, examine(store, "log", [1]) as examination:
        kinds = {each["kind"]: each for each in ask(examination.connection, "observed_credentials")}
    tokens = kinds["session_token"]
    assert (tokens["issued"], tokens["never_used_after_issue"], tokens["unseen_with_services"]) == (3, 1, 2)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ([("static_key", 1, 1, None)], " with 1 access key for which the log shows no end"),
        ([("session_token", 2, 0, START)], " with 2 session tokens," + UNTIL),
        (
            [("static_key", 2, 2, None), ("session_token", 1, 0, START)],
            " with 2 access keys and 1 session token, 2 without an end in the log, the other" + UNTIL,
        ),
        ([("unknown", 2, 2, None)], " with 2 credentials of unknown kind for which the log shows no end"),
        ([], " without a credential that the log names"),
    ],
)
def test_until_when_they_could(kinds, expected):
    """With what crown jewels were changed, and until when that was valid at most."""
    names = ("kind", "credentials", "without_end", "until")
    found = Changes(
        ({"name": "a", "holds": True, "calls": 1},), tuple(dict(zip(names, each, strict=True)) for each in kinds)
    )
    assert said(found, 4) == f"1 of 4 identities changed crown jewels: a, in 1 call{expected}"
    assert said(found, 1).startswith("the only identity changed crown jewels: a, in 1 call")
    assert said(Changes((), ()), 4) == "none of 4 identities was seen to change a crown jewel"
    assert said(Changes((), ()), 1) == "the only identity was not seen to change a crown jewel"
    assert said(Changes((), ()), 0) == "nobody was seen to change a crown jewel"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["arn:aws:iam::1:user/a"], "user/a"),
        (["arn:aws:sts::1:assumed-role/app/run-1", "arn:aws:iam::1:user/a"], "role/app and user/a"),
        (["arn:aws:sts::1:assumed-role/app/run-1", "arn:aws:sts::1:assumed-role/app/run-2"],
         "assumed-role/app/run-1 and assumed-role/app/run-2"),
        (["arn:aws:iam::1:user/a", "arn:aws:iam::2:user/a"], "1:user/a and 2:user/a"),
        (["arn:aws:iam::1:user/a", "arn:aws-cn:iam::1:user/a"], "arn:aws:iam::1:user/a and arn:aws-cn:iam::1:user/a"),
        (list("abcde"), "a, b, c and 2 more"),
        (["7/1 2026-03-02T13:42:09.517009-08:00", "8/1 2026-03-02T13:42:09Z"], "7/1 and 8/1"),
        (["7/1 2026-03-02T13:42:09.517009-08:00", "7/1 2026-03-02T13:42:09Z"],
         "7/1 2026-03-02T13:42:09.517009-08:00 and 7/1 2026-03-02T13:42:09Z"),
        (["0a1b2c3d-0000-4000-8000-000000000001", "0a1b2c3e-0000-4000-8000-000000000001"], "0a1b2c3d… and 0a1b2c3e…"),
        (["0a1b2c3d-0000-4000-8000-000000000001", "0a1b2c3d-0000-4000-8000-000000000002"],
         "0a1b2c3d-0000-4000-8000-000000000001 and 0a1b2c3d-0000-4000-8000-000000000002"),
    ],
)  # fmt: skip
def test_names_are_as_long_as_they_must(names, expected):
    """Of ARNs and UUIDs only what tells them apart is said, and of many names the first."""
    assert called(names) == expected


@pytest.mark.parametrize(
    ("days", "value", "unit", "expected"),
    [
        (None, 0.5, "hours per agent-day", ("0.500", "hours per identity-day")),
        (0.5, 3.0, "hours per agent-day", ("90 min", "per identity")),
        (0.5, 3.0, "credentials per agent-day", ("1.50", "credentials per identity")),
        (0.5, 3.0, "items open at the window's end", ("3", "items open at the window's end")),
        (0.5, 90.0, "seconds", ("90 s", "")),
        (None, 0.5, "credentials, mean per agent", ("0.500", "credentials, mean per identity")),
        (0.5, 3.0, "sub-agents", ("3", "sub-agents")),
        (None, 0.000386, "percent", ("under 0.001", "percent")),
        (0.5, 1e-9, "hours per agent-day", ("under 0.001 s", "per identity")),
    ],
)
def test_figures_are_per_day_only_of_days(days, value, unit, expected):
    """A quantity per agent-day is told per day, or over a shorter log as it is; others are left alone."""
    assert Rate(days).told(value, unit) == expected


def test_what_is_proven_names_its_identities():
    """Where a log shows grants, how long crown jewels could be changed is bounded, and of whom it is proven is said."""
    with Store.in_memory() as store:
        _made_of_grants(store)
        text = _words(rendered(store, 1))
    words = " ".join(text.split())
    assert (
        "the only identity was not seen to change a crown jewel. They could have been changed without need for 60 min "
        "per identity, proven of someone."
    ) in words


def _made_of_grants(store):
    """A run of two hours in which somebody is granted a crown jewel for one, and does not use it."""
    one = np.array([1])
    jewel = {"level": "write", "resource_group": "keys", "system": "vault", "verifier_name": "vault"}
    store.write_workload(1, {
        "workload": {"id": np.array(["w"], object), "kind": np.array(["observed"], object),
                     "title": np.array(["Grants"], object), "agents": one, "tasks": one - 1, "actions": one - 1},
        "principal": {"id": one, "kind": np.array(["human"], object), "name": np.array(["someone"], object)},
        "catalogue": {"atom": one, "verifier": one, "tier": np.array([3]), "resources": one, "by_choice": one < 1,
                      **{name: np.array([word], object) for name, word in jewel.items()}},
        "weight": {"atom": one, "sensitivity": one, "privilege": one, "weight": one},
    })  # fmt: skip
    times = {"begins": START, "t0": START, "t1": START.replace(hour=12)}
    store.write_run(
        {"key": 1, "id": "r", "kind": "ingested", "workload": 1, "profile": "full", "version": "1", **times}, no_facts()
    )
    words = {"meaning": "start", "kind": "issue", "decision": "allow", "credential_kind": "static_key"}
    store.insert("event", {
        "run": one, "id": one, "time": np.array([np.datetime64(START, "us")]), "resolution": one, "principal": one,
        "target": one, "issued": one, "scope_set": one,
        "expires": np.array([np.datetime64(START.replace(hour=11), "us")]),
        **{name: np.array([word], object) for name, word in words.items()},
    })  # fmt: skip
    store.insert("scope_set_atom", {"run": one, "scope_set": one, "atom": one, "effect": np.array(["allow"], object),
                                    "conditional": np.array([False])})  # fmt: skip
    store.complete(1)


def _rows(shown, section):
    lines = shown.locator(f"{section} tbody tr").all()
    return ["\t".join(line.locator("th, td").all_inner_texts()) for line in lines]


def test_the_timeline_has_units(shown):
    """The figure says how long a bar is, in which time zone, and what it counts."""
    figure = shown.locator("#figure-timeline")
    assert "events in 58.0 s" in figure.locator("svg").text_content()
    assert "UTC, from 2026-03-02" in figure.locator("svg").text_content()
    assert "Each bar is 58.0 s of the log." in figure.locator("figcaption").inner_text()


def test_nothing_is_fetched_and_nothing_runs(shown, page):
    """Opening it asks for nothing and logs nothing; it holds no script."""
    assert shown.noted == []
    assert shown.locator("script, img").count() == 0
    assert "default-src &#39;none&#39;" in page


def test_what_a_log_says_stays_data(tmp_path, browser):
    """Names in a log that are markup, override direction or never end are shown as what they are."""
    user = {"type": "IAMUser", "arn": SCRIPT, "accessKeyId": "AKIAEXAMPLE000000002"}
    records = [
        record(1, userIdentity=user, eventName=SCRIPT),
        record(2, eventName=HIDDEN, userIdentity={**user, "arn": HIDDEN}),
        record(3, eventName="y" * 3000, userIdentity={**user, "arn": "z" * 3000}),
        record(4, eventTime=SCRIPT),
    ]
    with told(tmp_path / SCRIPT[1:7], *records) as store:
        text = rendered(store, 1)
    (tmp_path / "page.html").write_text(text, "utf-8")
    opened = browser.new_page(viewport=SCREEN)
    opened.goto((tmp_path / "page.html").as_uri())
    said = opened.locator("body").inner_text()
    wide = opened.evaluate("document.documentElement.scrollWidth")
    scripts = opened.locator("script").count()
    opened.close()
    assert (scripts, wide <= SCREEN["width"]) == (0, True)
    assert SCRIPT in said
    assert "\u202e" not in text
    assert "z" * 200 not in text


def test_a_log_that_names_no_credential_says_so(tmp_path):
    """Where nothing is known of credentials, the sentence does not invent hours."""
    nobody = {"type": "AWSService", "invokedBy": "example.amazonaws.com"}
    with told(tmp_path / "log", record(1, userIdentity=nobody), record(9, userIdentity=nobody)) as store:
        text = rendered(store, 1)
    assert "0 credentials" in text
    assert not re.search(r"\b(?:nan|inf|none)\b", _words(text), re.IGNORECASE)


def test_a_log_in_which_nobody_holds_anything_has_no_figures_per_identity(tmp_path):
    """Nothing is divided by nobody, or no credential at all would leave crown jewels open all day.

    What is divided by something else is not told for a reason of its own.
    """
    event = {"apiVersion": "audit.k8s.io/v1", "kind": "Event", "auditID": "a", "stage": "ResponseComplete",
             "verb": "list", "user": {"username": "alice"}, "requestURI": "/api/v1/secrets",
             "objectRef": {"resource": "secrets"}, "responseStatus": {"code": 200},
             "requestReceivedTimestamp": "2026-03-02T10:00:00.000000Z"}  # fmt: skip
    (tmp_path / "audit.log").write_text(json.dumps(event), "utf-8")
    with Store.in_memory() as store:
        ingest([tmp_path], store)
        text = " ".join(_words(rendered(store, 1)).split())
    assert "For how long anybody could have changed crown jewels, this log cannot say." in text
    assert "Nobody in this log holds a credential, so there are no figures per identity." in text
    assert re.search("Crown-jewel hours[^:]*: nobody in this log holds a credential", text)
    assert not re.search("(Turnaround|Approvals|Forensics)[^:]*: nobody in this log", text)
    assert "less than 1 ms of events" in text
    assert "per identity-day" not in text
    assert "At 2026-03-02 10:00:00 UTC, nobody was seen to change a crown jewel." in text


def test_where_nobody_holds_a_credential_nothing_is_in_his_reach(tmp_path):
    """A snapshot of identities without keys: nothing is said of what nobody holds."""
    for page in SAMPLES.glob("aws_iam/details-page-*.json"):
        copy(page, tmp_path)
    with Store.in_memory() as store:
        ingest([tmp_path], store)
        with examine(store, "log") as examination:
            reach = [examination.measure(find(name)) for name in ("blast_radius", "reach_by_hops", "tail_radius")]
        text = " ".join(_words(rendered(store, 1)).split())
    for found in reach:
        assert found.lo.fillna(0).eq(0).all()
        assert found.hi.isna().all()
    assert re.search("Crown-jewel hours[^:]*: nobody in this log holds a credential", text)


def _words(text):
    """What stands between the tags, without listings of SQL and pictures."""
    return re.sub(r"<(pre|style|svg)\b.*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL)


def test_no_task_and_no_credential_profile_is_all_silence():
    """A log made for people answers little: what it cannot say is said of each measure, and no figure is made up."""
    with Store.in_memory() as store:
        _made_for_people(store)
        text = rendered(store, 1)
    assert "For how long anybody could have changed crown jewels, this log cannot say." in text
    assert "Which credential was used: neither how long it was valid nor what it opened can be told." in text
    assert "Until when a credential was to be valid" not in text
    assert "older than its first use" not in text


def test_a_log_that_does_not_say_what_was_touched_clears_nobody():
    """Where no call says what it touched, the page does not say that nobody changed a crown jewel."""
    with Store.in_memory() as store:
        ingest([SAMPLES / "otel_genai"], store)
        text = rendered(store, 1)
    assert "UTC, this log does not say what was touched." in text
    assert "changed a crown jewel" not in text
    assert "What a call touched, and with what access: crown jewels may have been changed" in text


def test_a_log_without_calls_clears_nobody(tmp_path):
    """Where credentials are given and no use of one is written down, the page does not say that nobody did anything."""
    said = 'msg="Signed X509 SVID" expiration="2026-03-02T11:00:00Z" spiffe_id="spiffe://x/app" subsystem_name=svid'
    line = f'time="{{}}" level=debug {said}\n'
    (tmp_path / "spire.log").write_text("".join(line.format(f"2026-03-02T10:{n}0:00Z") for n in range(3)), "utf-8")
    with Store.in_memory() as store:
        ingest([tmp_path], store)
        text = rendered(store, 1)
    assert "UTC, this log shows no call, so whether anybody changed a crown jewel it does not say." in text
    assert "What anybody did: the log shows no call, and so no use of a credential." in text
    assert "to change a crown jewel" not in text


def _made_for_people(store):
    """A run of one login and one call, seen through a profile that keeps no credentials."""
    one = np.array([1])
    store.write_workload(1, {
        "workload": {"id": np.array(["w"], object), "kind": np.array(["observed"], object),
                     "title": np.array(["A login log"], object), "agents": one, "tasks": one - 1, "actions": one - 1},
        "principal": {"id": one, "kind": np.array(["human"], object), "name": np.array(["someone"], object)},
    })  # fmt: skip
    times = {"begins": START, "t0": START, "t1": START.replace(hour=12)}
    store.write_run(
        {"key": 1, "id": "r", "kind": "ingested", "workload": 1, "profile": "human_login", "version": "1", **times},
        no_facts(),
    )
    words = {"meaning": "start", "kind": "use", "decision": "allow", "operation": "open"}
    store.insert("event", {
        "run": one, "id": one, "time": np.array([np.datetime64(START, "us")]), "resolution": one, "principal": one,
        **{name: np.array([word], object) for name, word in words.items()},
    })  # fmt: skip
    store.complete(1)


def test_each_log_of_a_store_has_a_page(tmp_path):
    """Of several logs the page is of the latest, or of the one named, to the byte; it says which others there are."""
    with Store.in_memory() as store:
        ingest([SAMPLES / "github_audit", SAMPLES / "okta"], store)
        pages = {}
        for name, run in {"latest": None, "github": 1, "okta": 2}.items():
            report(store, tmp_path / f"{name}.html", run=run)
            pages[name] = (tmp_path / f"{name}.html").read_text("utf-8")
        with pytest.raises(MeasureError, match="no run 3"):
            report(store, tmp_path / "none.html", run=3)
    assert pages["latest"] == pages["okta"] != pages["github"]
    assert "github_audit, <code>--run 1</code>: 2026-03-02 09:00" in pages["okta"]
    assert "okta, <code>--run 2</code>" in pages["github"]
    assert not (tmp_path / "none.html").exists()


def test_a_simulated_run_is_not_an_observed_one(tmp_path):
    """The report of a log is refused for a run that was simulated, in a line that says what to do."""
    refused = pytest.raises(MeasureError, match="run 1 was not ingested; write the report of its comparison")
    with store_of(Ledger()) as store, refused:
        write_observed(store, tmp_path / "x.html", 1)
    assert not list(tmp_path.iterdir())
