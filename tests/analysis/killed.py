"""`python -m tests.analysis.killed EXPORTS FOLDER KILLS`: ingest, killed at any moment, and look what is there.

Each trial is a new store that is ingested into until that is done; a timer of the kernel ends the process without a
word, at moments spread evenly over as long as the whole takes. Processes are forked from one that has opened no
database.
"""

import hashlib
import json
import os
import signal
import sys
import time
from pathlib import Path

from analysis.ingest import workbench
from analysis.ingest.ingest import ingest
from sim.audit.store import Store

TABLES = (
    "fact.event",
    "fact.source_file",
    "fact.reject",
    "fact.natural_key",
    "fact.principal",
    "fact.catalogue",
    "ledger.credential",
)


def forked(work):
    """(how it ended, what it wrote): run something in a process of its own."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            said = work()
        except BaseException as error:  # noqa: BLE001 - whatever it is, a process of its own ends here
            said = repr(error)
        os.write(write, said.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as told:
        return os.waitpid(child, 0)[1], told.read()


def ingested(exports, path, seconds=None):
    """Ingest, and be killed after so many seconds; a hash of the store."""
    # So that every file is committed.
    workbench.ENOUGH = 1
    if seconds is not None:
        signal.setitimer(signal.ITIMER_REAL, seconds)
    with Store.create(path) as store:
        ingest([exports], store)
        signal.setitimer(signal.ITIMER_REAL, 0)
        rows = [sorted(store.connection.table(table).fetchall(), key=repr) for table in TABLES]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def main(exports, folder, kills):
    """Print how often it was killed, how often beside a workbench, and how many stores are not as undisturbed ones."""
    began = time.monotonic()
    _, expected = forked(lambda: ingested(exports, folder / "whole.duckdb"))
    longest = time.monotonic() - began
    told = {"killed": 0, "killed_with_a_workbench": 0, "stores": 0, "different": 0, "said": []}
    tried = 0
    while told["killed"] < kills:
        path = folder / f"{told['stores']}.duckdb"
        while True:
            # The golden ratio fills an interval evenly, wherever one stops.
            after = 0.01 + longest * (tried * 0.618034 % 1)
            tried += 1
            status, found = forked(lambda path=path, after=after: ingested(exports, path, after))
            if not os.WIFSIGNALED(status):
                break
            told["killed"] += 1
            told["killed_with_a_workbench"] += path.with_name(f"{path.name}{workbench.ENDING}").exists()
        told["stores"] += 1
        told["different"] += found != expected
        told["said"] += [found] if found != expected else []
        path.unlink()
    told["left_behind"] = sorted(path.name for path in folder.iterdir() if path.name != "whole.duckdb")
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
