"""The same questions in DuckDB and in pandas, on the same columns, by turns; no time is told unless the answers agree.

pandas has the easier part: its columns are in memory, it is spared whatever this fleet does not have (denied scopes,
waits within a task, assignments that come and go, ends that are not known), and it is told nothing of runs.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

import numpy as np
import pandas as pd

from analysis.measures.examination import examine
from analysis.measures.measure import find
from benchmarks.ways import UnequalError
from benchmarks.world import EVIDENCE, Kind
from sim.audit.store import Store

Frames = Mapping[str, pd.DataFrame]

_HERE: Final = Path(__file__).parent
_PARTS: Final = ["never_used", "total", "used"]


@dataclass(frozen=True)
class Question:
    """What is asked, of which kind of store and which of its columns, and how each answers it."""

    name: str
    kind: Kind
    frames: tuple[str, ...]
    in_duckdb: Callable[[Store], pd.DataFrame]
    in_pandas: Callable[[Frames], pd.DataFrame]


@dataclass(frozen=True)
class Answer:
    """Median seconds of each, and how many times longer pandas takes."""

    question: str
    events: int
    duckdb_s: float
    pandas_s: float

    @property
    def ratio(self) -> float:
        """How many times faster than pandas."""
        return self.pandas_s / self.duckdb_s


def answer(question: Question, store: Store, events: int, turns: int = 3) -> Answer:
    """Ask both by turns.

    Raises:
        UnequalError: they do not agree.
    """
    frames = dict(_frames(store, question))
    both = partial(question.in_duckdb, store), partial(question.in_pandas, frames)
    _demand_equal(question, *(ask() for ask in both))
    taken = [[_seconds(ask) for ask in both] for _ in range(turns)]
    in_duckdb, in_pandas = (median(each) for each in zip(*taken, strict=True))
    return Answer(question.name, events, in_duckdb, in_pandas)


def _seconds(ask: Callable[[], pd.DataFrame]) -> float:
    began = perf_counter()
    ask()
    return perf_counter() - began


def _demand_equal(question: Question, one: pd.DataFrame, other: pd.DataFrame) -> None:
    try:
        pd.testing.assert_frame_equal(one, other, check_dtype=False, rtol=1e-9)
    except AssertionError as error:
        raise UnequalError(f"{question.name}: pandas and DuckDB do not agree: {error}") from error


def _frames(store: Store, question: Question) -> Iterator[tuple[str, pd.DataFrame]]:
    texts = (_HERE / "columns.sql").read_text("utf-8").split("-- frame: ")[1:]
    with store.evidence(EVIDENCE[question.kind]) as connection:
        for name, _, sql in (text.partition("\n") for text in texts):
            if name in question.frames:
                yield name, connection.execute(sql).df()


def _usage(store: Store) -> pd.DataFrame:
    with store.evidence("log") as connection:
        return connection.execute((_HERE / "usage.sql").read_text("utf-8")).df()


def _usage_in_pandas(frames: Frames) -> pd.DataFrame:
    calls = frames["calls"]
    used = calls[(calls["kind"] == "use") & (calls["decision"] == "allow") & calls["resource"].notna()]
    return used.groupby(["principal", "resource"], as_index=False).agg(
        uses=("time", "size"), first_use=("time", "min"), last_use=("time", "max")
    )


def _stale_access(store: Store) -> pd.DataFrame:
    with examine(store, "truth") as examination:
        return examination.measure(find("stale_access")).set_index("part")[["lo"]].rename(columns={"lo": "hours"})


def _stale_access_in_pandas(frames: Frames) -> pd.DataFrame:
    spans = frames["needs"].groupby(["task", "principal", "atom"], as_index=False).agg({"starts": "min", "ends": "max"})
    needed = spans.rename(columns={"principal": "holder", "starts": "need_starts", "ends": "need_ends"})
    last = pd.merge_asof(
        _held(frames).sort_values("ends"), needed.sort_values("need_starts"), left_on="ends", right_on="need_starts",
        by=["holder", "atom"], allow_exact_matches=False,
    )  # fmt: skip
    used = (last["need_ends"] > last["since"]) | (last["need_starts"] >= last["since"])
    needed_until = np.maximum(np.minimum(last["need_ends"].fillna(last["starts"]), last["ends"]), last["starts"])
    agent_days = float(frames["window"]["agent_days"].iloc[0])
    hours = last["weight"] * (last["ends"] - needed_until) / 3.6e9 / 1e6 / agent_days
    by_part = hours.groupby(np.where(used, "used", "never_used")).sum()
    by_part["total"] = hours.sum()
    return pd.DataFrame({"hours": by_part.reindex(_PARTS).rename_axis("part")})


def _held(frames: Frames) -> pd.DataFrame:
    """Which credential let its holder do what, from when until when in the window."""
    t0, t1 = (int(frames["window"][name].iloc[0]) for name in ("t0", "t1"))
    atoms = frames["scopes"].merge(frames["catalogue"], on="atom")
    each = frames["credentials"].merge(atoms, on="scope_set")
    each = each.merge(frames["acceptances"], on=["credential", "verifier"], how="left")
    ends = np.minimum(np.minimum(each["until"], each["refused"].fillna(t1)), t1)
    held = each.assign(starts=np.maximum(each["since"], t0), ends=ends.astype("int64"))
    return held[held["starts"] < held["ends"]]


QUESTIONS: Final = (
    Question("stale_access", "simulated", ("needs", "credentials", "scopes", "catalogue", "acceptances", "window"),
             _stale_access, _stale_access_in_pandas),
    Question("usage", "observed", ("calls",), _usage, _usage_in_pandas),
)  # fmt: skip
