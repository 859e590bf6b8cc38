"""Published events of Okta's System Log give the counts that an independent script found in them."""

import json

from analysis.ingest.ingest import ingest
from sim.audit.store import Store

FOLDER, FILE = "multi-panther", "Okta.SystemLog.ndjson"
SPAN = "SELECT min(time), max(time), count(*) FILTER (kind = 'issue') FROM log.event"


def test_each_event_has_a_fate(real):
    """Of all events those without an id or a time are refused, and policies evaluated, limits and risks are silent.

    They are unit tests of detection rules, edited by hand: events are copied under one id and changed, so that many
    collide. The facts count 10 events without a time; those that have no id either are refused for that.
    """
    facts = json.loads((real / FOLDER / "facts.json").read_text("utf-8"))[FILE]
    lines = [json.loads(line) for line in (real / FOLDER / FILE).read_text("utf-8").splitlines()]
    timeless = [each for each in lines if "uuid" in each and not each.get("published")]
    with Store.in_memory() as store:
        [summary] = ingest([real / FOLDER / FILE], store)
        assert (summary.source, summary.records) == ("okta", facts["events"])
        reasons = dict(store.rows("SELECT reason, count(*) FROM fact.reject GROUP BY ALL"))
        assert reasons == {"no uuid": facts["events_without_id"], "no published": len(timeless)}
        [(silent, told)] = store.rows("SELECT silent, kept + repeated FROM fact.source_file")
        assert silent + told == facts["events"] - sum(reasons.values())
        assert silent == sum(_is_no_act(each) for each in lines if each not in timeless and "uuid" in each)
        # One API token is made; of the tokens that others are about, none is given.
        [(first, last, issues)] = store.rows(SPAN)
        assert (_written(first), _written(last), issues) == (
            facts["min_time_as_text"][:23],
            facts["max_time_as_text"][:23],
            1,
        )


def _is_no_act(event):
    """Whether it is, by the documentation of its type, a policy evaluated, a limit or a threat, and refused nobody."""
    called = str(event.get("eventType", event.get("eventtype")))
    of_okta = called in ("policy.evaluate_sign_on", "security.threat.detected") and event["outcome"]["result"] != "DENY"
    return of_okta or "rate_limit" in called or called == "user.account.lock"


def _written(time):
    return time.isoformat(" ", "milliseconds")
