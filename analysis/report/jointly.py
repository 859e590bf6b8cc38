"""What becomes of a claim in joint draws of assumptions, in words and for programs."""

import math
from collections.abc import Sequence
from typing import Final

from analysis.joint import NEEDED, Hanging, Joint
from analysis.report.legible import counted, listed
from analysis.statistics import CONFIDENCE

_NAMED: Final = 3
_NEEDED: Final = f"{100 * NEEDED:g} %"
_SURE: Final = f"{100 * CONFIDENCE:g} %"


def becomes(joint: Joint | None, alone: Sequence[str] = ()) -> str:
    """In how many joint draws a claim holds, and whether that suffices or on what it depends; nothing without draws.

    `alone`: with what its sign is not kept at an end of a range, all else as said.
    """
    if joint is None or joint.verdict == "few":
        return ""
    said = f"Of {counted(len(joint.draws), 'joint draw')} of {counted(len(joint.places), 'assumption')}"
    if joint.verdict == "same":
        return f"{said} none shows a difference."
    if joint.verdict == "not settled":
        return f"{said} {joint.signs.count(-1)} settle it below zero and {joint.signs.count(1)} above."
    said = f"{said} {joint.holds} keep its sign{_else(joint)}"
    least, most = f"{math.floor(joint.least)} %", f"{math.ceil(joint.most)} %"
    if joint.verdict == "stands":
        return f"{said}, and so do at least {least} of all: the claim stands."
    if joint.verdict == "hangs":
        return f"{said}, and so do at most {most} of all: it depends on {_on(joint, alone)}."
    more = "replications" if joint.unsettled > joint.against + joint.equal else "draws"
    along = f"; it goes along with {_on(joint, alone)}" if joint.hangs else ""
    return f"{said}, and so do {least} to {most} of all: whether {_NEEDED} do is open, more {more} would tell{along}."


def claim(joint: Joint | None, alone: Sequence[str] = ()) -> str:
    """What is to be said beside an answer that rests on one headline; nothing where joint draws do not judge it."""
    if joint is None or joint.verdict not in {"stands", "hangs", "open"}:
        return ""
    which = f"joint draws of {counted(len(joint.places), 'assumption')}"
    least, most = f"{math.floor(joint.least)} %", f"{math.ceil(joint.most)} %"
    if joint.verdict == "stands":
        return f"the sign is kept in at least {least} of {which}, and so the claim stands."
    if joint.verdict == "hangs":
        return f"the sign is kept in at most {most} of {which}: it depends on {_on(joint, alone)}."
    return f"the sign is kept in {least} to {most} of {which}: whether in {_NEEDED} is open."


def jointly(draws: int) -> str:
    """How to read joint draws, or what is not seen without them."""
    if not draws:
        return "What matters only together with another is not seen: no joint draws were made (--draws)."
    return (
        "In each joint draw every assumption lies anywhere in its range, apart from all others, evenly: multiples and "
        "magnitudes on a logarithmic scale, and what goes up to never by its rate. That looks everywhere, and is no "
        "opinion on what is likely: a share of draws is none of chance. A claim, that one model is better than the "
        f"other, needs its sign in {_NEEDED} of all draws that could be made, told from those that were by a limit "
        f"that holds in {_SURE} of cases; draws that too few replications settle do not count for it. It depends on "
        f"what goes along with its sign more than the greatest of all assumptions does in {_SURE} of shufflings; the "
        "cuts between values were found on the same draws."
    )


def _else(joint: Joint) -> str:
    """What is the case in the others."""
    others = ((joint.against, "have the other"), (joint.equal, "show no difference"), (joint.unsettled, "settle none"))
    told = [f"{count} {what}" for count, what in others if count]
    return f" ({listed(told)})" if told else ""


def _on(joint: Joint, alone: Sequence[str]) -> str:
    if not joint.hangs and alone:
        return f"{_named(alone)}, with which it is not kept even alone"
    if not joint.hangs:
        return f"several assumptions together, of which {len(joint.draws)} draws tell none apart"
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
        "share_least": joint.least / 100 if judged else None, "share_most": joint.most / 100 if judged else None,
        "depends_on": [_record(each) for each in joint.hangs],
        "differences": [each.mean for each in joint.draws],
    }  # fmt: skip


def _record(each: Hanging) -> dict[str, object]:
    parts = {name: {"value": part.value, "holds": part.holds, "of": part.of}
             for name, part in (("up_to", each.low), ("from", each.high))}  # fmt: skip
    return {"key": each.key, "rank_correlation": each.rank, **parts}
