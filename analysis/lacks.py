"""Why a quantity has no value: only what is known to be so, in a word for a cell and in a sentence below.

What a log does not show is told with what it would need. Else something may be declared of no platform, or have no
limit; what was seen may be too little for a quantile, or nothing; something behind it may not be known. Where nothing
of that is so, all that is known is in how many runs there was nothing to take it of.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from analysis.measures.concepts.concepts import concepts
from analysis.measures.measure import Measure, find
from analysis.measures.units import goes_by
from analysis.pooled import needed
from analysis.samples import Measured, Row, Sample, label
from analysis.statistics import FEWEST

NOT_TOLD: Final = "not told"
NEEDS: Final = "needs what this log does not show: "

# What evidence may show (`sees_*` of a run), in words; of a real log that is replayed nobody knows the organisation.
_SHOWS: Final = {
    "credentials": "credentials",
    "tasks": "tasks",
    "scope": "entitlements",
    "actions": "requests apart from their use",
    "approvals": "what humans were asked",
    "cover": "on which approval a call rests",
    "decisions": "decisions on requests",
    "queue": "work that was never begun",
    "need": "when each call of a task was asked for, began and ended",
    "every_event": "every event",
    "all_kept": "every event of the kinds that it keeps",
    "organisation": "the organisation (owners, people on call, grants, intents, reviews, an inventory)",
}
# What is named where nothing of that is missing: most definitions read it for some of their rows only.
_SHOWS_BESIDES: Final = {
    "every_credential": "credentials that were issued before it begins",
    "touch": "what each call touched",
    "tool": "by which tool a call was made, with which arguments",
    "plan": "what each task declared when it began",
    "reviews": "every review",
    "inventory": "an inventory of identities",
}
# What several measures ask of a log before they say anything.
_CONDITION: Final = "reach_known"
# What a definition reads tells what it needs, whether or not it asks for the flag.
_READS: Final = {
    "tasks": r"\b(?:FROM|JOIN) task\b", "need": r"\bclear_need\b", "every_event": r"\bunseen_use\b",
    "organisation": r"\bis_rebuilt\b",
}  # fmt: skip


@dataclass(frozen=True)
class Lack:
    """Why there is no value: in a word or two, and in a sentence."""

    word: str
    why: str


UNPUBLISHED: Final = Lack("unpublished", "no platform publishes such a figure, or nobody declared its terms")
UNLIMITED: Final = Lack("no limit", "there is no such limit")
TOO_FEW: Final = Lack(
    "too few",
    f"too few independent observations (a p50 takes {needed(0.5)}, a p95 {needed(0.95)}, a p99 {needed(0.99):,})",
)
FEW_RUNS: Final = Lack(
    "few runs", f"seen in fewer than {FEWEST} runs, which tell too little of how others would differ"
)
NONE_SEEN: Final = Lack("none seen", "nothing of the kind was seen in any run")
UNKNOWN: Final = Lack("unknown", "something that it is made of is not known")
NOTHING: Final = Lack("–", "there was nothing to take it of, or nothing is stated to judge it by")

UNSEEN: Final = Lack("–", "nothing of the kind was seen in the log's time, or not enough is told of it")


def too_few(seen: int) -> Lack:
    """That what was seen in one run is too little, and how much it was."""
    return replace(TOO_FEW, why=f"{TOO_FEW.why}: there {'is' if seen == 1 else 'are'} {seen:,}")


def lack_of(found: Measured, row: Row, runs: Sequence[int]) -> Lack:
    """Why a row of a measure has no value over some runs."""
    samples = found.samples(row, runs)
    silent = [run for run, each in zip(runs, samples, strict=True) if each.is_silent]
    shows = {str(name): bool(shown) for name, shown in found.shows.loc[silent].all().items()}
    unclear = any(each.unknowns for each in samples if each.is_silent)
    hidden = label(row) if found.of_logs and unclear else ()
    if (found.of_logs or unclear) and (missing := unseen(found.measure, shows, hidden)):
        return Lack(NOT_TOLD, f"{NEEDS}{', '.join(missing)}")
    if goes_by(label(row), found.measure.terms):
        return UNPUBLISHED if unclear else UNLIMITED
    return _too_little(found, row, samples) or (UNKNOWN if unclear else _nothing(found, samples))


def _too_little(found: Measured, row: Row, samples: Sequence[Sample]) -> Lack | None:
    """That what was seen is too little, where that is all that was seen."""
    share, open_ = found.measure.share(label(row)), [each for each in samples if each.pool is None]
    counts = [each.counted for each in samples if each.counted is not None]
    if counts and len(counts) == len(samples) and not sum(of for _, of in counts):
        return NONE_SEEN
    if share is None or found.measure.pool.estimator == "cvar" or any(each.is_silent for each in open_):
        return None
    # Of what is told run by run, and borne by no number of all, there are too few as well.
    if open_ and (found.measure.pool.part is None or sum(each.seen for each in samples) >= needed(share)):
        return None
    having = sum(each.seen > 0 for each in samples)
    return (FEW_RUNS if having < FEWEST <= len(samples) else TOO_FEW) if having else NONE_SEEN


def _nothing(found: Measured, samples: Sequence[Sample]) -> Lack:
    lack, silent = UNSEEN if found.of_logs else NOTHING, sum(each.is_silent for each in samples)
    return lack if silent == len(samples) else replace(lack, word=f"{lack.word} in {silent} of {len(samples)}")


def unseen(measure: Measure, sees: Mapping[str, bool], hidden: Sequence[str]) -> list[str]:
    """What a log had to show for a measure, and does not; of a row that no log tells, that alone."""
    if untold := measure.untold.of(hidden):
        return [untold]
    found, shown = text_of(measure), {"organisation": True, **sees}
    missing = [name for name in _SHOWS if not shown[name] and _reads(found, name)]
    # Whoever has every event has those of some kinds as well.
    said = [_SHOWS[name] for name in missing if name != "all_kept" or "every_event" not in missing]
    return said or [words for name, words in _SHOWS_BESIDES.items() if not shown[name] and _reads(found, name)]


def _reads(text: str, name: str) -> bool:
    return re.search(rf"\bsees_{name}\b|{_READS.get(name, '(?!)')}", text) is not None


def text_of(measure: Measure) -> str:
    """A definition, the condition that it has in common with others, and those of the measures that it is made of."""
    common = [concepts()[_CONDITION].sql] if _CONDITION in measure.sql else []
    return "\n".join([measure.sql, *common, *(text_of(find(name)) for name in measure.reads)])
