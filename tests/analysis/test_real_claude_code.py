"""Real transcripts of Claude Code give the counts that an independent script found in them."""

import json
from collections import Counter

import pytest

from analysis.ingest.ingest import ingest
from analysis.ingest.instants import instant
from sim.audit.store import Store

BESIDE = {"PROVENANCE.md", "facts.json"}
# Kinds of record that tell of nothing that anybody did; the one of kind system is no beginning of a session.
SILENT = ("file-history-snapshot", "queue-operation", "summary", "system")


@pytest.fixture(scope="module")
def folder(real):
    """The folder of the exports."""
    return real / "agents-claude-code"


@pytest.fixture(scope="module")
def facts(folder):
    """What the script counted."""
    return json.loads((folder / "facts.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def store(folder):
    """The store they are ingested into."""
    with Store.in_memory() as opened:
        ingest([folder], opened)
        yield opened


def pieces(record):
    """What a message consists of, besides plain text."""
    content = (record.get("message") or {}).get("content")
    return content if isinstance(content, list) else []


@pytest.fixture(scope="module")
def written(folder):
    """The records, read by nothing of ours."""
    paths = sorted(folder.rglob("*.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines() if line.strip()]


def test_each_file_and_record_is_read(store, facts):
    """Every file is recognised but the two that are no transcripts, and no record of theirs is refused."""
    refused = store.rows("SELECT path FROM fact.reject JOIN fact.source_file ON source_file = id")
    assert {path for (path,) in refused} == BESIDE
    [counted] = store.rows("""
        SELECT count(*), sum(records), sum(rejected) FROM fact.source_file WHERE source = 'claude_code'
    """)
    assert counted == (facts["files"], facts["records"], facts["malformed"])


def test_repeated_records_are_the_duplicates(store, facts, written):
    """The script takes records without an id for one that is repeated; those that have one are repeated here too."""
    without = sum("uuid" not in each for each in written)
    [(repeated,)] = store.rows("SELECT sum(repeated) FROM fact.source_file")
    assert repeated == facts["duplicate_uuid"] - (without - 1)


def test_each_tool_is_called_as_often(store, facts):
    """Calls by tool are those of the script, whatever came of them, and questions are calls too."""
    counted = store.rows("""
        SELECT operation, count(*) FROM log.event WHERE kind IN ('use', 'request_approval') AND operation IS NOT NULL
        GROUP BY operation
    """)
    assert dict(counted) == facts["tool_use"]


def test_each_result_is_of_its_call(store, written):
    """A result whose call lies in another file is one event with it; of the others the tool is not known."""
    blocks = [(each["sessionId"], block) for each in written for block in pieces(each)]
    called = {(session, block["id"]) for session, block in blocks if block["type"] == "tool_use"}
    came = {(session, block["tool_use_id"]) for session, block in blocks if block["type"] == "tool_result"}
    [counted] = store.rows("""
        SELECT count(*), count(*) FILTER (operation IS NULL) FROM log.event WHERE kind IN ('use', 'request_approval')
    """)
    assert counted == (len(called | came), len(came - called))
    # One that also ends a sub-agent is kept for that.
    ending = [each for each in written if "agentId" in (each.get("toolUseResult") or ())]
    [(merged,)] = store.rows("SELECT sum(merged) FROM fact.source_file")
    assert merged == len(called & came) - len(ending)


def test_what_tells_nothing_is_silent(store, facts, written):
    """Bookkeeping is silent, and so are messages of text alone that nothing begins with."""
    messages = [each for each in written if each["type"] in ("user", "assistant") and each["parentUuid"] is not None]
    texts = [each for each in messages if not any(block["type"].startswith("tool_") for block in pieces(each))]
    [(silent,)] = store.rows("SELECT sum(silent) FROM fact.source_file")
    assert silent == sum(facts["types"][kind] for kind in SILENT) + len(texts)


def test_conversations_begin_where_nothing_is_before(store, written):
    """A record without a parent begins a conversation; of sub-agents the call that began them tells as well."""
    first = [each for each in written if "uuid" in each and each["parentUuid"] is None]
    began = store.rows("""
        SELECT n.name, p.name FROM log.task t JOIN fact.natural_key n ON n.entity = 'task' AND n.id = t.id
        LEFT JOIN fact.natural_key p ON p.entity = 'task' AND p.id = t.parent
    """)
    own = [
        (f"{each['sessionId']}/{each['agentId']}", each["sessionId"])
        if each["isSidechain"]
        else (each["sessionId"], None)
        for each in first
    ]
    told = [
        (f"{each['sessionId']}/{each['toolUseResult']['agentId']}", each["sessionId"])
        for each in written
        if "agentId" in (each.get("toolUseResult") or ())
    ]
    assert Counter(began) == Counter({*own, *told})


def test_events_lie_within_the_time_span(store, facts):
    """The earliest and the latest event are those of the script: the first call, and the last result."""
    [(first, last)] = store.rows("SELECT epoch_us(min(time)), epoch_us(max(time)) FROM log.event")
    assert first == instant(facts["first"])
    assert last <= instant(facts["last"])
    [(last,)] = store.rows("SELECT max(epoch_us(time) + coalesce(duration, 0)) FROM fact.event")
    assert last == instant(facts["last"])


def test_a_person_said_no_twice(store, written):
    """Refusals by a person are those whose result says so, and no refused call counts as let in."""
    no = [each for each in written if f"{each.get('toolUseResult')}".startswith("Error: The user doesn't want to")]
    [counted] = store.rows(
        "SELECT count(*), count(*) FILTER (decision = 'deny') FROM log.event WHERE reason = 'approver'"
    )
    assert counted == (len(no), len(no))
