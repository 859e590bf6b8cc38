"""A break-even as it is read: where the ranking flips, with its interval, or that it does not; and where was looked."""

import csv
import io
import json
import textwrap

from analysis.breakeven import BreakEven
from analysis.report.legible import counted, inert
from analysis.report.monospace import grid
from analysis.report.numerals import plain, reading
from analysis.statistics import Interval

Record = dict[str, str | float | None]


def flip_as_text(found: BreakEven, width: int = 120) -> str:
    """The answer, every value that was looked at, and how to read it."""
    rows = [
        (plain(value), reading(apart, found.column.unit), _verdict(found, apart)) for value, apart in _points(found)
    ]
    stub = [[found.knob], *([value] for value, _, _ in rows)]
    apart = [[found.controls[0], f"less {found.controls[1]}"], *([each.value, each.interval] for _, each, _ in rows)]
    verdicts = [["better"], *([said] for _, _, said in rows)]
    return "\n\n".join([
        textwrap.fill(sentence(found), width), grid(stub, [apart, verdicts], width), textwrap.fill(_rests(found), width)
    ])  # fmt: skip


def flip_as_json(found: BreakEven) -> str:
    """Every number, unrounded; null where there is none."""
    crossing = found.crossing
    about = {
        "quantity": found.column.key, "unit": found.column.unit, "knob": found.knob, "controls": found.controls,
        "replications": found.replicates, "answer": sentence(found), "break_even": crossing.at,
        "break_even_lo": crossing.lo, "break_even_hi": crossing.hi, "flips": crossing.flips, "points": _records(found),
    }  # fmt: skip
    return json.dumps(about, indent=2, allow_nan=False)


def flip_as_csv(found: BreakEven) -> str:
    """A line for each value that was looked at, unrounded; no cell is a formula."""
    records, written_to = _records(found), io.StringIO()
    writer = csv.DictWriter(written_to, list(records[0]), lineterminator="\n")
    writer.writeheader()
    for record in records:
        writer.writerow({name: inert(each) if isinstance(each, str) else each for name, each in record.items()})
    return written_to.getvalue().rstrip("\n")


def sentence(found: BreakEven) -> str:
    """Where the ranking flips, or that it does not in this range."""
    what, (least, *_, most) = f"{found.column.heading}: ", [value for value, _ in _points(found)]
    if found.crossing.at is None:
        return f"{what}the ranking does not flip from {found.knob} = {plain(least)} to {plain(most)}. {_ends(found)}"
    # Before the crossing the first sign that is not zero holds.
    before = next(name for _, apart in _points(found) if (name := found.better(apart)))
    after = next(name for name in found.controls if name != before)
    more = f" It flips {found.crossing.flips} times; this is the first." if found.crossing.flips > 1 else ""
    return f"{what}{before} is better up to {found.knob} = {_at(found)}, {after} beyond.{more} {_ends(found)}"


def _at(found: BreakEven) -> str:
    crossing, (least, most) = found.crossing, (_points(found)[0][0], _points(found)[-1][0])
    lo = f"below {plain(least)}" if crossing.lo is None else plain(crossing.lo)
    hi = f"above {plain(most)}" if crossing.hi is None else plain(crossing.hi)
    return f"{plain(crossing.at or 0.0)} [{lo}, {hi}]"


def _ends(found: BreakEven) -> str:
    (least, first), (most, last) = _points(found)[0], _points(found)[-1]
    words = (f"at {plain(value)} it is {_reads(apart, found)}" for value, apart in ((least, first), (most, last)))
    return f"{found.controls[0]} less {found.controls[1]}: {', '.join(words)} {found.column.unit}.".replace(
        " s s ", " s "
    )


def _reads(apart: Interval, found: BreakEven) -> str:
    return reading(apart, found.column.unit).text


def _verdict(found: BreakEven, apart: Interval) -> str:
    better = found.better(apart)
    if not better:
        return "the same"
    return better if apart.excludes_zero else "cannot be told apart"


def _rests(found: BreakEven) -> str:
    runs = counted(found.replicates, "replication")
    return (
        f"{runs}, the same draws at every value. In brackets after the break-even: between which values the paired "
        "95 % interval of the difference holds zero; where that has an open end, the range tells no more."
    )


def _points(found: BreakEven) -> tuple[tuple[float, Interval], ...]:
    return found.crossing.points


def _records(found: BreakEven) -> list[Record]:
    return [
        {
            "knob": found.knob, "value": value, "quantity": found.column.key, "unit": found.column.unit,
            "difference": apart.mean, "difference_lo": _known(apart.lo), "difference_hi": _known(apart.hi),
            "better": _verdict(found, apart),
        }
        for value, apart in _points(found)
    ]  # fmt: skip


def _known(value: float) -> float | None:
    # A single replication has no interval.
    return value if value == value else None  # noqa: PLR0124
