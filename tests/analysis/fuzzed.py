"""`python -m tests.analysis.fuzzed LINES STORES [SEED]`: damage what logs hold, and look what that costs.

* Lines: in a log with a record a line one line is damaged, byte by byte. Every other is found as it was.
* Stores: logs damaged anywhere are ingested together. Nothing fails, every record has one fate, no rule of a store is
  broken.

The logs are the samples of every source and, where OUTLIVE_REAL names a folder of them, real exports.
"""

import json
import os
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

from analysis.ingest.beginning import recognised
from analysis.ingest.canonical import canonical
from analysis.ingest.columns import Told, columns
from analysis.ingest.files import found, read
from analysis.ingest.ingest import ingest
from analysis.ingest.reading import Found
from analysis.ingest.source import sources
from analysis.ingest.strict import RecordError
from sim.audit.store import Store
from sim.audit.verify import verify

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
# What breaks other readers: halves of pairs, marks of byte order, numbers without an end, depth, keys that come twice.
TOKENS = (
    b"\\ud800", b"\x00", b"\\u0000", b"\xff", b"\xef\xbb\xbf", b"1e999", b"-0", b"NaN", b"9" * 400, b"[" * 500, b"{}",
    b"null", b"true", b'"', b"\\", b"}", b"{", b"]", b",", b":", b"}{", b'"":', b"\xed\xa0\x80", b"\xe2\x80\xae",
    b"\x1b[2J", b"=cmd()", b"<script>", b"'; DROP TABLE fact.event; --", b"0001-01-01T00:00:00Z",
    b"9999-12-31T23:59:60Z",
)  # fmt: skip
FATES = """
    SELECT count(*), coalesce(sum(records), 0)::BIGINT,
           count(*) FILTER (kept + merged + repeated + silent + rejected <> records) FROM fact.source_file
"""
# Of a log so many bytes and lines are taken, beginning with the first.
BYTES, LINES = 40_000, 40
TOGETHER = 60
# What a source adds to a record is of those around it, one of which may be damaged.
AROUND = ("within", "conversation")


def logs():
    """{source: what its logs hold, unpacked}, as much of each as is tried."""
    held = {name: [] for name in sources()}
    real = os.environ.get("OUTLIVE_REAL")
    for file in found([SAMPLES, *([Path(real)] if real else [])]):
        data = read(file).data[:BYTES]
        known = recognised(data, sources())
        if len(known) == 1:
            held[known[0]].append(data)
    return held


def damaged(draw, data):
    """The same bytes with one to three places damaged."""
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        at, size = draw.randrange(len(data) + 1), draw.choice((1, 1, 2, 8, 40))
        match draw.randrange(5):
            case 0:
                data = data[:at] + data[at + size :]
            case 1:
                data = data[:at] + data[at : at + size] * 2 + data[at + size :]
            case 2:
                data = data[:at] + draw.choice(TOKENS) + data[at:]
            case 3:
                data = data[:at] + draw.choice(TOKENS) + data[at + size :]
            case _:
                data = data[:at] + bytes(each ^ 1 << draw.randrange(8) for each in data[at : at + 1]) + data[at + 1 :]
    return data


def records(source, data):
    """How often each record is found; whatever it tells can be put down."""
    seen, told = Counter(), []
    for item in source.records(data):
        if isinstance(item, Found):
            seen[canonical({key: value for key, value in item.record.items() if key not in AROUND})] += 1
            try:
                told += [Told(0, part, bytes(16), each) for part, each in enumerate(source.translate(item.record))]
            except RecordError:
                continue
    columns(told)
    return seen


def line(draw, source, data):
    """Damage a line of a log; whether all others are found as they were."""
    lines = data.split(b"\n")[:LINES]
    at = draw.randrange(len(lines))
    without = records(source, b"\n".join(lines[:at] + lines[at + 1 :]))
    return not without - records(source, b"\n".join([*lines[:at], damaged(draw, lines[at]), *lines[at + 1 :]]))


def is_lines(data):
    """Whether each of a few lines is a record."""
    try:
        some = [json.loads(each) for each in data.split(b"\n")[:LINES] if each.strip()]
    except (ValueError, RecursionError):
        return False
    return len(some) > 1 and all(isinstance(each, dict) for each in some)


def store(draw, held, folder):
    """Ingest damaged logs together; (files, records, files whose records do not add up, rules that are broken)."""
    for number in range(TOGETHER):
        data = draw.choice(held[draw.choice(list(held))])
        (folder / f"{number}.json").write_bytes(damaged(draw, data))
    with Store.in_memory() as kept:
        ingest([folder], kept)
        return [*kept.rows(FATES)[0], sum(rule.broken > 0 for rule in verify(kept))]


def campaign(lines, stores, seed=1):
    """How many lines and stores were tried, and what was lost."""
    draw = random.Random(seed)  # noqa: S311 - nothing here is a secret
    held = {name: some for name, some in logs().items() if some}
    lined = {name: [data for data in some if is_lines(data)] for name, some in held.items()}
    lined = {name: some for name, some in lined.items() if some}
    lost, told = Counter(), Counter(files=0, records=0, uneven=0, broken_rules=0)
    for number in range(lines):
        name = list(lined)[number % len(lined)]
        lost[name] += not line(draw, sources()[name], draw.choice(lined[name]))
    for _ in range(stores):
        with tempfile.TemporaryDirectory() as folder:
            told.update(dict(zip(told, store(draw, held, Path(folder)), strict=True)))
    tried = {"sources": len(held), "by_line": len(lined), "lines": lines, "stores": stores}
    return {**tried, "lost_neighbours": dict(+lost), **told}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(campaign(*map(int, sys.argv[1:]))) + "\n")
