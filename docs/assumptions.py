"""Between what each default may plausibly lie: prints assumptions.md, from data/assumptions.toml."""

import sys
from typing import Final

from outlive.ranges import Range, load

_HEAD: Final = """# Every default is a named assumption

`outlive assumptions SCENARIO --control NAME` lists every default that is in play: its value, whether its source is a
publication, the source, and its range. `outlive sensitivity SCENARIO --control A B --into F.duckdb` sets each to both
ends of its range, one at a time, on the same draws of chance; then it draws all of them together, as often as `--draws`
says, each anywhere in its range and apart from the others.

A range says what is plausible, not what is likely, and is never merged with an interval over replications. Joint draws
look everywhere in the ranges, evenly on the scale that is named below (`logarithm` for multiples and magnitudes,
`reciprocal` for what goes up to never: its rate, so that it is rarely never); a share of them is a share of what the
ranges leave possible, and no chance of anything. A claim, that one model is better than another, stands if its sign
would be settled alike in nine of ten of all such draws, as the 95 % limit of Clopper and Pearson tells from those that
were made (29 of 29, 45 of 46, 59 of 61), for each headline by itself; what too few replications settle, and what shows
no difference in any of them, does not count for it. If the other sign would be settled in more than one of ten, it
depends on the assumptions that go along with its sign more than the greatest of all does in 95 % of shufflings, and the
cut between the values where it holds and those where it does not is printed. What is neither is open.

Where alone, all else as said, an end of a range does not settle the same sign, the value on the way there is looked for
by halving at which it is settled no longer, which more replications move outwards, and the one at which the sign of the
mean turns; of up to three assumptions for a headline that does not stand.

This page is printed by `docs/assumptions.py` from `data/assumptions.toml`; every number of every bundled scenario and
control model is in one of its two tables.

## What is varied

`*` stands for all systems or threats at once; `times` are multiples of what a scenario says.
"""
_CHOSEN: Final = "\n## What is not varied, and why\n"


def page() -> str:
    """The whole page."""
    known = load()
    varied = [f"| `{key}` | {' | '.join(_cells(each))} |" for key, each in known.ranges.items()]
    chosen = [f"| `{key}` | {why} |" for key, why in known.chosen.items()]
    tables = ["| key | low | high | drawn by its | source of the range |", "|---|---|---|---|---|", *varied, _CHOSEN,
              "| key | why |", "|---|---|", *chosen]  # fmt: skip
    return "\n".join([_HEAD, *tables]) + "\n"


def _cells(each: Range) -> tuple[str, ...]:
    return _word(each, each.low), _word(each, each.high), each.scale, each.source + _unless(each)


def _unless(each: Range) -> str:
    return f"; not varied where it is 0: {each.unless_zero}" if each.unless_zero else ""


def _word(each: Range, end: object) -> str:
    if isinstance(end, bool):
        return "yes" if end else "no"
    return f"{end} times" if each.relative else str(end)


if __name__ == "__main__":
    sys.stdout.write(page())
