"""The lineage of an event: every link that the facts have, none that they have not, and never more than a log tells."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from analysis.ingest.ingest import ingest
from analysis.lineage.lineage import candidates, lineage
from analysis.report.chain import sentence, table
from analysis.report.descent import descent
from outlive.pictures import traced
from sim import scenario
from sim.audit.refusal import Refusal
from sim.audit.store import Store
from sim.control import model
from sim.experiment import Plan, carry_out

DATA = Path(__file__).parents[2] / "data"
HOURS = {
    "start": "2026-01-05T09:00:00Z", "window.warm_up_hours": 1, "window.hours": 3, "fleet.agents": 4,
    "sub_agents.share": 0.5, "incidents.t2.count": 4,
}  # fmt: skip


@pytest.fixture(scope="module")
def store():
    """One run of a model that delegates and asks humans, its log complete, with attackers about."""
    asked = scenario.load(DATA / "scenarios" / "support_midsize.toml", HOURS)
    control = model.load(DATA / "controls" / "tiered.toml", {"logging.profile": "full"})
    with Store.in_memory() as opened:
        carry_out(Plan(asked, (control,), 1, seed=5, processes=1), opened, lambda _done, _of: None)
        yield opened


@pytest.fixture(scope="module")
def observed():
    """The bundled sample of a real format."""
    with Store.in_memory() as opened:
        ingest([DATA / "samples" / "cloudtrail"], opened)
        yield opened


def _links(store, evidence, event):
    return lineage(store, evidence, 1, event).links


def _ids(links, *names):
    return links[links["link"].isin(names)].sort_values("step", kind="stable")["id"].tolist()


def _uses(store):
    return store.rows("SELECT id, task, approval FROM fact.event WHERE kind = 'use' AND task IS NOT NULL ORDER BY id")


@pytest.mark.parametrize("evidence", ["log", "truth"])
def test_tasks_lead_to_the_root(store, evidence):
    """The tasks of an event are its own and every one above it, one by one, as on file."""
    parents = dict(store.rows("SELECT id, parent FROM fact.task"))
    deep = [row for row in _uses(store) if parents[row[1]] is not None][:3] + _uses(store)[:2]
    assert len(deep) == 5
    for event, task, *_ in deep:
        chain = []
        while task is not None:
            chain.append(task)
            task = parents[task]  # noqa: PLW2901 - a walk upwards
        assert _ids(_links(store, evidence, event), "task", "called_by") == chain


@pytest.mark.parametrize("evidence", ["log", "truth"])
def test_an_approved_use_leads_to_who_agreed(store, evidence):
    """The approval of a use is the decision that it rests on; one that needed none has none."""
    deciders = dict(store.rows("SELECT d.id, p.name FROM fact.approval d JOIN fact.principal p ON p.id = d.decider"))
    approved = next(row for row in _uses(store) if row[2] is not None)
    links = _links(store, evidence, approved[0]).set_index("link")
    assert links.loc["approval", "id"] == approved[2]
    assert links.loc["approval", "name"] == deciders[approved[2]]
    other = next(row for row in _uses(store) if row[2] is None)
    assert _links(store, evidence, other[0]).set_index("link").loc["approval", "name"] == "none"


def test_credentials_lead_to_what_they_were_issued_from(observed):
    """Behind a role session stands the key that asked for it, which nothing was presented for."""
    [(event, session, key)] = observed.rows("""
        SELECT min(u.id), any_value(u.credential), any_value(i.credential) FROM fact.event u
        JOIN fact.event i ON i.issued = u.credential AND i.kind = 'assume' AND i.time <= u.time
        WHERE i.credential IS NOT NULL AND u.kind = 'use' GROUP BY u.credential ORDER BY 1 LIMIT 1
    """)
    links = _links(observed, "log", event)
    assert _ids(links, "credential", "issued_from") == [session, key]
    assert links.set_index("link").loc["owner", "name"] == "not told by this log"


def test_where_no_file_of_a_policy_is_named_there_was_one_all_the_same(store):
    """What a decision point allowed by policy it decided: that there is no policy would be wrong."""
    [(event,)] = store.rows("""
        SELECT max(u.id) FROM fact.event u JOIN fact.event d ON d.run = u.run AND d.action = u.action
        WHERE u.kind = 'use' AND d.kind = 'decide' AND d.reason = 'policy' AND d.policy IS NULL AND u.policy IS NULL
    """)
    links = _links(store, "truth", event).set_index("link")
    assert links.loc["decision", "detail"].startswith("by policy decision point, policy")
    assert links.loc["policy", "name"] == "no policy file is named"
    assert "No policy file is named." in sentence(lineage(store, "truth", 1, event))


def test_owners_are_those_of_the_moment(store):
    """Whoever answered for the actor then does so in the lineage, and nobody who did before or did after."""
    one_each = "SELECT min(id), principal, min_by(time, id) FROM fact.event WHERE kind = 'use' GROUP BY principal"
    for event, agent, time in store.rows(one_each):
        then = store.rows(
            "SELECT owner FROM truth.ownership"
            " WHERE owned = $agent AND role = 'owner' AND valid_from <= $time AND valid_to > $time",
            {"agent": agent, "time": time},
        )
        found = _ids(_links(store, "truth", event), "owner")
        assert sorted(found) == sorted([owner for (owner,) in then] or [None])


def test_only_the_truth_knows_attackers(store):
    """What an attacker did is an agent's act on the log, and part of an incident on the truth."""
    [(event, incident)] = store.rows(
        "SELECT s.event, s.incident FROM fact.incident_step s JOIN fact.event e ON e.id = s.event"
        " WHERE e.kind = 'use' ORDER BY 1 LIMIT 1"
    )
    assert _ids(_links(store, "truth", event), "attacker") == [incident]
    assert "attacker" not in set(_links(store, "log", event)["link"])
    assert "as part of an attack (" in sentence(lineage(store, "truth", 1, event))


def test_programs_read_what_never_ends(observed):
    """As JSON the times of every link are ISO 8601, and what does not end says so."""
    found = lineage(observed, "log", 1, 18)
    rows = json.loads(traced(found, "json"))
    ends = {row["ends"] for row in rows}
    assert "never" in ends
    assert None in ends
    assert all(datetime.fromisoformat(each).tzinfo for each in ends - {"never", None})
    assert not any("infinity" in (row["detail"] or "") for row in rows)


@pytest.mark.parametrize(("event", "kind"), [(0, "user or service"), (2, "role session")])
def test_who_acted_is_called_what_the_page_of_the_log_calls_him(observed, event, kind):
    """CloudTrail has users, services and role sessions; programs read the words of the schema."""
    found = lineage(observed, "log", 1, event)
    shown = table(found).set_index("link").loc["actor", "detail"]
    assert shown == kind
    [actor] = [row for row in json.loads(traced(found, "json")) if row["link"] == "actor"]
    assert actor["detail"] in {"service", "agent_instance"}


def test_every_event_has_a_sentence_and_a_picture(store):
    """Whatever kind of event it is, it can be told, tabled and drawn."""
    for (event,) in store.rows("SELECT min(id) FROM fact.event GROUP BY kind"):
        found = lineage(store, "truth", 1, event)
        assert sentence(found).endswith(".")
        assert len(table(found)) == len(found.links)
        assert "<svg" in descent(found).svg


def test_candidates_touch_what_weighs_most(store):
    """No event of the window touches more than the first that is proposed."""
    [(most,)] = store.rows("""
        SELECT max(k.tier) FROM truth.event e JOIN truth.catalogue k USING (run, atom) JOIN fact.run r ON r.key = e.run
        WHERE e.kind = 'use' AND e.time >= r.t0
    """)
    proposed = candidates(store, "truth", 1)
    assert proposed["tier"].iloc[0] == most
    assert lineage(store, "truth", 1, int(proposed["event"].iloc[0])).event == proposed["event"].iloc[0]


@pytest.mark.parametrize("event", [-1, 10**15, 2**70])
def test_an_event_that_is_not_there(store, event):
    """It is refused in a line, with how to find one that is."""
    with pytest.raises(Refusal, match=rf"shows no event {event}; leave it out"):
        lineage(store, "log", 1, event)
