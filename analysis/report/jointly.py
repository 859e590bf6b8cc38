"""What becomes of a claim in joint draws of assumptions, in words and for programs."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from analysis.joint import NEEDED, Hanging, Joint
from analysis.report.legible import counted, listed
from analysis.report.numerals import SEEN, is_time, known, quantity
from analysis.report.table import unit_shown
from analysis.sensitivity import Sensitivity
from analysis.statistics import CONFIDENCE

_NAMED: Final = 3
_NO_CLAIM: Final = "There is no claim: the intervals that hold together do not settle it where all is as said."
_NEEDED: Final = f"{100 * NEEDED:g} %"
_SURE: Final = f"{100 * CONFIDENCE:g} %"


def becomes(joint: Joint | None, flips: Sequence[str] = ()) -> str:
    """In how many joint draws a claim holds, and whether that suffices or on what it depends; nothing without draws.

    `flips`: with what its sign flips at an end of a range, all else as said.
    """
    if joint is None or joint.verdict == "few":
        return ""
    said = f"Of {counted(len(joint.draws), 'joint draw')} of {counted(len(joint.places), 'assumption')}"
    if joint.verdict == "same":
        return f"{said} none shows a difference."
    if joint.verdict == "not settled":
        settled = f"{joint.signs.count(-1)} settle it below zero and {joint.signs.count(1)} above"
        return f"{_NO_CLAIM} {said} {settled}."
    return f"{said} {joint.holds} settle the same sign{_else(joint)}{_judged(joint, flips)}."


def spread(joint: Joint | None, unit: str) -> str:
    """Between what the differences of joint draws lie, and in the middle; nothing without draws, or of few."""
    if joint is None or joint.verdict in {"few", "same"}:
        return ""
    means = sorted(each.mean for each in joint.draws if math.isfinite(each.mean))
    if not means:
        return ""
    least, middle, most = (quantity(each, unit) for each in (means[0], float(np.median(means)), means[-1]))
    shown = "" if is_time(unit) else f" {unit_shown(unit)}"
    if least == most:
        return f"In the draws: {middle}{shown} throughout."
    return f"In the draws: {least} to {most}{shown}, {middle} in the middle."


def _judged(joint: Joint, flips: Sequence[str]) -> str:
    """What follows from so many."""
    if joint.verdict == "stands":
        return f", as would at least {_down(joint.least)} % of all: the claim stands"
    if joint.verdict == "hangs":
        others = f", and more than {_down(100 - joint.most)} % of all would settle the other"
        return f"{others}: it depends on {_on(joint, flips) or f'what {len(joint.draws)} draws do not tell apart'}"
    along = f"; it goes along with {_on(joint, flips)}" if joint.hangs else ""
    return f", as would at least {_down(joint.least)} % of all: whether {_NEEDED} would is open, {_more(joint)}{along}"


def _more(joint: Joint) -> str:
    """What would tell, as far as these draws do: their own share, or whatever is not settled in them.

    Others, of another seed, looked at by themselves: of a claim that holds in nine of ten of all draws 61 say in 5 % of
    cases that it stands, as they may, but looked at again when they have grown to 120, 240 and 400, in 11 %.
    """
    needed = NEEDED * len(joint.draws)
    if joint.holds + joint.unsettled < needed:
        return f"though fewer than {_NEEDED} of these do"
    return f"more {'draws' if joint.holds >= needed else 'replications'} of another seed would tell"


def claim(joint: Joint | None, flips: Sequence[str] = (), in_play: int = 0) -> str:
    """What is to be said beside an answer that rests on one headline; nothing where joint draws do not judge it.

    `in_play`: how many assumptions there are, of which those that were drawn may be some.
    """
    if joint is None or joint.verdict not in {"stands", "hangs", "open"}:
        return ""
    drawn_ = len(joint.places)
    which = f"of joint draws of {counted(drawn_, 'assumption')}"
    if drawn_ < in_play:
        which = f"of joint draws of {drawn_} of {in_play} assumptions"
    if joint.verdict == "stands":
        return f"the claim stands, in at least {_down(joint.least)} % {which}."
    if joint.verdict == "hangs":
        on = f" It depends on {_on(joint, flips)}." if _on(joint, flips) else ""
        return f"the claim does not stand, the other sign comes in more than {_down(100 - joint.most)} % {which}.{on}"
    along = f" It goes along with {_on(joint, flips)}." if joint.hangs else ""
    return f"whether the claim stands is open, {joint.holds} in {len(joint.draws)} {which} settle it alike.{along}"


def jointly(found: Sensitivity) -> str:
    """How to read joint draws, or what is not seen without them."""
    if not found.draws:
        why = "nothing can be varied" if found.refused and not found.varied else "--draws asks for them"
        return f"What matters only together with another is not seen, because no joint draws were made: {why}."
    return (
        "In each joint draw every assumption lies anywhere in its range, apart from all others, evenly: multiples and "
        "magnitudes on a logarithmic scale, and what goes up to never by its rate, so that it is rarely never. That "
        "looks everywhere, and is no opinion on what is likely: a share of draws is none of chance. A claim, that one "
        f"model is better than the other, stands if its sign would be settled alike in {_NEEDED} of all draws that "
        f"could be made, told from those that were, whose number was named before, by a limit that holds in {_SURE} of "
        "cases, for each headline by itself; in a draw, the interval of its own replications settles a sign or does "
        "not, and is wrong as often as such an interval is; where all differ by the same, none does, and the draw "
        f"counts with the sign {SEEN}. It depends on what goes along with its sign more than the greatest of all "
        f"assumptions does in {_SURE} of shufflings; the cuts between values were found on the same draws."
    )


def _else(joint: Joint) -> str:
    """What is the case in the others."""
    others = ((joint.against, "the other"), (joint.unsettled, "none"), (joint.equal, "show no difference"))
    told = [f"{count} {what}" for count, what in others if count]
    return f" ({listed(told)})" if told else ""


def _down(percentage: float) -> str:
    """What is so at least: never rounded up."""
    return f"{math.floor(10 * percentage) / 10:.1f}"


def _on(joint: Joint, flips: Sequence[str]) -> str:
    """What a sign goes along with, or turns with alone; empty where nothing is known of it."""
    if not joint.hangs:
        return f"{_named(flips)}, with which it flips even alone" if flips else ""
    return _named([f"{each.key} ({_cut(each)})" for each in joint.hangs])


def _named(what: Sequence[str]) -> str:
    more = len(what) - _NAMED
    return listed([*what[:_NAMED], *([f"{more} more"] if more > 0 else [])])


def _cut(each: Hanging) -> str:
    """Where it parts the draws."""
    low, high = each.low, each.high
    if {low.value, high.value} == {"no", "yes"}:
        return f"no: {low.holds} of {low.of}, yes: {high.holds} of {high.of}"
    return f"up to {low.value} in {low.holds} of {low.of}, from {high.value} in {high.holds} of {high.of}"


def drawn(joint: Joint | None) -> dict[str, object] | None:
    """The same for programs, unrounded; percentages as shares of 1."""
    if joint is None:
        return None
    judged = joint.verdict not in {"few", "not settled", "same"}
    return {
        "draws": len(joint.draws), "verdict": joint.verdict, "sign": joint.sign or None, "holds": joint.holds,
        "against": joint.against, "equal": joint.equal, "unsettled": joint.unsettled,
        "share_least": joint.least / 100 if judged else None,
        "share_against_least": 1 - joint.most / 100 if judged else None,
        "depends_on": [_record(each) for each in joint.hangs],
        "differences": [known(each.mean) for each in joint.draws],
        "differences_most": [known(each.upper) for each in joint.draws],
    }  # fmt: skip


def _record(each: Hanging) -> dict[str, object]:
    parts = {name: {"value": part.value, "holds": part.holds, "of": part.of}
             for name, part in (("up_to", each.low), ("from", each.high))}  # fmt: skip
    return {"key": each.key, "rank_correlation": each.rank, **parts}
