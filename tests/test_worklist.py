"""The worklist: what to revoke first, who would notice, and never a claim that is not in the evidence."""

import csv
import io
import json
from pathlib import Path

import pytest

import outlive
from analysis.measures.examination import examine
from outlive.cli import main
from sim.audit.refusal import Refusal
from sim.audit.store import Store
from tests.ledgers import (
    DAY,
    HOUR,
    NEVER,
    UNKNOWN,
    Credential,
    Event,
    Ledger,
    Life,
    Need,
    Owner,
    Task,
    Trust,
    Writing,
    answers,
    write,
)

SAMPLE = Path(__file__).parents[1] / "data" / "samples" / "cloudtrail"

# A key that works, a session that nobody uses, one that is over, and what an abandoned agent has left.
FOUR = Ledger(
    seconds=DAY, agents=3, begins=0, lives=[Life(2, ends=6 * HOUR)], owners=[Owner(agent=0)],
    credentials=[
        Credential(["read notes"], 12 * HOUR, NEVER, agent=1, cut_from=1),
        Credential(["write money"], 0, NEVER, agent=0, kind="static_key"),
        Credential(["read money"], 0, DAY, agent=1),
        Credential(["write notes"], 0, NEVER, agent=2),
    ],
    needs=[Need("write money", 6 * HOUR, 12 * HOUR)], tasks=[Task(0, 6 * HOUR), Task(1, HOUR, 2 * HOUR, "completed")],
    events=[
        Event("use", HOUR, credential=1, task=1, atom="write money", decision="allow"),
        Event("use", 11 * HOUR, credential=1, task=0, atom="write money", decision="allow"),
        Event("use", 13 * HOUR, credential=1, atom="read money", decision="deny"),
    ],
)  # fmt: skip


def _stored(path, ledger, profile=None):
    """A file with one run, its ledgers rebuilt from its log."""
    with Store.create(path) as store:
        if profile is not None:
            store.know_profile(profile)
        write(store, [ledger], 1, Writing())
        store.complete(1)
    return path


@pytest.fixture
def found(tmp_path):
    """The worklist of FOUR, on the truth."""
    return outlive.worklist(_stored(tmp_path / "four.duckdb", FOUR)).set_index("credential")


def test_most_access_without_need_a_minute_of_work_comes_first(found):
    """144 hours in 42 minutes, 48 in 36, 12 in 30; what is over when the window ends is not listed."""
    assert list(found.index) == ["1", "3", "0"]
    # Weight 8 but for six of 24 hours; weight 2 all day; weight 1 for half a day.
    assert found["hours_lo"].tolist() == pytest.approx([8 * 18, 2 * 24, 1 * 12])
    assert found["hours_hi"].tolist() == pytest.approx(found["hours_lo"].tolist())
    assert found["carries"].tolist() == [8, 2, 1]


def test_minutes_are_those_that_the_scenario_declares(found):
    """A key is replaced (overdue_rotation), an abandoned agent tidied up (outlived_agent), anything else ended."""
    assert found["minutes"].tolist() == [42, 36, 30]
    assert set(found["minutes_from"]) == {"scenario"}


def test_minutes_that_no_scenario_declares_are_the_bundled_ones(tmp_path):
    """They say so."""
    ledger = FOUR.having(scenario={"debt": {"overdue_rotation": 7}})
    found = outlive.worklist(_stored(tmp_path / "a.duckdb", ledger)).set_index("credential")
    assert found["minutes"].to_dict() == {"1": 7, "3": 20, "0": 5}
    assert found["minutes_from"].to_dict() == {"1": "scenario", "3": "default", "0": "default"}


def test_who_would_notice(found):
    """Holder, owner, the last accepted use, the tasks under way with it and what was cut from it."""
    assert found["holder"].tolist() == ["agent 0", "agent 2", "agent 1"]
    assert found["owner"].tolist() == ["owner", "nobody", "nobody"]
    assert found["last_use"].tolist() == ["2026-01-05T11:00:00Z", "never seen", "never seen"]
    assert found.loc["1", "idle_hours"] == 13
    assert found["children"].tolist() == [1, 0, 0]
    assert found["tasks"].tolist() == [1, 0, 0]
    assert found["observed_hours"].tolist() == [24, 24, 24]
    assert found["why"].tolist() == [
        "last used 13 h before the run ends; 1 task under way with it; 1 credential in force cut from it",
        "not used in the 24 h that the run covers",
        "not used in the 12 h since it was issued",
    ]
    assert found["unseen"].isna().all()


def test_what_its_holder_has_by_other_means_is_told(tmp_path):
    """Another credential that lasts, or an issuer that grants it to anybody, leaves the permission with the holder."""
    ledger = Ledger(
        seconds=DAY, begins=0, trusts=[Trust(["read money"])],
        credentials=[
            Credential(["read notes", "write notes", "read money"]), Credential(["read notes"]),
            Credential(["write notes"], ends=HOUR), Credential(["write notes"], agent=UNKNOWN),
        ],
    )  # fmt: skip
    found = outlive.worklist(_stored(tmp_path / "a.duckdb", ledger)).set_index("credential")
    assert "its holder would keep 2 of 3 permissions by other means" in found.loc["0", "why"]
    assert "keep" not in found.loc["3", "why"]
    assert found.loc["3", "holder"] == found.loc["3", "owner"] == "not known"


def test_only_what_is_still_accepted_counts(tmp_path):
    """A permission whose verifier refuses the credential already is not removed by revoking it."""
    credential = Credential(["write money", "read notes"], 0, refused={"far": 6 * HOUR})
    found = outlive.worklist(_stored(tmp_path / "a.duckdb", Ledger(seconds=DAY, credentials=[credential])))
    assert found["hours_lo"].tolist() == [24]
    assert found["carries"].tolist() == [1]


def test_hours_add_up_to_the_standing_privilege(tmp_path):
    """Over credentials that all last, they are what privilege_hours tells of two agents."""
    ledger = FOUR.having(agents=2, lives=(), credentials=[
        Credential(["write money", "read money"], 3 * HOUR), Credential(["write notes"], agent=1),
    ])  # fmt: skip
    path = _stored(tmp_path / "a.duckdb", ledger)
    with Store.open(path) as store, examine(store, "truth", [1]) as examination:
        standing = answers(examination, "privilege_hours")[1]["standing_task"].lo
    assert outlive.worklist(path)["hours_lo"].sum() / 2 == pytest.approx(standing)


def test_an_end_that_is_not_known_gives_no_hours(tmp_path):
    """It may be accepted still, so it is listed; for how long it was nobody knows."""
    found = outlive.worklist(_stored(tmp_path / "a.duckdb", FOUR.having(credentials=[
        Credential(["write money"], ends=UNKNOWN), Credential(["read notes"]),
    ])))  # fmt: skip
    assert found["credential"].tolist() == ["1", "0"]
    assert found["hours_lo"].isna().tolist() == [False, True]
    assert found["hours_hi"].isna().tolist() == [False, True]


SILENT = {
    "profile": "full", "name": "full-far", "differences": "far absent", "intent": True, "tool_call": True,
    "data_touch": True, "approval_context": True, "dropped": 0, "absent": ["far"], "skewed": [], "skew": 0,
}  # fmt: skip
ISSUED = FOUR.having(
    profile="full-far", lives=(),
    events=[
        Event("issue", HOUR, issued=1, target=0),
        Event("use", 2 * HOUR, credential=1, atom="write money", decision="allow"),
    ],
)  # fmt: skip


def test_a_system_that_hands_in_no_log_is_named(tmp_path):
    """What was used there does not show as used, and the row says that it may be in use."""
    path = _stored(tmp_path / "a.duckdb", ISSUED, SILENT)
    [row] = outlive.worklist(path, evidence="log").to_dict("records")
    assert row["last_use"] == "never seen"
    assert row["why"].endswith("uses at far are not logged, so it may be in use")
    [seen] = outlive.worklist(path, evidence="truth").query("credential == '1'").to_dict("records")
    assert seen["last_use"] == "2026-01-05T02:00:00Z"
    assert "may be" not in seen["why"]


def test_a_log_that_loses_events_says_so(tmp_path):
    """A use may be among what is lost."""
    losing = {**SILENT, "name": "full-far", "absent": [], "dropped": 655}
    [row] = outlive.worklist(_stored(tmp_path / "a.duckdb", ISSUED, losing), evidence="log").to_dict("records")
    assert row["unseen"] == "uses among the events that it loses"


def test_a_log_without_credentials_is_no_empty_list(tmp_path):
    """An empty list would look clean."""
    path = _stored(tmp_path / "a.duckdb", FOUR.having(profile="human_login"))
    with pytest.raises(Refusal, match="names no credentials"):
        outlive.worklist(path, evidence="log")


def test_nothing_left_is_said_in_words(tmp_path, capsys):
    """Where nothing is accepted any more, a table of nothing is a sentence."""
    path = _stored(tmp_path / "a.duckdb", FOUR.having(credentials=(), events=()))
    assert main(["worklist", str(path)]) == 0
    assert capsys.readouterr().out == "no credential that this evidence shows is accepted when the window ends\n"


def test_first_is_how_many_are_listed(tmp_path):
    """The first ones of the same order; none is refused."""
    path = _stored(tmp_path / "a.duckdb", FOUR)
    assert outlive.worklist(path, first=2)["credential"].tolist() == ["1", "3"]
    with pytest.raises(Refusal, match=r"first = 0: .* at least 1"):
        outlive.worklist(path, first=0)


def test_a_store_without_runs(tmp_path):
    """It is refused in a line that says what to do."""
    with Store.create(tmp_path / "none.duckdb"):
        pass
    with pytest.raises(Refusal, match=r"none\.duckdb: no completed run in it; simulate or ingest"):
        outlive.worklist(tmp_path / "none.duckdb")


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_names_of_strangers_are_not_obeyed(tmp_path, capsys, form):
    """Neither a terminal nor a spreadsheet obeys the name of a holder."""
    path = _stored(tmp_path / "a.duckdb", FOUR)
    with Store.create(path) as store:
        store.connection.execute(
            "UPDATE fact.principal SET name = $name WHERE kind = 'agent'", {"name": "=1\x1b[2J\n+1"}
        )
    assert main(["worklist", str(path), "--format", form]) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert all(line.isprintable() for line in said.splitlines())
    if form == "csv":
        assert {row["holder"][:2] for row in csv.DictReader(io.StringIO(said))} == {"'="}
    if form == "json":
        assert json.loads(said)[0]["holder"] == "=1\x1b[2J\n+1"


def test_a_real_format_claims_no_more_than_it_shows(tmp_path):
    """The bundled trail tells neither scopes, owners nor tasks; what is not recorded would not show, says every row."""
    path = tmp_path / "observed.duckdb"
    outlive.ingest([SAMPLE], path)
    found = outlive.worklist(path, first=100)
    with Store.open(path) as store:
        lasting = store.rows("""
            SELECT n.name, max(e.time) FILTER (e.decision IS DISTINCT FROM 'deny') FROM log.credential c
            JOIN log.run r USING (run)
            JOIN fact.natural_key n ON n.entity = 'credential' AND n.id = c.id
            LEFT JOIN log.event e ON e.credential = c.id
            WHERE c.to_hi > r.t1 GROUP BY n.name
        """)
    assert dict(zip(found["credential"], found["last_use"], strict=True)) == {
        name: "never seen" if last is None else f"{last:%Y-%m-%dT%H:%M:%SZ}" for name, last in lasting
    }
    assert found["hours_hi"].isna().all()
    assert set(found["owner"]) == {"not known"}
    assert found["tasks"].isna().all()
    assert set(found["minutes_from"]) == {"default"}
    hidden = "calls that were not recorded or lie in files not given or which tasks use a credential"
    unread = "uses in 12 records that could not be read, uses in 2 files not read, or not to the end"
    assert set(found["unseen"]) == {f"{unread}, {hidden}"}
    assert (found["carries"] / found["minutes"]).is_monotonic_decreasing


def test_an_inventory_of_identities_tells_no_owners(tmp_path):
    """Beside a snapshot of IAM, which lists identities and no owners, it is not known that nobody owns one."""
    path = tmp_path / "held.duckdb"
    outlive.ingest([SAMPLE, SAMPLE.with_name("aws_iam")], path)
    assert set(outlive.worklist(path, first=100)["owner"]) == {"not known"}


def test_a_table_says_that_any_may_be_in_use(tmp_path, capsys):
    """Below the rows of a log stands once what it may not show, and whose minutes these are."""
    path = tmp_path / "observed.duckdb"
    outlive.ingest([SAMPLE], path)
    assert main(["worklist", str(path), "--first", "2"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.endswith("or which tasks use a credential: any of these may be in use.")
    assert "Minutes: of remediation, the work of putting it right, by default (data/org" in said
    assert "Permission-hours: weighted, a day, outside need." in said


def test_of_a_log_without_scopes_each_verifier_is_told_once(tmp_path):
    """Where any credential may open anything, each is told once a verifier and not once an atom: those are too many."""
    path = _stored(tmp_path / "a.duckdb", FOUR.having(profile="cloud_audit"))
    with Store.open(path) as store, examine(store, "log") as examination:
        [(rows, pairs)] = examination.connection.execute(
            "SELECT count(*), count(DISTINCT row(credential, verifier)) FROM carried WHERE bound = 'hi'"
        ).fetchall()
    assert rows == pairs > 0
