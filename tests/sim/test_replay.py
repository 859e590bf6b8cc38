"""A log under other control models: the same calls at the same times, except for what control makes them wait."""

import json
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analysis.ingest.ingest import ingest
from sim import replay, scenario
from sim.audit import ids
from sim.audit.refusal import Refusal
from sim.audit.store import Store
from sim.audit.verify import verify
from sim.control import model
from sim.experiment import Plan
from sim.experiment import carry_out as simulated
from sim.replay import Replay
from sim.streams import Streams
from sim.workload import sessions

DATA = Path(__file__).parents[2] / "data"
FIGURES = scenario.load(DATA / "scenarios" / "support_midsize.toml")
CONTROLS = {path.stem: model.load(path) for path in (DATA / "controls").glob("*.toml")}
NINE = datetime(2026, 3, 2, 9)  # noqa: DTZ001 - the Z is written out
ACCOUNT = "111122223333"
USES = """
    SELECT epoch_us(e.time), p.name, k.level::VARCHAR, k.resource_group, coalesce(e.operation, x.tool)
    FROM fact.event e
    JOIN fact.run r ON r.key = e.run AND r.key = $run
    LEFT JOIN fact.action x ON x.workload = r.workload AND x.id = e.action
    JOIN fact.principal p ON p.workload = r.workload AND p.id = e.principal
    JOIN fact.catalogue k ON k.workload = r.workload AND k.atom = e.atom
    WHERE e.kind = 'use' AND e.decision = 'allow' AND e.credential IS NOT NULL
"""


def user(name):
    """A user with a key that lasts."""
    arn = f"arn:aws:iam::{ACCOUNT}:user/{name}"
    return {"type": "IAMUser", "arn": arn, "accessKeyId": f"AKIA{name.upper()}", "accountId": ACCOUNT}


def session(name, begun, key):
    """A role session, and the key that it presents."""
    issuer = {"type": "Role", "arn": f"arn:aws:iam::{ACCOUNT}:role/worker"}
    return {
        "type": "AssumedRole", "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/{name}", "accessKeyId": f"ASIA{key}",
        "sessionContext": {"sessionIssuer": issuer, "attributes": {"creationDate": f"{begun.isoformat()}Z"}},
    }  # fmt: skip


def logged(store, *calls):
    """A log of these calls (minutes after nine, who, what, error), taken in; returns its run."""
    return ingest_records(store, [
        {"eventID": f"e{n}", "eventTime": f"{(NINE + timedelta(minutes=at)).isoformat()}Z", "userIdentity": who,
         "eventSource": f"{what.partition(':')[0]}.amazonaws.com", "eventName": what.partition(":")[2],
         "recipientAccountId": ACCOUNT, **({"errorCode": "AccessDenied"} if refused else {})}
        for n, (at, who, what, *refused) in enumerate(calls)
    ])  # fmt: skip


def ingest_records(store, records, folder="log"):
    """Take in CloudTrail records through a file, as everybody does; returns the run."""
    store.folder.mkdir(exist_ok=True)
    (store.folder / f"{folder}.json").write_text(json.dumps({"Records": records}), "utf-8")
    ingest([store.folder], store)
    return last(store)


def last(store):
    """The run that was taken in last."""
    [(key,)] = store.rows("SELECT max(key) FROM fact.run")
    return key


@pytest.fixture(scope="module")
def logs():
    """A store for log after log."""
    with Store.in_memory() as made:
        yield made


@pytest.fixture
def store(logs, tmp_path):
    """The store, and an empty folder for the next log."""
    logs.folder = tmp_path / "logs"
    return logs


@pytest.fixture(scope="module")
def sample():
    """The bundled sample of CloudTrail, replayed under two models with two sets of draws."""
    with Store.in_memory() as made:
        ingest([DATA / "samples" / "cloudtrail"], made)
        controls = (CONTROLS["standing_key"], CONTROLS["per_action"])
        yield made, [*replay.carry_out(Replay(1, FIGURES, controls, 2, seed=1), made).values()]


def rebuilt(store):
    """The workload behind the last log."""
    return sessions.rebuild(store, last(store), FIGURES, Streams(1, 0))


def test_without_control_every_call_comes_when_it_came(sample):
    """Under a key that is there all along, who called what when is what the log says, to the microsecond."""
    store, done = sample
    log, again = (Counter(store.rows(USES, {"run": run})) for run in (1, done[0]))
    assert again == log
    assert log.total() > 10


def test_control_only_makes_calls_wait(sample):
    """Under a credential for each action the same calls are made, none of them earlier."""
    store, done = sample
    first, later = (sorted((who, what, time) for time, who, *what in store.rows(USES, {"run": run}))
                    for run in (done[0], done[2]))  # fmt: skip
    refused = store.rows("SELECT count(*) FROM fact.need WHERE run = $run AND NOT met", {"run": done[2]})
    assert refused == [(0,)]
    assert [row[:2] for row in later] == [row[:2] for row in first]
    assert all(after[2] > before[2] for before, after in zip(first, later, strict=True))


def test_replays_keep_the_rules_of_every_store(sample):
    """What a replay writes breaks no invariant."""
    store, _ = sample
    assert [finding for finding in verify(store) if finding.broken] == []


def test_the_same_replay_is_not_doubled(sample):
    """Replaying again replaces: the same runs, no more rows."""
    store, done = sample
    before = store.rows("SELECT run, count(*) FROM fact.event GROUP BY run ORDER BY run")
    controls = (CONTROLS["standing_key"], CONTROLS["per_action"])
    assert [*replay.carry_out(Replay(1, FIGURES, controls, 2, seed=1), store).values()] == done
    assert store.rows("SELECT run, count(*) FROM fact.event GROUP BY run ORDER BY run") == before


def test_replicates_are_the_same_calls_with_other_draws(sample):
    """Two sets of draws issue the same credentials after other latencies."""
    store, done = sample
    issues = "SELECT task, epoch_us(time) FROM fact.event WHERE run = $run AND kind = 'issue' ORDER BY id"
    one, other = (store.rows(issues, {"run": run}) for run in done[2:])
    assert [task for task, _ in one] == [task for task, _ in other]
    assert one != other


def test_a_session_is_one_task_whatever_keys_it_shows(store):
    """Two keys of one role session are one task; another session of that role is another agent's."""
    first = session("one", NINE, "A"), session("one", NINE, "B")
    logged(store, (0, first[0], "s3:GetObject"), (50, first[1], "s3:PutObject"), (90, first[0], "s3:GetObject"),
           (95, session("two", NINE, "C"), "s3:GetObject"))  # fmt: skip
    work = rebuilt(store)
    assert [len(own) for own in work.roots] == [1, 1]
    assert sorted(len(own[0].actions) for own in work.roots) == [1, 3]
    assert work.observed.agents == tuple(sorted(who["arn"] for who in (first[0], session("two", NINE, "C"))))


def test_a_key_that_rests_for_an_hour_begins_another_task(store):
    """Calls at 0, 59, 119 and 178 minutes are two tasks: the key rested from 59 to 119."""
    logged(store, *((at, user("u"), "s3:GetObject") for at in (0, 59, 119, 178)))
    [roots] = rebuilt(store).roots
    minutes = [(task.arrival // 60_000_000 - roots[0].arrival // 60_000_000, len(task.actions)) for task in roots]
    assert minutes == [(0, 2), (119, 2)]


def test_thought_is_the_time_between_calls(store):
    """Of calls at 0, 2 and 2 minutes the second is thought about for two, the third for none; none takes any time."""
    logged(store, *((at, user("u"), "s3:GetObject") for at in (0, 2, 2)))
    [[task]] = rebuilt(store).roots
    assert [(action.think, action.duration) for action in task.actions] == [(0, 0), (120_000_000, 0), (0, 0)]


def test_what_was_refused_is_counted_and_left_out(store):
    """A refused call is nobody's task, and the assumptions say how many there were."""
    logged(store, (0, user("u"), "s3:GetObject"), (1, user("u"), "s3:PutObject", "refused"))
    work = rebuilt(store)
    assert len(work.actions.id) == 1
    assert work.observed.assumptions["left out"].startswith("Left out: 1 refused call, and 0 calls ")


def test_a_log_that_is_doubted_is_replayed_with_that_doubt(store):
    """A record that nobody could read may have told of a call that is not replayed; of a log that is whole none may."""
    logged(store, (0, user("u"), "s3:GetObject"))
    assert "wanting" not in rebuilt(store).observed.assumptions
    untimed = {"eventID": "example", "eventSource": "s3.amazonaws.com", "eventName": "GetObject"}
    ingest_records(store, [untimed], "untimed")
    said = rebuilt(store).observed.assumptions["wanting"]
    assert said.startswith("The log is not whole (1 refused record): there were maybe calls")


def test_an_identity_works_on_as_many_tasks_at_once_as_it_did(store):
    """Three sessions of one identity, two of which overlap: two at once, so that nobody queues."""
    begun = [NINE, NINE + timedelta(minutes=1), NINE + timedelta(minutes=40)]
    spans = [(0, 30), (20, 35), (40, 45)]
    logged(store, *((at, session("one", since, str(n)), "s3:GetObject")
                    for n, (since, span) in enumerate(zip(begun, spans, strict=True)) for at in span))  # fmt: skip
    work = rebuilt(store)
    assert work.scenario.fleet.concurrency == 2
    assert [len(own) for own in work.roots] == [3]


def test_a_session_with_more_calls_than_a_task_has_room_for_is_several(store, monkeypatch):
    """Seven calls in tasks of three are three tasks, of three, three and one."""
    monkeypatch.setattr(sessions, "_MOST_CALLS", 3)
    logged(store, *((n, user("u"), "s3:GetObject") for n in range(7)))
    [roots] = rebuilt(store).roots
    assert [len(task.actions) for task in roots] == [3, 3, 1]
    assert [ids.task_of(task.actions[-1].id) for task in roots] == [task.id for task in roots]


def test_a_simulated_log_keeps_its_tasks_and_draws():
    """A simulated run replayed under its own model leaves the same events."""
    short = {"window.warm_up_hours": 1, "window.hours": 1.5, "fleet.agents": 4, "incidents.t1b.count": 0}
    asked = scenario.load(DATA / "scenarios" / "support_midsize.toml", {"start": "2026-01-05T08:00:00Z", **short})
    with Store.in_memory() as store:
        simulated(Plan(asked, (CONTROLS["per_task"],), 1, seed=3, processes=1), store, lambda _done, _of: None)
        done = [*replay.carry_out(Replay(1, FIGURES, (CONTROLS["per_task"],), 1, seed=9), store).values()]
        first, again = (store.rows("SELECT * EXCLUDE (run) FROM fact.event WHERE run = $run ORDER BY id", {"run": run})
                        for run in (1, done[0]))  # fmt: skip
    assert len(first) > 200
    assert again == first


@pytest.mark.parametrize(
    ("behind", "calls", "reason"),
    [
        (9, [(0, "s3:GetObject")], "no completed run "),
        (0, [(0, "s3:GetObject", "refused")], "no call under a known credential to replay"),
    ],
)
def test_what_cannot_be_replayed_is_refused(store, behind, calls, reason):
    """A run that is not there, or a log that shows no work: one line that says so."""
    run = behind + logged(store, *((at, user("u"), *what) for at, *what in calls))
    with pytest.raises(Refusal, match=f"{reason}{run if behind else ''}") as refusal:
        replay.carry_out(Replay(run, FIGURES, (CONTROLS["per_task"],), 1, seed=1), store)
    assert "\n" not in str(refusal.value)
