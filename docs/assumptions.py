"""Between what each default may plausibly lie: prints assumptions.md, from data/assumptions.toml."""

import sys
from typing import Final

from outlive.ranges import Range, load

_HEAD: Final = """# Every default is a named assumption

`outlive assumptions SCENARIO --control NAME` lists every default that is in play: its value, whether its source is a
publication, the source, and its range. `outlive sensitivity SCENARIO --control A B --into F.duckdb` sets each to both
ends of its range, one at a time, on the same draws.

A range says what is plausible, not what is likely: nothing between its ends has a chance. It is never merged with an
interval over replications. This page is printed by `docs/assumptions.py` from `data/assumptions.toml`; every number of
every bundled scenario and control model is in one of its two tables.

## What is varied

`*` stands for all systems or threats at once; `times` are multiples of what a scenario says.
"""
_CHOSEN: Final = "\n## What is not varied, and why\n"


def page() -> str:
    """The whole page."""
    known = load()
    varied = [f"| `{key}` | {_word(each, each.low)} | {_word(each, each.high)} | {each.source} |"
              for key, each in known.ranges.items()]  # fmt: skip
    chosen = [f"| `{key}` | {why} |" for key, why in known.chosen.items()]
    tables = ["| key | low | high | source of the range |", "|---|---|---|---|", *varied, _CHOSEN, "| key | why |",
              "|---|---|", *chosen]  # fmt: skip
    return "\n".join([_HEAD, *tables]) + "\n"


def _word(each: Range, end: object) -> str:
    if isinstance(end, bool):
        return "yes" if end else "no"
    return f"{end} times" if each.relative else str(end)


if __name__ == "__main__":
    sys.stdout.write(page())
