"""What `outlive ablate` prints, column by column: prints ablation.md, from analysis/attribution.py."""

import sys
from typing import Final

import analysis.attribution
from analysis.attribution import COLUMNS

_HEAD: Final = """# What a log tells rightly

`outlive ablate F.duckdb` sets what the log of a simulated run tells of each change beside what was so: as it was
logged, to a reader who has only its times, without each of its fields, and without the log of each system. `outlive
explain ablate` says the same as this page, which is printed by `docs/ablation.py`.

"""
_TABLE: Final = """
## Columns

Besides, `control` and `profile` name the control model and how it is logged. Figures are means over the runs of a model
that were logged alike, rounded to a tenth, and have no interval: `--run` tells of one. `a / b` is a share of `b`, in
percent; it is missing where `b` is nothing.

| column | in | what it is |
|---|---|---|
"""


def page() -> str:
    """The whole page."""
    _, _, told = str(analysis.attribution.__doc__).partition("\n\n")
    rows = [f"| `{name}` | {unit} | {said} |" for name, (unit, said) in COLUMNS.items()]
    return _HEAD + told.strip() + "\n" + _TABLE + "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
