"""What is shown: a comparison in a notebook as the report shows it, and any result on the terminal or for programs."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from analysis.comparison import Comparison, compare
from analysis.crossing import BreakEven
from analysis.export.export import LOSSES
from analysis.lineage.lineage import Lineage
from analysis.report import chain
from analysis.report import table as tables
from analysis.report.findings import findings
from analysis.report.flips import flip_as_csv, flip_as_json, flip_as_text
from analysis.report.legible import apart, inert, visible
from analysis.report.numerals import NOT_SHOWN
from analysis.report.records import as_csv, as_json, split_as_csv, split_as_json
from analysis.report.sentences import sentences
from analysis.report.terminal import as_text, split_as_text
from analysis.report.terms import brief
from analysis.report.varied import sentence, varied_as_csv, varied_as_json, varied_as_text
from analysis.sensitivity import Sensitivity
from analysis.split import Split
from sim.audit.store import Store

if TYPE_CHECKING:
    from analysis.report.drawing import Drawing

# How each is told to people, to programs and to spreadsheets.
_FORMS: Final[dict[type, tuple[Callable[[Any], str], ...]]] = {
    Comparison: (as_text, as_json, as_csv),
    Split: (split_as_text, split_as_json, split_as_csv),
    BreakEven: (flip_as_text, flip_as_json, flip_as_csv),
    Sensitivity: (varied_as_text, varied_as_json, varied_as_csv),
}

_UNKNOWN: Final = "not known"
# Characters of a name in a worklist.
_ROOM: Final = 28
_HOURS: Final = "permission-hours"


def answer(found: Comparison | Sensitivity) -> str:
    """What a comparison says, one sentence a control model, or what of it stands, one a headline; the first answers."""
    if isinstance(found, Sensitivity):
        return "\n".join(map(sentence, found.tornados))
    return "\n".join(" ".join([said.text, *said.notes]) for said in sentences(found))


def table(comparison: Comparison) -> pd.DataFrame:
    """The first screen: a row a control model, each value with its 95 % interval over replications, as text."""
    shown = tables.table(comparison)
    columns = pd.MultiIndex.from_tuples([(heading.text, heading.unit) for heading in shown.headings])
    rows = [[f"{entry.value} {entry.interval}".strip() for entry in line.entries] for line in shown.lines]
    return pd.DataFrame(rows, index=pd.Index([line.control for line in shown.lines], name="control"), columns=columns)


def comparison(store: Path | str, identifier: str | None = None) -> Comparison:
    """A comparison that a store holds, measured anew; the latest one if none is named.

    Raises:
        Refusal: no such store or comparison.
    """
    with Store.open(Path(store)) as opened:
        return compare(opened, identifier)


def figures(found: Comparison | Sensitivity, store: Path | str) -> "dict[str, Drawing]":
    """The figures of a comparison, from the store that holds it, or of what of it stands; by name, as in the report.

    Raises:
        Refusal: no such store.
    """
    # Half a second to load, which whoever only wants the words need not wait for.
    from analysis.report import figures as drawn  # noqa: PLC0415

    if isinstance(found, Sensitivity):
        drawings = (drawn.tornado_figure(found), drawn.draws_figure(found))
        return {each.caption.key: each for each in drawings if each is not None}
    with Store.open(Path(store)) as opened:
        return {each.caption.key: each for each in drawn.figures(found, findings(opened, found))}


def shown(found: Comparison | Split | BreakEven | Sensitivity, form: str) -> str:
    """What was found as `table`, `json` or `csv`."""
    as_table, as_records, as_lines = _FORMS[type(found)]
    if form == "table":
        return visible(as_table(found), keep="\n")
    return as_records(found) if form == "json" else as_lines(found)


def traced(found: Lineage, form: str) -> str:
    """A lineage as `table`, with its sentence, `json` or `csv`."""
    if form == "table":
        return f"{visible(chain.sentence(found))}\n\n{printed(chain.table(found), form)}"
    return printed(chain.records(found), form)


def queued(found: pd.DataFrame) -> pd.DataFrame:
    """A worklist as a terminal has room for: names cut, both bounds in one column, no owners where none is known."""
    told = briefly(found, "credential", "holder", "owner")
    names = {name: told[name].map(apart(told[name], _ROOM)) for name in ("credential", "holder", "owner")}
    hours = [_bounds(lo, hi) for lo, hi in found[["hours_lo", "hours_hi"]].itertuples(index=False)]
    plain = {name: found[name].map("{:.4g}".format) for name in ("carries", "minutes")}
    shown = found.assign(**names, **plain, **{_HOURS: pd.Series(hours, dtype=object)})
    owned = [] if set(found["owner"]) == {_UNKNOWN} else ["owner"]
    return shown[["credential", "holder", *owned, _HOURS, "carries", "minutes", "why"]]


def briefly(found: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The same with the names in some columns as short as tells them apart."""
    return found.assign(**{
        name: pd.Series(brief(["" if each is None else str(each) for each in found[name]]), dtype=object)
        for name in columns
    })  # fmt: skip


def met(found: pd.DataFrame) -> pd.DataFrame:
    """Where logs meet, as a terminal has room for: shares in as many digits as anybody reads."""
    shares = [name for name in found if str(name).endswith("_percent")]
    return found.assign(**{str(name): found[name].map("{:.3g}".format) for name in shares})


def cautioned(found: pd.DataFrame) -> str:
    """What holds for every row of a worklist: units, where minutes come from, and what may be unseen."""
    usual = "" if "scenario" in set(found["minutes_from"]) else ", by default (data/organisations/midsize.toml)"
    told = f"{_HOURS.capitalize()}: weighted, a day, outside need. Carries: the weight of what is known to be in it."
    owners = " No owner is known." if set(found["owner"]) == {_UNKNOWN} else ""
    units = f"{told} Minutes: of remediation, the work of putting it right{usual}.{owners}"
    hidden = found["unseen"].iloc[0]
    return f"{units} This log may not show {hidden}: any of these may be in use." if hidden else units


def lost(found: pd.DataFrame) -> pd.DataFrame:
    """What an export loses, in the fewest rows: events and credentials that are left out once, not field by field."""
    whole = {name: {*found["how"][found["field"] == f"{name}.id"]} for name in ("event", "credential")}
    rows = [
        {**row, "rows": f"{row['rows']:,}", "share": f"{row['share']:.1%}"}
        for row in found.to_dict("records")
        if row["fate"] in {"otherwise", "lost"}
        and (row["field"].endswith(".id") or row["how"] not in whole[row["field"].partition(".")[0]])
    ]
    return pd.DataFrame(rows, columns=found.columns)


def written(found: pd.DataFrame, folder: Path) -> str:
    """How much of a log an export holds."""
    events = found[found["field"] == "event.id"]
    kept = events[events["fate"] != "lost"]["rows"].sum()
    return f"{kept:,} of {events['rows'].sum():,} events in {folder}; what becomes of every field: {folder / LOSSES}"


def printed(result: pd.DataFrame, form: str) -> str:
    """A result as `table`, `json` or `csv`; what strangers wrote into it is neither obeyed nor taken for a formula."""
    if form == "json":
        return result.to_json(orient="records", indent=1)
    if form == "csv":
        return _each_word(result, inert).to_csv(index=False).rstrip("\n")
    return _aligned(_each_word(result, visible)).to_string(index=False, na_rep="", justify="left")


def _each_word(result: pd.DataFrame, change: Callable[[str], str]) -> pd.DataFrame:
    """The result with every word changed, in cells and headings, and none where there is nothing; numbers stay."""

    def changed(cell: object) -> object:
        return "" if cell is None else change(cell) if isinstance(cell, str) else cell

    return result.map(changed).rename(columns=change)


def _aligned(result: pd.DataFrame) -> pd.DataFrame:
    """The result with words of equal length in each column of words, so that they begin below each other."""
    words = [name for name in result.columns if result[name].map(lambda cell: isinstance(cell, str)).all()]
    widths = {name: result[name].map(len).max() for name in words if len(result)}
    return result.assign(**{name: result[name].str.ljust(int(width)) for name, width in widths.items()})


def _bounds(lo: float, hi: float) -> str:
    if math.isnan(lo):
        return NOT_SHOWN if math.isnan(hi) else f"at most {hi:.4g}"
    if math.isnan(hi):
        return f"at least {lo:.4g}"
    return f"{lo:.4g}" if abs(hi - lo) <= 1e-9 * max(1.0, abs(hi)) else f"{lo:.4g} to {hi:.4g}"
