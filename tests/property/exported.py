"""What an export says that it loses, held against what is read from it again."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.export.export import export
from analysis.export.form import forms
from analysis.ingest.ingest import ingest
from sim.audit.store import Store

Named = Mapping[str, Mapping[str, object]]

_HERE = Path(__file__).parent
_QUERIES = {of: _HERE.joinpath(f"named_{of}s.sql").read_text("utf-8") for of in ("event", "credential")}
# Where something was read from says where it is read from now.
_PLACES = ("source_file", "ordinal")
_UNKNOWN = ("unknown", "-infinity", "infinity")


def named(store: Store, run: int) -> dict[str, Named]:
    """Events and credentials of a run's log by name, each with the text of its fields."""
    return {of: _fields(store.connection.cursor().sql(sql, params={"run": run}).df()) for of, sql in _QUERIES.items()}


def _fields(rows: pd.DataFrame) -> Named:
    told = rows.set_index("name").astype(object).where(lambda cell: cell.notna().to_numpy(), None)
    return {str(name): {"id": name, **row} for name, row in told.to_dict("index").items()}


def round_trip(store: Store, run: int, form: str, folder: Path) -> tuple[pd.DataFrame, dict[str, Named]]:
    """What an export says that it loses, and what is read from it."""
    losses = export(store, run, forms()[form], folder)
    with Store.in_memory() as copy:
        [read] = ingest(
            [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "losses.csv"], copy
        )
        assert (read.rejected, read.repeated) == (0, 0)
        return losses, named(copy, 1)


def contradictions(losses: pd.DataFrame, before: Mapping[str, Named], after: Mapping[str, Named]) -> dict[str, str]:
    """The fields of which the report is wrong, and how. Events whose names are not carried are known by their times."""
    wrong = {}
    carries_names = "carried" in set(losses["fate"][losses["field"] == "event.id"])
    called = {of: _same(before[of], after[of]) if of == "event" and not carries_names else {} for of in before}
    for field, rows in losses.groupby("field", sort=False):
        of, _, name = str(field).partition(".")
        counts = dict.fromkeys(("carried", "otherwise", "lost"), 0) | rows.groupby("fate")["rows"].sum().to_dict()
        filled = {called[of].get(key, key): row[name] for key, row in before[of].items() if row[name] is not None}
        copy = {key: after[of][key][name] if key in after[of] else None for key in filled}
        equal = sum(copy[key] == value for key, value in filled.items())
        absent = sum(each in (None, *_UNKNOWN) for each in map(str_or_none, copy.values()))
        constant = len({str(row[name]) for row in after[of].values()}) == 1
        if counts["carried"] + counts["otherwise"] + counts["lost"] != len(filled):
            wrong[field] = f"{counts} of {len(filled)}"
        elif name in _PLACES:
            continue
        elif not counts["carried"] <= equal <= counts["carried"] + counts["otherwise"] + constant * counts["lost"]:
            wrong[field] = f"{counts}, but {equal} are equal"
        elif absent < counts["lost"] and not constant:
            wrong[field] = f"{counts}, but {absent} are absent"
    return wrong


def _same(before: Named, after: Named) -> dict[str, str]:
    """What each event is called in the copy: the one of its kind at its time."""
    copies = {(row["kind"], row["time"]): name for name, row in after.items()}
    moments = Counter((row["kind"], row["time"]) for row in before.values())
    assert set(moments.values()) == {1}
    return {name: copies.get((row["kind"], row["time"]), name) for name, row in before.items()}


def str_or_none(value: object) -> str | None:
    """The text of a value, if there is one."""
    return None if value is None else str(value)
