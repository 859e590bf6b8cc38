"""The report of an ingested log: what it proves, what it allows at most, and what it cannot tell anybody."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb

from analysis.measures.measure import MeasureError, examine, measures
from analysis.report.asking import Answer, ask
from analysis.report.bounds import Bounds, bounds
from analysis.report.grounds import Ground, grounds_of
from analysis.report.legible import listed
from analysis.report.numerals import between, quantity
from analysis.report.rendering import page
from sim.audit.store import Store

_DAY: Final = timedelta(days=1)
_MOST: Final = 25
_SEES: Final = ("credentials", "tasks", "scope", "actions", "queue", "need", "every_event", "every_credential")

# What nobody can tell where a profile lacks the field.
_HIDDEN: Final = {
    "sees_tasks": "Which task an action served: nothing here can say what access outlived its work.",
    "sees_scope": "What a credential was allowed beyond what it was seen to do, and what its holder could have "
    "obtained: what is possible at most assumes everything that the log names.",
    "sees_credentials": "Which credential was used: neither its life nor its reach can be told.",
    "sees_actions": "How long a request waited before it was let through.",
    "sees_ends": "Until when a credential was to be valid.",
    "revocations_complete": "Whether a credential was ended by an act that does not name it: it is proven to live only "
    "until it was last seen to work.",
}


@dataclass(frozen=True)
class Log:
    """An ingested run as its provenance tells it."""

    run: Answer
    totals: Answer
    settings: dict[str, Any]
    assumptions: dict[str, Any]

    @property
    def sees(self) -> dict[str, bool]:
        """What the log shows at all."""
        return {name: bool(self.run[f"sees_{name}"]) for name in _SEES}

    @property
    def span(self) -> str:
        """How long it lasts."""
        return quantity((self.run["t1"] - self.run["t0"]).total_seconds(), "s")

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """What was declared so that it could be measured."""
        return grounds_of(self.assumptions)


def write_observed(store: Store, path: Path, run: int) -> None:
    """Write the report of an ingested run, given by its key.

    Raises:
        MeasureError: there is no such run, or it was not ingested or not completed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(rendered(store, run), "utf-8")


def rendered(store: Store, run: int) -> str:
    """The page of an ingested run."""
    # Half a second to load, which whoever only wants the words need not wait for.
    from analysis.report.timeline import PIECES, timeline  # noqa: PLC0415

    with examine(store, "log", [run]) as examination:
        log = _log(store, examination.connection, run)
        found = bounds(examination, log.sees)
        pieces = ask(examination.connection, "observed_timeline", pieces=PIECES)
        lists = _lists(examination.connection, run)
    return page(
        "observed.html.j2",
        log=log, found=found, answer=answer(log, found), notes=tuple(_notes(log, found)),
        jewels=_jewels(log), unknowable=tuple(_unknowable(log)), definitions=_definitions(),
        figure=timeline(pieces, log.run["t0"], log.run["t1"]), most=_MOST, **lists,
    )  # fmt: skip


def answer(log: Log, found: Bounds) -> str:
    """What the log proves, and what it allows at most, in a sentence."""
    when = f"Between {_moment(log.run['t0'])} and {_moment(log.run['t1'])} UTC"
    who, what = log.totals["identities"], log.totals["credentials"]
    used = f"{_count(who, 'identity', 'identities')} used {_count(what, 'credential', 'credentials')}"
    lo, hi = found.raw.get(("crown_jewel_hours", "held", "task"), (None, None))
    if lo is None and hi is None:
        return f"{when}, {used}; for how long crown jewels could be changed, this log cannot say."
    hours = between(lo, hi) if lo is None or hi is None else f"between {quantity(lo)} and {quantity(hi)}"
    return f"{when}, {used}; crown jewels could be changed outside need for {hours} hours per identity-day."


def _notes(log: Log, found: Bounds) -> Iterator[str]:
    _, obtainable = found.raw.get(("crown_jewel_hours", "obtainable", "task"), (None, None))
    if obtainable is None:
        yield "What else these identities could have obtained, this log does not show."
    if log.run["t1"] - log.run["t0"] < _DAY:
        yield f"It spans {log.span}, so figures per day are scaled up from that."


def _unknowable(log: Log) -> Iterator[str]:
    """What this log leaves open, whoever asks."""
    run, totals = log.run, log.totals
    yield from (sentence for field, sentence in _HIDDEN.items() if not run[field])
    yield (
        f"What happened before {_moment(run['t0'])} or after {_moment(run['t1'])} UTC: whoever did nothing in that "
        "time is not in these pages, and a key may be older than its first use."
    )
    yield "Whether these are all events: a log from which some were lost looks the same."
    if totals["without_actor"]:
        yield f"Who acted in {_count(totals['without_actor'], 'event', 'events')}."
    if totals["uses_without_credential"]:
        yield f"Under which credential {_count(totals['uses_without_credential'], 'call was', 'calls were')} made."
    if refused := log.settings.get("rejected"):
        yield f"What {_count(refused, 'refused record', 'refused records')} would have said."


def _log(store: Store, connection: duckdb.DuckDBPyConnection, run: int) -> Log:
    found = ask(connection, "observed_run", run=run)
    kind = store.rows("SELECT kind FROM fact.run WHERE key = $run", {"run": run})
    if not found or kind != [("ingested",)]:
        msg = f"{store.name}: run {run} was not ingested; write the report of its comparison"
        raise MeasureError(msg)
    settings, assumptions = (_object(found[0][name]) for name in ("settings", "assumptions"))
    return Log(found[0], ask(connection, "observed_totals")[0], settings, assumptions)


def _lists(connection: duckdb.DuckDBPyConnection, run: int) -> dict[str, list[Answer]]:
    return {
        "sources": ask(connection, "observed_sources", run=run),
        "files": ask(connection, "observed_files", run=run, most=_MOST),
        "rejects": ask(connection, "observed_rejects", run=run, most=_MOST),
        "credentials": ask(connection, "observed_credentials"),
        "identities": ask(connection, "observed_identities", most=_MOST),
        "operations": ask(connection, "observed_operations", most=_MOST),
    }


def _jewels(log: Log) -> str:
    """What was declared to be a crown jewel, in a sentence."""
    tiers = log.assumptions.get("tiers")
    named = tiers.get("tier_3") if isinstance(tiers, dict) else None
    if not isinstance(named, list) or not named:
        return ""
    return f"Crown jewels are write and permissions calls to {listed([str(name) for name in named])}, by declaration."


def _definitions() -> list[Any]:
    return [measure for measure in measures() if "log" in measure.evidence]


def _object(text: str | None) -> dict[str, Any]:
    found = json.loads(text) if text else {}
    return found if isinstance(found, dict) else {}


def _moment(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
