"""Real authorization details give the counts that an independent script found in them."""

import json

import pytest

from analysis.ingest.ingest import ingest
from sim.audit.store import Store

# Who holds as many atoms for certain as anybody does.
MOST = """
    WITH held AS (
        SELECT p.name, p.kind::VARCHAR AS kind, count(s.atom) FILTER (NOT s.conditional) AS certain
        FROM log.assignment a
        JOIN log.principal p ON p.run = a.run AND p.id = a.principal
        JOIN log.scope_set_atom s ON s.run = a.run AND s.scope_set = a.scope_set
        GROUP BY ALL
    )
    SELECT name, kind FROM held WHERE certain = (SELECT max(certain) FROM held)
"""


@pytest.fixture(scope="module")
def export(real):
    """The one account there is: facts of it, what became of it, and where it lies."""
    folder = real / "aws-iam-authz-details"
    facts = json.loads((folder / "facts.json").read_text("utf-8"))["example.json.gz"]
    with Store.in_memory() as store:
        [summary] = ingest([folder], store)
        yield facts, summary, store


def test_each_entity_is_understood(export):
    """As many users, groups, roles and policies as the facts have, and none is refused."""
    facts, summary, store = export
    assert summary.records == sum(facts[name] for name in ("users", "groups", "roles", "policies"))
    assert (summary.rejected, summary.unread) == (0, 2)
    kinds = dict(
        store.rows("SELECT kind::VARCHAR, count(*) FROM log.principal WHERE active_from IS NOT NULL GROUP BY kind")
    )
    assert (kinds["service"], kinds["group"], kinds["role"]) == (facts["users"], facts["groups"], facts["roles"])


def test_times_are_those_of_the_facts(export):
    """When identities were made, and when roles were last used, which is when the snapshot is taken to be of."""
    facts, summary, store = export
    [(first, last)] = store.rows("SELECT min(time), max(time) FROM log.event")
    assert (f"{first}+00:00", f"{last}+00:00") == (facts["LastUsed_min"], facts["LastUsed_max"])
    assert summary.events == facts["roles_with_LastUsedDate"]
    assert f"roles of which the snapshot tells no last use: {facts['roles_never_used']}" in summary.notes
    assert store.rows("SELECT t0::VARCHAR || '+00:00' FROM log.run") == [(facts["LastUsed_max"],)]
    # The facts have these of roles alone: two users are older.
    made = store.rows("SELECT min(active_from), max(active_from) FROM log.principal WHERE kind = 'role'")
    assert [(f"{first}+00:00", f"{last}+00:00") for first, last in made] == [
        (facts["CreateDate_min"], facts["CreateDate_max"])
    ]


def test_whoever_administers_holds_everything(export):
    """The roles with the AdministratorAccess policy are among those that hold most, and so for certain."""
    facts, _, store = export
    roles = {name for name, kind in store.rows(MOST) if kind == "role"}
    assert len(roles) >= facts["roles_with_AdministratorAccess"]
