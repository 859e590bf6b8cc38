"""A break-even as it is read: where the ranking flips, that it does not, or between which values it is not settled."""

import json
import math
import textwrap

from analysis.crossing import LOOKS, BreakEven
from analysis.enough import others
from analysis.report.legible import counted
from analysis.report.monospace import grid
from analysis.report.numerals import SEEN, found_to, known, plain, reading
from analysis.report.phrases import at_least
from analysis.report.records import csv_of
from analysis.statistics import FEWEST, Interval

Record = dict[str, str | float | None]


def flip_as_text(found: BreakEven, width: int = 120) -> str:
    """The answer, every value that was looked at, and how to read it."""
    rows = [
        (plain(value), reading(apart, found.column.unit), _verdict(found, apart) + _seen(apart))
        for value, apart in _points(found)
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
        "break_even_lo": crossing.lo, "break_even_hi": crossing.hi, "break_even_between": crossing.between,
        "flips": crossing.flips, "not_settled": crossing.open, "points": _records(found),
    }  # fmt: skip
    return json.dumps(about, indent=2, allow_nan=False)


def flip_as_csv(found: BreakEven) -> str:
    """A line for each value that was looked at, unrounded; no cell is a formula."""
    return csv_of(_records(found))


def sentence(found: BreakEven) -> str:
    """Where the ranking flips, or that it does not at the values looked at, or between which it is not settled."""
    crossing, (least, *_, most) = found.crossing, [value for value, _ in _points(found)]
    if crossing.few:
        return f"{found.column.heading}: {_too_few(found)} {_ends(found)}"
    if crossing.at is not None:
        told = _flip(found)
    elif crossing.open is not None:
        told = _not_settled(found, *crossing.open)
    else:
        span = f"{len(_points(found))} values from {found.knob} = {plain(least)} to {plain(most)}"
        told = f"the ranking does not flip at any of {span}; {_whoever(found)}."
    return f"{found.column.heading}: {told}{_steady(found)} {_ends(found)}"


def _too_few(found: BreakEven) -> str:
    runs = counted(found.replicates, "replication")
    return f"{runs} settle no sign, so these are values and no break-even; ask for {FEWEST} at least."


def _flip(found: BreakEven) -> str:
    crossing = found.crossing
    ends = (crossing.at, crossing.lo, crossing.hi, *(crossing.between or ()))
    at, lo, hi, kept, lost = (each for each in ends if each is not None)
    before = next(name for _, apart in _points(found) if apart.excludes_zero and (name := found.better(apart)))
    after = next(name for name in found.controls if name != before)
    same = sum(apart.is_same for value, apart in _points(found) if kept < value < hi)
    beyond = f"{after} from {plain(hi)} on; {_looked(same)} between they do not differ" if same else f"{after} beyond"
    more = f" It flips {crossing.flips} times; this is the first." if crossing.flips > 1 else ""
    return f"{before} is better up to {found.knob} = {found_to(lost - kept, at, lo, hi)}, {beyond}.{more}"


def _not_settled(found: BreakEven, least: float, most: float) -> str:
    """Between which values nothing is known, and how many others would tell."""
    unsettled = [others(apart) for value, apart in _points(found) if least <= value <= most and not _is_told(apart)]
    many = max(unsettled, default=math.nan)
    settle = f"; {at_least(many)} would settle it if the means stay" if math.isfinite(many) else ""
    return f"not settled between {found.knob} = {plain(least)} and {plain(most)}{settle}."


def _whoever(found: BreakEven) -> str:
    """Who is better throughout."""
    names = dict.fromkeys(name for _, apart in _points(found) if (name := found.better(apart)))
    same = any(apart.is_same for _, apart in _points(found))
    if not names:
        return "the two are the same at each, in every run"
    return f"{next(iter(names))} is better{' or the same' if same else ''} at each"


def _steady(found: BreakEven) -> str:
    """At how many values a sign is that of every run, and no interval's."""
    number = sum(bool(_seen(apart)) for _, apart in _points(found))
    return f" {_looked(number).capitalize()} the difference is the same {SEEN}; others may differ." if number else ""


def _looked(number: int) -> str:
    return f"at {counted(number, 'value')} looked at"


def _seen(apart: Interval) -> str:
    return f" {SEEN}" if apart.is_only_seen and apart.replications >= FEWEST else ""


def _is_told(apart: Interval) -> bool:
    return apart.excludes_zero or apart.is_same


def _ends(found: BreakEven) -> str:
    (least, first), (most, last) = _points(found)[0], _points(found)[-1]
    words = (f"at {plain(value)} it is {_reads(apart, found)}" for value, apart in ((least, first), (most, last)))
    return f"{found.controls[0]} less {found.controls[1]}: {', '.join(words)} {found.column.unit}.".replace(
        " s s ", " s "
    )


def _reads(apart: Interval, found: BreakEven) -> str:
    return reading(apart, found.column.unit).text


def _verdict(found: BreakEven, apart: Interval) -> str:
    if apart.is_same:
        return "the same"
    if apart.replications < FEWEST:
        return "too few to tell"
    return found.better(apart) if apart.excludes_zero else "cannot be told apart"


def _rests(found: BreakEven) -> str:
    runs = counted(found.replicates, "replication")
    return (
        f"{runs}, the same draws at every value. The intervals are paired, and as wide as it takes for {LOOKS} of them "
        "to hold together at 95 %, those at the values looked at first, also where runs are skewed, but not where one "
        "in ten outweighs all others; at values between they are as wide. In brackets after the break-even: the last "
        "value looked at that settles who is better before it, and the first that settles who is beyond. Between "
        "values that were not looked at nothing is known."
    )


def _points(found: BreakEven) -> tuple[tuple[float, Interval], ...]:
    return found.crossing.points


def _records(found: BreakEven) -> list[Record]:
    return [
        {
            "knob": found.knob, "value": value, "quantity": found.column.key, "unit": found.column.unit,
            "difference": known(apart.mean), "difference_most": known(apart.upper),
            "difference_lo": known(apart.lo), "difference_hi": known(apart.hi),
            "better": _verdict(found, apart),
        }
        for value, apart in _points(found)
    ]  # fmt: skip
