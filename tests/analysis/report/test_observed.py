"""The report of an ingested log: what it proves, what it allows at most, and what nobody can know from it."""

import json
import re
from datetime import datetime

import numpy as np
import pytest

from analysis.ingest.ingest import ingest
from analysis.measures.measure import MeasureError
from analysis.report import report
from analysis.report.observed import rendered, write_observed
from sim.audit.rows import no_facts
from sim.audit.store import Store

SCREEN = {"width": 1280, "height": 800}
SCRIPT = "<script>alert(1)</script>"
HIDDEN = "\u202egnp.exe\u0000\u001b[31m"
START = datetime(2026, 3, 2, 10)  # noqa: DTZ001 - the store keeps UTC without saying so


@pytest.fixture(scope="module")
def page(ingested):
    """The page of the bundled sample."""
    return rendered(ingested, 1)


@pytest.fixture(scope="module")
def shown(browser, page, tmp_path_factory):
    """The same in a browser, with all that it asks for and complains of."""
    path = tmp_path_factory.mktemp("observed") / "page.html"
    path.write_text(page, "utf-8")
    opened = browser.new_page(viewport=SCREEN)
    opened.noted = []
    for kind in ("console", "pageerror", "dialog"):
        opened.on(kind, lambda what: opened.noted.append(str(what)))
    opened.on("request", lambda request: opened.noted.append(request.url))
    opened.goto(path.as_uri())
    assert opened.noted.pop(0) == path.as_uri()
    yield opened
    opened.close()


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


def bottom(shown, selector):
    """How far down the lowest element of a kind reaches, in pixels."""
    boxes = [each.bounding_box() for each in shown.locator(selector).all()]
    return max(box["y"] + box["height"] for box in boxes)


def test_the_first_screen_says_what_is_proven(shown):
    """Who used what, and between which hours crown jewels could be changed, above a table of both bounds."""
    said = shown.locator("#answer").inner_text()
    assert said.startswith(
        "Between 2026-03-02 09:58:00 and 2026-03-02 10:56:01 UTC, 7 identities used 6 credentials; crown jewels could "
        "be changed outside need for at least 0.758 hours per identity-day."
    )
    for part in ("#answer", "#bounds", "#silent", "#rests"):
        assert bottom(shown, part) <= SCREEN["height"], part
    assert shown.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"]


def test_bounds_stand_side_by_side(shown):
    """What is proven and what is possible at most, or that there is no limit, with a note that says why."""
    rows = shown.locator("#bounds tbody tr").all_inner_texts()
    assert " ".join(rows[0].split()) == "Crown-jewel hours held, task 0.758 no limit1 hours per agent-day"
    assert "never used in its time" in shown.locator("#bounds caption").inner_text()


def test_what_is_not_answered_has_a_reason(shown):
    """Each measure of which the log says nothing is listed with what it would have had to show."""
    said = shown.locator("#silent").inner_text()
    assert "Blast radius: needs what this log does not show: entitlements." in said
    assert "Time to revoke: needs what this log does not show: tasks." in said
    assert "Identity debt (never needed; outlived task; unowned): needs" in said


def test_what_cannot_be_known_is_told(shown):
    """Fields that the profile lacks, the time before and after, losses, and records that were refused."""
    said = shown.locator("#unknowable").inner_text()
    for words in ("Which task an action served", "before 2026-03-02 09:58:00", "Whether these are all events",
                  "Who acted in 1 event.", "What 6 refused records would have said."):  # fmt: skip
        assert words in said


def test_every_record_is_accounted_for(shown):
    """Kept, repeated and rejected make up the records of a source, and each reason for a rejection is there."""
    cells = shown.locator("#sources table").first.locator("tbody tr").first.locator("td").all_inner_texts()
    _, _, records, kept, repeated, rejected = (int(cell.replace(",", "")) for cell in cells)
    assert kept + repeated + rejected == records == 35
    assert "no eventTime" in shown.locator("#sources").inner_text()


def test_credentials_are_counted_by_kind(shown):
    """Seen, issued here, used, never used after their issue, without an end, revoked."""
    rows = {row[0]: row[1:] for row in (line.split("\t") for line in _rows(shown, "#credentials"))}
    assert rows["static key"] == ["6", "2", "4", "1", "4", "2"]
    assert sum(int(row[0]) for row in rows.values()) == 13


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


def test_the_same_log_gives_the_same_bytes(ingested, page, tmp_path):
    """Written once more, the page is the same; a store that holds only logs gets this report."""
    report(ingested, tmp_path / "log.html")
    assert (tmp_path / "log.html").read_text("utf-8") == page


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


def _words(text):
    """What stands between the tags, without listings of SQL and pictures."""
    return re.sub(r"<(pre|style|svg)\b.*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL)


def test_no_task_and_no_credential_profile_is_all_silence():
    """A log made for people answers little: what it cannot say is said of each measure, and no figure is made up."""
    with Store.in_memory() as store:
        _made_for_people(store)
        text = rendered(store, 1)
    assert "for how long crown jewels could be changed, this log cannot say" in text
    assert "Which credential was used: neither its life nor its reach can be told." in text


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


def test_a_simulated_run_is_not_an_observed_one(simulated, tmp_path):
    """The report of a log is refused for a run that was simulated, in a line that says what to do."""
    with pytest.raises(MeasureError, match="run 1 was not ingested; write the report of its comparison"):
        write_observed(simulated, tmp_path / "x.html", 1)
    assert not list(tmp_path.iterdir())
