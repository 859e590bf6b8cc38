"""A split as it is read: what each factor adds to a difference, and what each knob does, in words and in columns."""

from dataclasses import dataclass
from typing import Final

from analysis.report.legible import counted, listed
from analysis.report.numerals import NOT_SHOWN, SEEN, reading
from analysis.report.table import GROUPS, RANKS, Entry, Heading, judged, of_difference, unit_shown
from analysis.screen import Column
from analysis.shapley import Block
from analysis.split import Part, Rung, Split
from analysis.statistics import Interval

LIMITED: Final = "open on both sides, or too few observations for a p95"


@dataclass(frozen=True)
class Row:
    """A row of a table: what it is about, more of that in small, and an entry a quantity; `note` where it has none."""

    name: str
    detail: str
    entries: tuple[Entry, ...]
    note: str = ""
    indented: bool = False


@dataclass(frozen=True)
class Page:
    """Everything that is said of a split."""

    split: Split
    headings: tuple[Heading, ...]
    sentences: tuple[str, ...]
    rests: tuple[str, ...]
    shares: tuple[Row, ...]
    ladder: tuple[Row, ...]


def page(split: Split) -> Page:
    """The tables and sentences of a split."""
    return Page(
        split=split, headings=tuple(_heading(part.column) for part in split.parts),
        sentences=tuple(_sentence(split, part) for part in split.parts if not part.same),
        rests=tuple(_rests(split)), shares=tuple(_shares(split)),
        ladder=tuple(_rung(rung, split) for rung in split.ladder),
    )  # fmt: skip


def named(block: Block) -> str:
    """A block of factors in words."""
    return " with ".join(block)


def signed(apart: Interval, value: str) -> str:
    """A difference with its sign, unless what is shown of it is zero."""
    return f"+{value}" if apart.mean > 0 and any(digit in value for digit in "123456789") else value


def _heading(column: Column) -> Heading:
    group = GROUPS.get(column.key, GROUPS["latency"])
    return Heading(column.key, group, column.heading, unit_shown(column.unit), column.measure, column.key == RANKS)


def _shares(split: Split) -> list[Row]:
    parts = split.parts
    ends = [tuple(_value(each, part.column) for each, part in zip(side, parts, strict=True))
            for side in ([part.baseline for part in parts], [part.model for part in parts])]  # fmt: skip
    return [
        Row(split.baseline, "baseline", ends[0]),
        *(
            Row(named(block), ", ".join(knobs), tuple(of_difference(part.shares[place], part.column) for part in parts))
            for place, (block, knobs) in enumerate(zip(split.blocks, split.knobs, strict=True))
        ),
        Row(split.model, "what the shares lead to", ends[1]),
        Row("difference", "sum of the shares", tuple(of_difference(part.total, part.column) for part in parts)),
    ]


def _rung(rung: Rung, split: Split) -> Row:
    entries = tuple(of_difference(each, part.column) for each, part in zip(rung.differences, split.parts, strict=False))
    whole = rung.kind == "section"
    name = f"all of {rung.asked}" if whole else rung.asked
    further = f"with {listed(list(rung.further))}" if rung.further else ""
    note = "" if entries else f"not possible alone: {rung.refusal}"
    return Row(name, further, entries, note, indented=not whole)


def _value(estimate: Interval, column: Column) -> Entry:
    shown = reading(estimate, column.unit)
    return Entry(column.key, shown.value, shown.interval, shown.reach, "baseline", "")


def _sentence(split: Split, part: Part) -> str:
    """What each block brings to one quantity."""
    column = part.column
    if part.unknown:
        return f"{column.heading}: {NOT_SHOWN}, {LIMITED}."
    before, after = (reading(each, column.unit).value for each in (part.baseline, part.model))
    unit = f" {shown}" if (shown := unit_shown(column.unit)) else ""
    brings = [f"{named(block)} {_brings(share, part)}" for block, share in zip(split.blocks, part.shares, strict=True)
              if judged(share, column) != "equal"]  # fmt: skip
    nothing = [named(block) for block, share in zip(split.blocks, part.shares, strict=True)
               if judged(share, column) == "equal"]  # fmt: skip
    rest = f"; {listed(nothing)} bring{'s' if len(nothing) == 1 else ''} nothing in any run" if nothing else ""
    return f"{column.heading}, {before} to {after}{unit}: {', '.join(brings)}{rest}."


def _brings(share: Interval, part: Part) -> str:
    entry = of_difference(share, part.column)
    told = " (cannot be told apart from nothing)" if entry.verdict == "alike" else ""
    seen = f" {SEEN}" if entry.by_runs else ""
    return f"{entry.value} {entry.interval}{told}" if entry.interval.startswith("[") else f"{entry.value}{seen}{told}"


def _rests(split: Split) -> list[str]:
    """What the split rests on: which orders are left, and why others are not."""
    which = f"all {split.of}" if split.left == split.of else f"{split.left} of the {split.of}"
    over = listed([named(block) for block in split.blocks])
    said = [f"mean over {which} orders of {over}" if split.of > 1 else f"{over} is all that changes"]
    if split.left < split.of:
        said.append("the other orders pass a control model two of whose knobs contradict each other")
    together = [named(block) for block in split.blocks if len(block) > 1]
    said += [f"{each} has one share, because no order changes them apart" for each in together]
    said += [f"impossible between: {refusal}" for refusal in split.forbidding]
    runs = counted(split.replicates, "replication")
    return [*said, f"{runs} of each step, the same work and draws under all of them"]
