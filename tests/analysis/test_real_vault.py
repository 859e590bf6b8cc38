"""A real audit log of Vault gives the counts that an independent script found in it."""

import json

from analysis.ingest.ingest import ingest
from sim.audit.store import Store

FOLDER = "vault-audit"
CHAIN = """
    SELECT e.kind, e.operation, e.decision, e.credential = l.issued AS with_what_was_given,
           e.issued IS NOT NULL AS gives, e.principal = l.principal AS same
    FROM log.event e, (FROM log.event WHERE kind = 'issue') l ORDER BY e.time
"""


def test_a_login_and_what_is_done_with_its_token(real):
    """Three entries are two requests of one entity: a login, and a request under the token that it gave.

    The facts count a second principal-less entry: the login's request, which its response completes. The second
    request has no response here, so that whether it was let in is not known.
    """
    facts = json.loads((real / FOLDER / "facts.json").read_text("utf-8"))["approle-ssh-sign.audit.log"]
    with Store.in_memory() as store:
        [summary] = ingest([real / FOLDER / "approle-ssh-sign.audit.log"], store)
        assert (summary.source, summary.records, summary.events) == ("vault", facts["events"], facts["distinct_ids"])
        assert (summary.merged, summary.rejected) == (facts["duplicate_ids"], facts["malformed_lines"])
        assert store.rows("SELECT count(DISTINCT principal) FROM log.event") == [(facts["distinct_principals"],)]
        assert store.rows(CHAIN) == [
            ("issue", "update logins", "allow", False, True, True),
            ("use", "update engine", None, True, False, True),
        ]
        [(first, last)] = store.rows("SELECT min(time), max(time) FROM log.event")
        # Microseconds are kept, of nine digits.
        spans = facts["min_time_as_text"][:26], facts["max_time_as_text"][:26]
        assert (first.isoformat(), last.isoformat()) == spans
