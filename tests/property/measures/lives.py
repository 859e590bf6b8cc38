"""Logs in the interchange form of credentials, each of an agent of its own, and what is told of their lives.

A row is when, what, and the end that it states: a time, never (infinite), or none. It is an issue, a renewal, a
revocation (revoke), or a call that is let in (allow), refused as late or for another reason, or of which nobody knows.
A call that gives or ends another credential is let in. What stands there for an end of a call is since when what it
presents is there.
"""

import csv
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from math import inf

from analysis.ingest.claims import CLAIMS, KINDS
from analysis.ingest.ingest import ingest
from sim.audit.store import Store

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WHOLE = " ".join([*CLAIMS, *KINDS])
# Where revocations may be missing, no end is proven but those that are told.
CLAIMED = {"whole": WHOLE, "in part": WHOLE.replace("revocations", "").replace("every_event", "")}
BEGINNING = {"issue", "renewal"}
REFUSED = {"late": ("expired", "revoked"), "other": ("out_of_scope", "")}
BESIDE = {"gives": "issue", "ends": "revoke"}
SEEN = """
    SELECT n.name, c.from_hi, c.to_lo, CASE WHEN isfinite(c.from_lo) THEN c.from_lo END,
           CASE WHEN isfinite(c.to_hi) THEN c.to_hi END
    FROM log.credential c JOIN fact.natural_key n ON n.run = c.run AND n.entity = 'credential' AND n.id = c.id
"""


@contextmanager
def logged(folder, told, claimed):
    """A store with the log of what is told of some credentials, by name, which claims that."""
    rows = [_row(name, *each) for name, rows in told.items() for each in rows]
    sheet = folder / "log.csv"
    with sheet.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*dict.fromkeys(name for row in rows for name in row), "keeps"])
        writer.writeheader()
        writer.writerows({**row, "keeps": CLAIMED[claimed]} for row in rows)
    with Store.in_memory() as store:
        [done] = ingest([sheet], store)
        assert done.rejected == 0
        yield store


def seen(store):
    """Of each credential since and until when it is proven, and the same of what is possible; None without end."""
    return {name: [each and after_noon(each) for each in times] for name, *times in store.rows(SEEN)}


def window(store):
    """Since and until when the log is measured."""
    [times] = store.rows("SELECT t0, t1 FROM log.run")
    return [after_noon(each) for each in times]


def after_noon(time):
    """In seconds."""
    return (time.replace(tzinfo=UTC) - NOON).total_seconds()


def _row(name, time, what, until):
    if what == "revoke":
        return _about(name, time, "revoke", reason="deleted")
    if what in BEGINNING:
        # A renewal is told either way.
        kind, reason = ("issue", "") if what == "issue" else (("issue", "renew")[time // 2 % 2], "renewal")
        ends = "" if until is None else "never" if until == inf else _stamp(until)
        return _about(name, time, kind, issued_until=ends, reason=reason)
    if what in BESIDE:
        other = {"issued": f"{name} at {time}", "issued_kind": "session_token", "target": "agent other"}
        return _call(name, time, kind=BESIDE[what], decision="allow", target_kind="agent", **other)
    decision = "deny" if what in REFUSED else "" if what == "unknown" else what
    reason = REFUSED[what][time // 2 % 2] if what in REFUSED else ""
    return _call(name, time, decision=decision, reason=reason, credential_since="" if until is None else _stamp(until))


def _stamp(time):
    return (NOON + timedelta(seconds=time)).isoformat()


def _about(name, time, kind, **more):
    told = {"issued": name, "issued_kind": "task_token", "time": _stamp(time), "kind": kind}
    return {"target": f"agent {name}", "target_kind": "agent", **told, **more}


def _call(name, time, **more):
    """One that takes no time."""
    held = {"credential": name, "credential_kind": "task_token"}
    by = {"principal": f"agent {name}", "principal_kind": "agent"}
    atom = {"resource_group": "crm", "level": "write", "tier": "3", "duration_s": "0", "operation": "edit"}
    return {
        **held,
        **by,
        **atom,
        "time": _stamp(time),
        "requested": _stamp(time),
        "action": f"{name} at {time}",
        **more,
    }
