"""The report of an ingested log: what it proves, what it allows at most, and what it cannot tell anybody."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb

from analysis.answerability.answerability import answerability
from analysis.joins.joins import joins
from analysis.measures.examination import examine
from analysis.measures.measure import MeasureError, measures
from analysis.report.asking import Answer, ask
from analysis.report.bounds import Bounds, Rate, bounds
from analysis.report.grounds import Basis, Ground, basis, grounds_of
from analysis.report.jewels import Changes, changes, declared, told
from analysis.report.legible import counted
from analysis.report.numerals import quantity
from analysis.report.rendering import page
from sim.audit.store import Store

_DAY: Final = timedelta(days=1)
_MILLISECOND: Final = timedelta(milliseconds=1)
_MOST: Final = 25
_JEWEL_HOURS: Final = ("crown_jewel_hours", "held", "task")
_PER_DAY: Final = "hours per agent-day"

# What nobody can tell where a profile lacks the field; of credentials it is enough to say that there are none.
_HIDDEN: Final = {
    "sees_tasks": "Which task an action served: nothing here can say what access outlived its work.",
    "sees_credentials": "Which credential was used: neither how long it was valid nor what it opened can be told.",
    "sees_scope": "What a credential was allowed beyond what it was seen to do, and what its holder could have "
    "obtained: what is possible at most assumes everything that the log names.",
    "sees_touch": "What a call touched, and with what access: crown jewels may have been changed, and nobody sees it.",
    "sees_actions": "How long a request waited before it was let through.",
    "every_use": "What was done in calls that such a log does not keep, or keeps only where somebody chose so: "
    "whatever it does not show to be used may have been used.",
    "sees_ends": "Until when a credential was to be valid.",
    "revocations_complete": "Whether a credential was ended by an act that does not name it, or that is not in what "
    "could be read: it is proven to live only until it was last seen to work.",
}
_OF_CREDENTIALS: Final = {"sees_scope", "sees_ends", "revocations_complete"}


@dataclass(frozen=True)
class Log:
    """An ingested run as its provenance tells it."""

    key: int
    run: Answer
    totals: Answer
    settings: dict[str, Any]
    assumptions: dict[str, Any]

    @property
    def sees(self) -> dict[str, bool]:
        """What the log shows at all."""
        return {name.removeprefix("sees_"): bool(shown) for name, shown in self.run.items() if name.startswith("sees_")}

    @property
    def hides_use(self) -> bool:
        """Whether it has no call in it, and might have none whatever was done."""
        return not self.totals["uses"] and not self.run["sees_every_event"]

    @property
    def if_whole(self) -> str:
        """What has to be so for limits to hold: nobody can see of a log that none of it is missing."""
        if not self.run["sees_all_kept"]:
            return ""
        return (
            "the log being complete: every event of the kinds that it keeps, of all of its time and of each place "
            "(account, region), is in these files"
        )

    @property
    def span(self) -> str:
        """How long it lasts."""
        span: timedelta = self.run["t1"] - self.run["t0"]
        return "less than 1 ms" if span < _MILLISECOND else quantity(span.total_seconds(), "s")

    @property
    def rate(self) -> Rate:
        """What quantities of an identity are told per: a day, or the whole log where that is shorter."""
        span: timedelta = self.run["t1"] - self.run["t0"]
        nobody = not self.totals["identities"] + self.totals["unknown_identities"]
        return Rate(span / _DAY if span < _DAY else None, nobody)

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """What was declared so that it could be measured."""
        return grounds_of(self.assumptions)

    @property
    def basis(self) -> Basis:
        """What the declarations as a whole rest on."""
        return basis(str(self.assumptions.get("source", "")))


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
        log = log_of(store, examination.connection, run)
        found, changed = bounds(examination, log.sees, log.rate), changes(examination.connection)
        pieces = ask(examination.connection, "observed_timeline", pieces=PIECES)
        lists = _lists(examination.connection, run)
    return page(
        "observed.html.j2",
        log=log, found=found, answer=answer(log, found, changed), notes=tuple(_notes(found, changed)),
        jewels=declared(log.assumptions), unknowable=tuple(_unknowable(log)), answers=answerability(store, [run]),
        beside=[each for each in ask(store.connection.cursor(), "ingested_runs") if each["key"] != run],
        meetings=_meetings(store, run),
        definitions=_definitions(),
        figure=timeline(pieces, log.run["t0"], log.run["t1"]), most=_MOST, **lists,
    )  # fmt: skip


def _meetings(store: Store, run: int) -> list[dict[str, object]]:
    """Where other logs of the store meet this one, each as seen from here."""
    names = dict(store.rows("SELECT key, settings ->> 'source' FROM fact.run WHERE kind = 'ingested'"))
    found = joins(store) if len(names) > 1 else []
    seen = [each if each.run == run else each.turned for each in found if run in {each.run, each.other}]
    return [{"log": names[each.other], "join": each} for each in seen]


def answer(log: Log, found: Bounds, changed: Changes) -> str:
    """Who changed crown jewels, and for how long anybody could have, as far as the log tells."""
    starts, ends = log.run["t0"], log.run["t1"]
    if _moment(starts) == _moment(ends):
        return f"At {_moment(starts)} UTC, {_who(log, changed)}. {_hours(log, found)}"
    until = f"{ends:%H:%M:%S}" if starts.date() == ends.date() else _moment(ends)
    return f"Between {_moment(starts)} and {until} UTC, {_who(log, changed)}. {_hours(log, found)}"


def _who(log: Log, changed: Changes) -> str:
    """Who changed crown jewels; where nothing could show that, that nobody did is not said."""
    if not log.run["sees_touch"]:
        return "this log does not say what was touched"
    if log.hides_use and not changed.by:
        return "this log shows no call, so whether anybody changed a crown jewel it does not say"
    return told(changed, log.totals["identities"])


def _hours(log: Log, found: Bounds) -> str:
    lo, hi = found.raw.get(_JEWEL_HOURS, (None, None))
    if lo is None and hi is None:
        return "For how long anybody could have changed crown jewels, this log cannot say."
    if not lo and hi is None:
        return "For how long anybody could have changed them without need, the log alone does not say."
    (least, unit), (most, _) = (log.rate.told(bound or 0.0, _PER_DAY) for bound in (lo, hi))
    told = f"at least {least}" if hi is None else f"at most {most}" if not lo else f"{least} to {most}"
    bounds = f"{least if lo == hi else told} {unit}"
    by = next((row.by for row in found.answered if row.measure.name == _JEWEL_HOURS[0] and row.by), "")
    mean = " on average" if log.totals["identities"] > 1 else ""
    return f"They could have been changed without need for {bounds}{mean}{f', proven of {by}' if by else ''}."


def _notes(found: Bounds, changed: Changes) -> Iterator[str]:
    if others := changed.calls_of_others:
        yield f"Others, for whom access is not measured, did so in {counted(others, 'call')}."
    _, obtainable = found.raw.get(("crown_jewel_hours", "obtainable", "task"), (None, None))
    if obtainable is None:
        yield "What else anybody could have obtained, it does not show."


def _unknowable(log: Log) -> Iterator[str]:
    """What this log leaves open, whoever asks."""
    run, totals = log.run, log.totals
    unasked = set() if run["sees_credentials"] else _OF_CREDENTIALS
    if log.hides_use:
        yield "What anybody did: the log shows no call, and so no use of a credential."
    yield from (sentence for field, sentence in _HIDDEN.items() if not run[field] and field not in unasked)
    yield (
        f"What happened before {_moment(run['t0'])} or after {_moment(run['t1'])} UTC: whoever did nothing in that "
        f"time is not in these pages{', and a key may be older than its first use' if not unasked else ''}."
    )
    yield _wanting(str(log.settings.get("wanting") or ""))
    if totals["without_actor"]:
        yield f"Who acted in {counted(totals['without_actor'], 'event')}."
    if totals["uses_without_credential"]:
        yield f"Under which credential {counted(totals['uses_without_credential'], 'call was', 'calls were')} made."
    if refused := log.settings.get("rejected"):
        yield f"What {counted(refused, 'rejected record')} would have said."


def _wanting(lost: str) -> str:
    """Whether all events are there."""
    if lost:
        return (
            f"Which other events there were, in what of this log could not be read ({lost}), or lost without a trace: "
            "what is not here may have happened all the same."
        )
    return "Whether these are all events: a log from which some were lost looks the same."


def log_of(store: Store, connection: duckdb.DuckDBPyConnection, run: int) -> Log:
    """An ingested run, given by its key, as a connection to its log tells it.

    Raises:
        MeasureError: there is no such run, or it was not ingested.
    """
    found = ask(connection, "observed_run", run=run)
    kind = store.rows("SELECT kind FROM fact.run WHERE key = $run", {"run": run})
    if not found or kind != [("ingested",)]:
        msg = f"{store.name}: run {run} was not ingested; write the report of its comparison"
        raise MeasureError(msg)
    settings, assumptions = (_object(found[0][name]) for name in ("settings", "assumptions"))
    return Log(run, found[0], ask(connection, "observed_totals")[0], settings, assumptions)


def _lists(connection: duckdb.DuckDBPyConnection, run: int) -> dict[str, list[Answer]]:
    return {
        "sources": ask(connection, "observed_sources", run=run),
        "files": ask(connection, "observed_files", run=run, most=_MOST),
        "rejects": ask(connection, "observed_rejects", run=run, most=_MOST),
        "credentials": ask(connection, "observed_credentials"),
        "identities": ask(connection, "observed_identities", most=_MOST),
        "others": ask(connection, "observed_others", most=_MOST),
        "operations": ask(connection, "observed_operations", most=_MOST),
    }


def _definitions() -> list[Any]:
    return [measure for measure in measures() if "log" in measure.evidence]


def _object(text: str | None) -> dict[str, Any]:
    found = json.loads(text) if text else {}
    return found if isinstance(found, dict) else {}


def _moment(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S}"
