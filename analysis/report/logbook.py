"""A log on a terminal: what it proves of each measure and allows at most, and of which it tells nothing, and why."""

import textwrap
from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

from analysis.report.bounds import HEADLINE, NO_LIMIT, UNPROVEN, UNTOLD, Bounded, Bounds
from analysis.report.legible import counted, shortened
from analysis.report.observed import Log
from analysis.report.sheet import Label, more, rates, rows_named, untold_text

_GAP: Final = "  "
# So wide may a unit be, beside a value.
_UNIT: Final = 34
_WORDS: Final = {
    " to ": "A to b: proven, and possible at most.",
    "(estimated)": "(estimated): what had not ended is taken to be like the rest, which no log proves.",
    "n = ": "n: how many observations a quantile is of, each taken for independent of the others.",
    "(declared)": "(declared): stated of a platform, not told by the log.",
}


def as_text(log: Log, found: Bounds, width: int, *, asked: bool) -> str:
    """Whose figures they are, the table, why the rest is not shown, and how to read it."""
    names = dict.fromkeys([each.measure.name for each in found.answered])
    telling = {HEADLINE, *(each.measure.name for each in found.answered if each.tells)}
    shown = [name for name in names if asked or name in telling]
    rows = [each for name in shown for each in found.answered if each.measure.name == name]
    parts = [_table(rows, width)] if rows else []
    said = "\n".join(map(_value, rows))
    open_ = dict.fromkeys(each.why for each in rows if each.most == NO_LIMIT and each.basis == "seen")
    read = [*(["At least: proven, without a limit.", *open_] if open_ else []),
            *([f"What is possible at most rests on {log.if_whole}."] if _limited(rows) and log.if_whole else []),
            *(meaning for word, meaning in _WORDS.items() if word in said),
            *rates([log.run["t1"] - log.run["t0"]], [each.unit for each in rows]),
            more("each row, in the unit of its definition")]  # fmt: skip
    return "\n\n".join([
        textwrap.fill(_whose(log), width), *parts, *untold_text(_untold(found, shown), width),
        textwrap.fill(" ".join(read), width),
    ])  # fmt: skip


def _limited(rows: Sequence[Bounded]) -> bool:
    """Whether any of them has an upper bound."""
    return any(each.most != NO_LIMIT and each.basis == "seen" for each in rows)


def _whose(log: Log) -> str:
    """Which log it is, and per what its figures are."""
    name, many = shortened(str(log.run["title"] or "audit log"), 80), log.totals["identities"]
    if log.rate.of_nobody:
        return f"{name}, run {log.key}, {log.span}. Nobody in it holds a credential: no figures per identity."
    acting = ("holds a credential", "hold a credential") if log.sees["credentials"] else ("acts in it", "act in it")
    who = f"{counted(many, 'identity', 'identities')} that {acting[many != 1]}"
    short = "" if log.rate.days is None else ", for all of the log, which is too short for figures per day"
    return f"{name}, run {log.key}, {log.span}. Per identity: the mean over {who}{short}."


def _table(rows: Sequence[Bounded], width: int) -> str:
    """Rows below the measure that they are of: which, what is told, in which unit."""
    values, unit = max(len(_value(each)) for each in rows), min(_UNIT, max(len(each.unit) for each in rows))
    room = max(width - values - unit - 2 * len(_GAP), 24)
    named = [
        textwrap.wrap(rows_named(each.labels), room, initial_indent="  ", subsequent_indent="    ") for each in rows
    ]
    room = max(len(line) for each in [*named, *([row.measure.name] for row in rows)] for line in each)
    lines: list[str] = []
    for number, each in enumerate(rows):
        head = [] if number and rows[number - 1].measure.name == each.measure.name else ["", each.measure.name]
        # A measure of one figure has it beside its own name.
        names = named[number] if any(each.labels) else [head.pop()]
        cells = zip_longest(names, [_value(each)], textwrap.wrap(each.unit, unit or 1), fillvalue="")
        lines += [*head, *(_GAP.join([a.ljust(room), b.rjust(values), c]).rstrip() for a, b, c in cells)]
    return "\n".join(lines[1:])


def _value(each: Bounded) -> str:
    """What is told of a row."""
    told = f"{each.proven} to {each.most}" if each.proven != each.most else each.proven
    if each.most == NO_LIMIT:
        told = f"at least {each.proven}"
    elif each.proven == UNPROVEN:
        told = f"at most {each.most}"
    resting = "" if each.basis == "seen" else f" ({each.basis})"
    return f"{told}{resting}{'' if each.seen is None else f', n = {each.seen:,}'}"


def _untold(found: Bounds, shown: Sequence[str]) -> dict[str, dict[str, list[Label] | None]]:
    """Of what the log tells nothing, or nothing that anybody could not know without it, by why."""
    untold: dict[str, dict[str, list[Label] | None]] = {}
    answered = dict.fromkeys(each.measure.name for each in found.answered)
    for each in found.silent:
        name = each.measure.name
        untold.setdefault(each.why, {})[name] = list(each.labels) if name in shown else None
    if vague := [name for name in answered if name not in shown]:
        untold[UNTOLD] = dict.fromkeys(vague)
    return untold
