"""Assumptions that were varied, as they are read: for each headline what moves it most, in words and in columns."""

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from analysis.report.jointly import becomes, claim, drawn, jointly, spread
from analysis.report.legible import counted, listed
from analysis.report.monospace import grid
from analysis.report.numerals import NOT_SHOWN, is_time, known, plain, quantity, reading
from analysis.report.records import csv_of, numbers
from analysis.report.splitting import LIMITED, signed
from analysis.report.table import unit_shown
from analysis.sensitivity import Effect, End, Sensitivity, Sign, Tornado, Turning

# So many are shown of each headline; programs get all of them.
SHOWN: Final = 10
_NAMED: Final = 4

SIGNS: Final[Mapping[Sign, str]] = {
    "survives": "survives", "open": "open", "flips": "flips", "not settled": "not settled", "same": "the same",
    "few": "not judged",
}  # fmt: skip

Record = dict[str, str | float | None]


def varied_as_text(found: Sensitivity, width: int = 120) -> str:
    """For each headline a sentence and the assumptions that move it, and how to read it."""
    parts = [f"{found.title}: {found.model} less {found.baseline}"]
    for tornado in found.tornados:
        parts.append(textwrap.fill(sentence(tornado), width))
        if tornado.effects:
            parts.append(_grid(tornado, width))
    return "\n\n".join([*parts, *(textwrap.fill(each, width) for each in notes(found))])


def varied_as_json(found: Sensitivity) -> str:
    """Every number, unrounded; null where there is none."""
    about = {
        "comparison": found.comparison, "title": found.title, "baseline": found.baseline, "model": found.model,
        "replications": found.replicates, "assumptions": found.varied, "draws": found.draws,
        "refused": dict(found.refused), "known": found.known, "as_said": found.as_said,
        "headlines": [_headline(each) for each in found.tornados],
        "effects": _records(found),
    }  # fmt: skip
    return json.dumps(about, indent=2, allow_nan=False)


def varied_as_csv(found: Sensitivity) -> str:
    """A line for each headline and assumption that moves it, unrounded; no cell is a formula."""
    return csv_of(_records(found), ["quantity", "key"])


def sentence(tornado: Tornado) -> str:
    """The difference with its interval, then its range over the ends, then what becomes of its sign."""
    heading = tornado.column.heading
    if tornado.limited:
        return f"{heading}: {NOT_SHOWN}, {LIMITED}."
    unit = "" if is_time(tornado.column.unit) else f" {unit_shown(tornado.column.unit)}"
    here = signed(tornado.difference, reading(tornado.difference, tornado.column.unit).text)
    if not tornado.effects:
        return f"{heading}: {here}{unit}; no assumption that was varied changes it alone. {together(tornado)}".rstrip()
    least, most = (quantity(each, tornado.column.unit) for each in tornado.span)
    between = "" if tornado.exact else ", with what limits leave open"
    told = f"{heading}: {here}{unit} where all is as said; {least} to {most}{unit} over the ends, a range{between}."
    return f"{told} {_becomes(tornado)} {together(tornado)}".rstrip()


def _becomes(tornado: Tornado) -> str:
    """What becomes of the sign, assumption by assumption."""
    by_sign: dict[Sign, list[str]] = {}
    for each in tornado.effects:
        by_sign.setdefault(each.sign, []).append(_turned(each))
    if "few" in by_sign:
        return "Too few replications to judge its sign."
    if "not settled" in by_sign:
        return "Its sign is not settled even where all is as said."
    told = [f"{verb} with {_named(by_sign[sign])}" for sign, verb in (("flips", "flips"), ("open", "is open"))
            if sign in by_sign]  # fmt: skip
    rest = len(by_sign.get("survives", ())) + len(tornado.idle)
    told.append(f"survives {counted(rest, 'assumption')}")
    return f"Its sign {'; '.join(told)}."


def stand(found: Sensitivity) -> str:
    """Whether the first headline's claim stands in joint draws, to be said beside an answer that rests on it."""
    tornado = found.tornados[0]
    said = claim(tornado.joint, _flips(tornado), found.in_play)
    return f"{tornado.column.heading}: {said}" if said else ""


def together(tornado: Tornado) -> str:
    """What becomes of its sign in joint draws."""
    return f"{becomes(tornado.joint, _flips(tornado))} {spread(tornado.joint, tornado.column.unit)}".strip()


def _flips(tornado: Tornado) -> list[str]:
    """The assumptions that turn its sign at an end of their range, alone."""
    return [_turned(each) for each in tornado.effects if each.sign == "flips"]


def _turned(each: Effect) -> str:
    """An assumption, and where a sign is lost on the way to its ends, as far as anybody looked."""
    where = [part for turning in each.turnings for part in _where(turning)]
    return f"{each.key} ({'; '.join(where)})" if where else each.key


def _where(turning: Turning) -> Iterator[str]:
    yield f"settled at {turning.kept}, not at {turning.lost}"
    if turning.mean_kept is not None:
        yield f"the mean turns between {turning.mean_kept} and {turning.mean_lost}"


def _named(keys: Sequence[str]) -> str:
    more = len(keys) - _NAMED
    return listed([*keys[:_NAMED], f"{more} more"] if more > 0 else list(keys))


def notes(found: Sensitivity) -> list[str]:
    """How to read it, and what could not be varied."""
    runs = counted(found.replicates, "replication")
    how = (
        f"{_of_all(found)}, each set to both ends of its range while all else stays as said, with "
        f"the same draws. In brackets: 95 % intervals over {runs}, paired, each for itself (exploratory); those of a "
        "p95 are by the jackknife, and hold in about nine of ten cases. Where so much is alike at a p95 that no run "
        "moves it by itself, though several would, it is known within what resamples of runs span. What lies between "
        "the ends is a range without confidence, and none is likelier than another; the two are never merged. Where on "
        f"its way to an end a sign is settled no longer by {runs}, or its mean turns, was found by halving, on the "
        "same draws; outlive breakeven --over KEY asks that with an interval."
    )
    others = (("Known here, and not varied", found.known), ("Not named, and as said throughout", found.as_said))
    kept = [f"{what}: {_few(keys)}." for what, keys in others if keys]
    return [how, jointly(found), *kept, *(f"{key} cannot be varied here: {why}" for key, why in found.refused)]


def _of_all(found: Sensitivity) -> str:
    """How many were varied, of all that could be."""
    if found.varied == found.in_play:
        return counted(found.varied, "assumption")
    return f"{found.varied} of {counted(found.in_play, 'assumption')} in play"


def _few(keys: Sequence[str]) -> str:
    return listed(list(keys)) if len(keys) <= SHOWN else f"{len(keys)} assumptions (--format json names them)"


def _grid(tornado: Tornado, width: int) -> str:
    shown = tornado.effects[:SHOWN]
    stub = [["assumption"], *([each.key, f"  said: {each.said}"] for each in shown)]
    ends = [
        [[heading], *(cell(each, which, tornado) for each in shown)]
        for heading, which in (("change at low end", "low"), ("change at high end", "high"))
    ]
    table = grid(stub, [*ends, [["sign"], *([SIGNS[each.sign]] for each in shown)]], width)
    more, idle = len(tornado.effects) - len(shown), len(tornado.idle)
    left = [f"{more} with less effect" if more else "", f"{idle} that move nothing in any run" if idle else ""]
    return "\n".join([table, *([f"Not shown: {listed([each for each in left if each])}."] if any(left) else [])])


def cell(each: Effect, which: str, tornado: Tornado) -> list[str]:
    """An end: its value and the change that it makes, then the interval of that."""
    end: End | None = getattr(each, which)
    if end is None:
        return [NOT_SHOWN, ""]
    if end.change.mean == end.change.lo == end.change.hi == 0:
        return [f"{end.value}: as said" if end.value == each.said else f"{end.value}: 0", ""]
    shown = reading(end.change, tornado.column.unit)
    return [f"{end.value}: {signed(end.change, shown.value)}", shown.interval]


def _headline(tornado: Tornado) -> dict[str, object]:
    least, most = tornado.span
    return {
        "quantity": tornado.column.key, "heading": tornado.column.heading, "unit": tornado.column.unit,
        **numbers("difference", tornado.difference), "range_least": known(least), "range_most": known(most),
        "limited": tornado.limited, "joint": drawn(tornado.joint),
    }  # fmt: skip


def _records(found: Sensitivity) -> list[Record]:
    return [_record(tornado, each) for tornado in found.tornados for each in tornado.effects]


def _record(tornado: Tornado, each: Effect) -> Record:
    record: Record = {"quantity": tornado.column.key, "unit": tornado.column.unit, "key": each.key, "said": each.said}
    for name, end in (("low", each.low), ("high", each.high)):
        record[name] = None if end is None else end.value
        record |= numbers(f"difference_{name}", None if end is None else end.difference)
        record |= numbers(f"change_{name}", None if end is None else end.change)
        turning = None if end is None else end.turning
        record |= {
            f"{key}_{name}": None if turning is None else getattr(turning, key)
            for key in ("kept", "lost", "mean_kept", "mean_lost")
        }
    return {**record, "sign": each.sign}


def rests(found: Sensitivity) -> str:
    """What of the ranking's difference is assumed, in a sentence for the first screen."""
    tornado = found.tornados[0]
    if tornado.limited or not tornado.effects:
        return ""
    least, most = tornado.span
    unit, greatest = tornado.column.unit, [each.key for each in tornado.effects[:3]]
    ends = f"the ends of {_of_all(found)}, one at a time; most by {listed(greatest)}"
    span = f"{plain(least)} to {plain(most)} {unit}"
    what = f"{tornado.column.heading}, {found.model} less {found.baseline}"
    return f"{what}: {span} over {ends}. {_becomes(tornado)} {together(tornado)}".rstrip()
