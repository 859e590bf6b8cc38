"""Measures under control models on a terminal: a table a measure, a column a variant; below, why nothing is shown.

A row has the name that it has as JSON and CSV, so that it is found there; numbers are those of the page.
"""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, NamedTuple

from analysis.lacks import NEEDS, NOT_TOLD, Lack
from analysis.report.findings import Amount, Finding, Quantity
from analysis.report.legible import counted, listed
from analysis.report.monospace import Cell, grid
from analysis.report.numerals import FEW_DIFFER, FEW_RUNS, quantity, reading

Label = tuple[str, ...]

DAY: Final = timedelta(days=1)
# So wide may the names of rows be, and where there is no room for that.
_STUB: Final = 30
_NARROW: Final = 20
# Rows of so many words are told by the last across, where one model leaves the room.
_ACROSS: Final = 4
_UNIT: Final = 14
_ENDLESS: Final = 10_000
# A blank in the name of a model, at which it is not broken.
_UNBROKEN: Final = "\N{NO-BREAK SPACE}"
_LIMITS: Final = {"> ": "at least ", "< ": "at most "}
_WITHOUT: Final = {
    FEW_RUNS: "too few runs for an interval",
    FEW_DIFFER: "too few runs differ for one",
}
WORDS: Final = {
    " to ": "a to b: it lies between them, as far as it is known.",
    "at least ": "at least: it had not ended by then, or not all of it is known.",
    "(estimated)": "(estimated): what had not ended is taken to be like the rest.",
    "(declared)": "(declared): stated of a platform, not measured.",
}


_ANOTHER_DAY: Final = " (how another day would differ is not in it)"
_ASSUMED: Final = " A replay has no sub-agents, no attacks, and the best plans: that is assumed, and not seen."


class Variant(NamedTuple):
    """A column: runs that are replications of each other, under one control model and as long as each other."""

    control: str
    runs: int
    window: timedelta


@dataclass(frozen=True)
class Sheet:
    """What measures found in some variants, by the names of their columns.

    `asked`: measures were asked for by name, so that also what says nothing stands in the table. `replayed`: the work
    was rebuilt from a real log.
    """

    variants: Mapping[str, Variant]
    findings: tuple[Finding, ...]
    of_logs: bool = False
    asked: bool = False
    replayed: bool = False

    @property
    def models(self) -> int:
        """How many control models, of which each may have several variants."""
        return len({each.control for each in self.variants.values()})

    @property
    def windows(self) -> Sequence[timedelta]:
        """How long runs are, each length once."""
        return list(dict.fromkeys(each.window for each in self.variants.values()))

    @property
    def headings(self) -> Iterator[list[str]]:
        """What stands above each column: also how long its runs are, unless all are as long."""
        for name, each in self.variants.items():
            lasts = [f"over {quantity(each.window.total_seconds(), 's')}"] if len(self.windows) > 1 else []
            yield [line.replace(" ", _UNBROKEN) for line in (name, *lasts)]


def as_text(sheet: Sheet, width: int) -> str:
    """The tables, why the rest is not shown, and how to read them."""
    tables = [_table(sheet, each, rows, width) for each in sheet.findings if (rows := _shown(sheet, each))]
    told = [textwrap.fill(each, width) for each in _how_to_read(sheet)]
    on = "the log of each" if sheet.of_logs else "the truth"
    made, assumed = ("A log replayed", _ASSUMED) if sheet.replayed else ("Simulated", "")
    variants = "" if len(sheet.variants) == sheet.models else f" in {len(sheet.variants)} variants"
    head = f"{made} under {counted(sheet.models, 'control model')}{variants}, measured on {on}.{assumed}"
    return "\n\n".join([textwrap.fill(head, width), *tables, *untold_text(_untold(sheet), width), *told])


def _shown(sheet: Sheet, finding: Finding) -> list[Quantity]:
    """The rows of a measure that stand in the table: those of which some model has a value, unless it was asked for."""
    return [each for each in finding.quantities if sheet.asked or any(not amount.lack for amount in each.amounts)]


def _table(sheet: Sheet, finding: Finding, rows: Sequence[Quantity], width: int) -> str:
    """The rows in as few lines as fit, beside names as wide as leave room for all models."""
    if len(sheet.variants) == 1 and len(rows[0].label) >= _ACROSS:
        return "\n\n".join(_crossed(finding, rows, width))
    for stub, flat in ((_STUB, True), (_STUB, False), (_NARROW, False)):
        found = grid(*_cells(sheet, finding, rows, stub, flat=flat), _ENDLESS).replace(_UNBROKEN, " ")
        if max(map(len, found.splitlines())) <= width:
            return found
    return grid(*_cells(sheet, finding, rows, _STUB, flat=False), width).replace(_UNBROKEN, " ")


def _cells(
    sheet: Sheet, finding: Finding, rows: Sequence[Quantity], room: int, *, flat: bool
) -> tuple[list[Cell], list[list[Cell]]]:
    """The names of rows, below their unit where they have several, and a column for each model."""
    units = list(dict.fromkeys(each.shown_unit for each in rows))
    common = units[0] if len(units) == 1 else ""
    stub, lines = [[finding.measure.name, *textwrap.wrap(common, room)]], list[Quantity | None]()
    for unit in units:
        if len(units) > 1:
            stub.append(textwrap.wrap(f"{unit or 'time'}:", room))
            lines.append(None)
        for each in rows:
            if each.shown_unit == unit:
                said = " ".join(filter(None, [*each.label, each.rests]))
                name = textwrap.wrap(said, room, initial_indent="  ", subsequent_indent="    ", break_long_words=False)
                stub.append(name or [""])
                lines.append(each)
    told = [[[] if line is None else [*cell(line.amounts[n], line.unit, bare=bool(line.rests))] for line in lines]
            for n, _ in enumerate(sheet.variants)]  # fmt: skip
    if flat:
        told = [[[" ".join(each)] for each in column] for column in told]
    return list(stub), [[head, *column] for head, column in zip(sheet.headings, told, strict=True)]


def _crossed(finding: Finding, rows: Sequence[Quantity], width: int) -> Iterator[str]:
    """Of one model a line for all that differs in the last word alone: a table for those of which the same is told."""
    lines: dict[Label, dict[str, Quantity]] = {}
    for each in rows:
        lines.setdefault(each.label[:-1], {})[each.label[-1]] = each
    told = list(dict.fromkeys(map(tuple, lines.values())))
    for columns in (each for each in told if not any(set(each) < set(other) for other in told)):
        within = {label: line for label, line in _fullest(lines.items()) if set(line) <= set(columns)}
        stub = [[finding.measure.name], *([" ".join(label)] for label in within)]
        yield grid(stub, [list(_column(name, within.values())) for name in columns], width)


def _fullest(lines: Iterable[tuple[Label, Mapping[str, Quantity]]]) -> Sequence[tuple[Label, Mapping[str, Quantity]]]:
    """Lines of which most is told come first."""
    return sorted(lines, key=lambda line: -len(line[1]))


def _column(name: str, lines: Iterable[Mapping[str, Quantity]]) -> Iterator[Cell]:
    """What is told of one thing, line by line, below its name, its unit and what all of it rests on."""
    rows = [line.get(name) for line in lines]
    [unit, *_] = [each.shown_unit for each in rows if each]
    rests = {each.rests for each in rows if each and not each.amounts[0].lack}
    common = rests.pop() if len(rests) == 1 else ""
    yield [name, *textwrap.wrap(unit, _UNIT), *([common] if common else [])]
    told = ([*cell(each.amounts[0], each.unit, bare=bool(common))] if each else [] for each in rows)
    yield from ([" ".join(each)] for each in told)


def cell(amount: Amount, unit: str, *, bare: bool = False) -> Iterator[str]:
    """What is known of a quantity, on what it rests unless that is said elsewhere, and its interval; or why nothing."""
    if amount.lack:
        yield amount.lack.word
        return
    shown = reading(amount.estimate, unit)
    word = _LIMITS.get(shown.value[:2], "")
    value = f"{word}{shown.value[2:]}" if word else shown.value
    yield from [value] if bare or amount.basis == "seen" else [value, f"({amount.basis})"]
    if shown.interval.startswith("[") or shown.interval in _WITHOUT:
        yield shown.interval


# ------------------------------------------------------------------------------------------- what is not shown, and why

Untold = Mapping[str, Mapping[str, Sequence[Label] | None]]


def untold_text(untold: Untold, width: int) -> Iterator[str]:
    """By why, of which measures and which of their rows, if not of all, nothing is shown."""
    needs = {why.removeprefix(NEEDS): those for why, those in untold.items() if why.startswith(NEEDS)}
    others = {why: those for why, those in untold.items() if not why.startswith(NEEDS)}
    for head, group in (("Not shown, because the log does not show", needs), ("Not shown, because", others)):
        if group:
            listed = {why: "; ".join(_of(name, rows) for name, rows in those.items()) for why, those in group.items()}
            lines = [f"{why}: {names}." for why, names in listed.items()]
            told = [textwrap.fill(each, width, initial_indent="  ", subsequent_indent="    ") for each in lines]
            yield "\n".join([head, *told])


def _of(name: str, rows: Sequence[Label] | None) -> str:
    return f"{name} ({rows_named(rows)})" if rows else name


def rows_named(labels: Iterable[Label]) -> str:
    """Rows of a measure in the fewest words: what they have in common once."""
    heads: dict[str, list[Label]] = {}
    for *head, last in filter(None, labels):
        heads.setdefault(last, []).append(tuple(head))
    alike: dict[tuple[Label, ...], list[str]] = {}
    for last, those in heads.items():
        alike.setdefault(tuple(those), []).append(last)
    found = [(rows_named(those) if any(those) else "", ", ".join(lasts)) for those, lasts in alike.items()]
    return "; ".join(" · ".join(filter(None, each)) for each in found)


def _untold(sheet: Sheet) -> dict[str, dict[str, list[Label] | None]]:
    """Of what no model has a value, and what which model's log does not tell, by why."""
    untold: dict[str, dict[str, list[Label] | None]] = {}
    for finding in sheet.findings:
        for needed, models in _needed(sheet, finding).items():
            name = finding.measure.name
            under = "" if len(models) == len(sheet.variants) else f" under {', '.join(models)}"
            untold.setdefault(needed, {})[f"{name}{under}"] = None
        silent = [] if sheet.asked else [each for each in finding.quantities if _why(each)]
        for each in silent:
            rows = untold.setdefault(_why(each), {}).setdefault(finding.measure.name, [])
            if rows is not None:
                rows.append(each.label)
        if len({_why(each) for each in silent}) == 1 and len(silent) == len(finding.quantities):
            untold[_why(silent[0])][finding.measure.name] = None
    return untold


def _needed(sheet: Sheet, finding: Finding) -> dict[str, list[str]]:
    """What a measure needs that logs do not show: those of which models."""
    models: dict[str, dict[str, None]] = {}
    for quantity_ in finding.quantities:
        for name, amount in zip(sheet.variants, quantity_.amounts, strict=True):
            if amount.lack and amount.lack.why.startswith(NEEDS):
                models.setdefault(amount.lack.why, {})[name] = None
    return {why: list(names) for why, names in models.items()}


def _why(row: Quantity) -> str:
    """Why no model has a value of a row, other than that logs do not tell; nothing where one has."""
    lacks = {amount.lack.why for amount in row.amounts if amount.lack}
    if not all(amount.lack for amount in row.amounts):
        return ""
    return "; or ".join(sorted(each for each in lacks if not each.startswith(NEEDS)))


# ------------------------------------------------------------------------------------------------------- how to read it


def _how_to_read(sheet: Sheet) -> Iterator[str]:
    """What the numbers are, and what the words in the table mean."""
    rows = [each for finding in sheet.findings for each in _shown(sheet, finding)]
    words = {part for each in rows for amount in each.amounts for part in cell(amount, each.unit)}
    said = "\n".join(words)
    yield " ".join([
        *_numbers(sheet, said),
        *(meaning for word, meaning in WORDS.items() if word in said),
        *(f"{word}: {meaning}." for word, meaning in _WITHOUT.items() if word in words),
        *_lacking(rows),
        *rates(sheet.windows, [each.unit for each in rows]),
    ])  # fmt: skip
    yield more("each run by itself")


def _numbers(sheet: Sheet, said: str) -> Iterator[str]:
    many = [each.runs for each in sheet.variants.values()]
    least, most = min(many), max(many)
    of = "model" if len(many) == sheet.models else "variant"
    on = f"{of}{' as their logs show them' if sheet.of_logs else ''}"
    if most == 1:
        yield f"One run of each {on}, so that there are no intervals."
        return
    runs = f"{most}" if least == most else f"{least} to {most}"
    yield f"Means over {runs} runs of each {on}; a quantile (p50, p95, p99) is that of all runs together."
    if "[" in said:
        over = f" over draws for the same log{_ANOTHER_DAY}" if sheet.replayed else ""
        yield f"[a, b]: 95 % interval{over}, each for itself; without one, every run gave the same."


def _lacking(rows: Sequence[Quantity]) -> Iterator[str]:
    """What stands where some model has no value."""
    lacks: list[Lack] = [amount.lack for each in rows for amount in each.amounts if amount.lack]
    for word in dict.fromkeys(map(_bare, lacks)):
        if word == NOT_TOLD:
            yield f"{word}: the log of that model does not show what it needs, which is said above."
        else:
            yield f"{word}: {'; or '.join(sorted({each.why for each in lacks if _bare(each) == word}))}."


def _bare(lack: Lack) -> str:
    """Its word without a number of runs."""
    return lack.word.partition(" in ")[0]


def rates(windows: Sequence[timedelta], units: Iterable[str]) -> Iterator[str]:
    """That what is told per day, or per year, goes by a window that is shorter than a day."""
    told = list(units)
    names = [name for name in ("day", "year") if any(name in unit for unit in told)]
    if min(windows) < DAY and names:
        these = [quantity(each.total_seconds(), "s") for each in windows]
        span = f"these {these[0]}" if len(these) == 1 else f"the window of its column, of {listed(these)}"
        yield f"Per {' or '.join(names)}: as if every {names[0]} were like {span}."


def more(programs: str) -> str:
    """Where definitions are, and what programs get."""
    return f"`outlive explain NAME` defines a measure; --format json or csv gives {programs}."
