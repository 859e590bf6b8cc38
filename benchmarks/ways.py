"""CloudTrail into a table in one of several ways, in a process of its own, which says as JSON what it took and found.

Each leaves a table of typed columns in a file, but pandas, which has it in memory. Only `outlive` does the rest of an
ingest: it refuses what is broken record by record, knows events that are delivered twice, goes on where it was killed,
tells the fate of each record, and rebuilds the ledgers.
"""

import argparse
import gzip
import json
import resource
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks.memory import peak_mb

Rows = list[list[Any]]

_HERE: Final = Path(__file__).parent
# What is asked of each: of each operation the calls, how many of them failed, and by how many keys.
_KEY: Final = "userIdentity.accessKeyId"
_COLUMNS: Final = ["eventID", "eventSource", "eventName", "errorCode", _KEY]


class UnequalError(AssertionError):
    """Two ways to do the same find different things."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print CPU seconds and the greatest resident memory, in MB, of one way, and its answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--into", type=Path, help="a store that is there already, for outlive")
    given = parser.parse_args(arguments)
    with TemporaryDirectory(dir=given.corpus.parent) as folder:
        answer = WAYS[given.way](given.corpus, given.into or Path(folder) / "events")
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"cpu_s": used.ru_utime + used.ru_stime, "peak_mb": peak_mb(), "answer": answer}))


def in_outlive(corpus: Path, into: Path) -> Rows:
    """The verb, into a store, which is made unless it is there."""
    from analysis.ingest.ingest import ingest  # noqa: PLC0415 - each way loads its own
    from sim.audit.store import Store  # noqa: PLC0415

    with Store.create(into) as store:
        ingest([corpus], store)
        return _listed(store.rows(_sql("outlive")))


def in_duckdb(corpus: Path, into: Path) -> Rows:
    """What DuckDB itself makes of the deliveries, whose columns it finds out by itself, into a file."""
    import duckdb  # noqa: PLC0415

    with duckdb.connect(into) as connection:
        connection.execute("SET enable_progress_bar = false")
        made, asked = connection.extract_statements(_sql("duckdb"))
        connection.execute(made, {"files": _files(corpus)})
        return _listed(connection.execute(asked).fetchall())


def in_pandas(corpus: Path, _: Path) -> Rows:
    """`json_normalize`, delivery by delivery; only the columns that are asked for are kept."""
    import pandas as pd  # noqa: PLC0415

    parts = []
    for file in _files(corpus):
        with gzip.open(file) as packed:
            # Copied, because what is only taken out of a table keeps all of that in memory.
            parts.append(pd.json_normalize(json.load(packed)["Records"]).reindex(columns=_COLUMNS).copy())
    events = pd.concat(parts).drop_duplicates("eventID")
    operation = events["eventSource"].str.removesuffix(".amazonaws.com") + ":" + events["eventName"]
    found = events.groupby(operation).agg({"eventID": "size", "errorCode": "count", _KEY: "nunique"})
    return _listed(found.reset_index().sort_values("index", ignore_index=True).itertuples(index=False))


def in_chdb(corpus: Path, into: Path) -> Rows:
    """ClickHouse within the process, told the columns and their types, into a table of its own."""
    session = import_module("chdb.session").Session(str(into))
    for statement in _sql("chdb").replace("{files}", f"{corpus}/*.json.gz").split(";"):
        found = session.query(statement, "JSONCompact")
    return _listed(json.loads(found.bytes())["data"])


WAYS: Final[Mapping[str, Callable[[Path, Path], Rows]]] = {
    "outlive": in_outlive,
    "duckdb": in_duckdb,
    "pandas": in_pandas,
    "chdb": in_chdb,
}


def there() -> list[str]:
    """The ways that can be gone here: chdb only where somebody has installed it."""
    return [way for way in WAYS if way != "chdb" or find_spec("chdb")]


def _files(corpus: Path) -> list[str]:
    return sorted(str(path) for path in corpus.iterdir())


def _sql(way: str) -> str:
    return (_HERE / f"{way}.sql").read_text("utf-8")


def _listed(rows: Any) -> Rows:  # noqa: ANN401 - as each gives rows
    return [[operation, *map(int, counts)] for operation, *counts in rows]


if __name__ == "__main__":
    main()
