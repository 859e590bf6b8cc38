"""One measure, or all, of one store, timed in a process of its own, which says what it took as JSON."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time

from analysis.measures.examination import examine
from analysis.measures.measure import find, measures
from benchmarks.memory import peak_mb
from sim.audit.store import Evidence, Store


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the seconds that a measure takes, its CPU seconds at first, and the greatest resident memory in MB."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("evidence", choices=("log", "truth"))
    parser.add_argument("measure", nargs="?", help="all of them, if none is named")
    parser.add_argument("--memory", required=True)
    parser.add_argument("--again", type=int, default=1, help="how often it is asked once more")
    given = parser.parse_args(arguments)
    with Store.open(given.store, given.memory) as store:
        (first, cpu), *again = times(store, given.evidence, given.measure, given.again)
    again_s = min((seconds for seconds, _ in again), default=None)
    print(json.dumps({"first_s": first, "cpu_s": cpu, "again_s": again_s, "peak_mb": peak_mb()}))


def times(store: Store, evidence: Evidence, measure: str | None, again: int) -> list[tuple[float, float]]:
    """Seconds and CPU seconds that a measure, or all, takes: the first time with what measures share, then without."""
    asked = [find(measure)] if measure else [each for each in measures() if evidence in each.evidence]
    # What others are made of is kept under its name; one of another title is worked out each time.
    asked = [replace(each, title=f"{each.title}, timed") for each in asked]
    taken = []
    with examine(store, evidence) as examination:
        for _ in range(1 + again):
            began, worked = perf_counter(), process_time()
            for each in asked:
                examination.measure(each)
            taken.append((perf_counter() - began, process_time() - worked))
    return taken


if __name__ == "__main__":
    main()
