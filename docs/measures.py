"""A page a measure, from what is kept once: its header, what moves it, whom it answers, and an example worked by hand.

Writes `docs/measures/`. The examples are the golden pairs of the tests, so that each is measured whenever tests run;
that no page is behind its measure is tested too.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from analysis.measures.measure import Measure, measures
from outlive.crosswalk import crosswalk

_HERE: Final = Path(__file__).parent
_PAGES: Final = _HERE / "measures"
_GOLDEN: Final = _HERE.parent / "tests" / "golden" / "measures"
_CLAIM: Final = re.compile(r"^\| \d+ \| (.+?) \| (`[\w.]+`) \| `[\w.]+` \| `(\w+)` \|", re.MULTILINE)
_ASKED_OF: Final = {
    ("truth",): "of the truth of simulated runs only",
    ("truth", "log"): "of logs, and of the truth of simulated runs",
    ("log", "truth"): "of logs, of simulated runs too unless `--evidence truth` is given",
}
_READING: Final = """\
Each page is made by `python docs/measures.py` from the definition itself; `outlive explain NAME` prints that, SQL
included, and `outlive measure F.duckdb NAME` asks it of a store. A result has `lo` and `hi`, equal where the value is
known, and empty where that end is not; `unknowns` is how many rows behind it are of unknown value. `basis` says what
they rest on: `seen`, the evidence alone; `estimated`, that what had not ended is like the rest (Kaplan and Meier), so
that they are no bounds; `declared`, what the file of a platform says; `extrapolated`, a rate per day or year from
a window shorter than a day.

Of several runs a comparison, and the table of `outlive measure`, give the mean of theirs; a p50, p95 or p99 is that of
what all of them saw together, and so are the mean of the worst twentieth and a restricted mean. Where what they saw
beyond it is worth fewer than twenty independent observations, because those of one run hang together, nothing is told;
nor where, of six runs or more, fewer than six saw any. Of one run nobody knows how much another would differ: there
each counts as one. So it does in a log, whose quantiles are told with how many observations they are of (n); but of
times until an end they are told only where these fall on as many instants (`ends`) as it takes, for what one end took
along tells of that one.
`--format json` or `csv` tells what each run saw, however little. Where a log leaves open what a run saw, what is told
is between what the quantile of all lies: with every time that it shows at least and at most so long, or else from the
least of the runs' own to the greatest, and of times that may leave early nothing.

The examples are ledgers small enough for a pencil, which tests measure. Times are hours from the window's start, which
ends after `hours`; what is negative lies before it. Where nothing else is said there is one agent, number 0. It may
read and write `notes` (ten resources of tier 1, at the verifier `near`) and `money` (five of tier 3, the crown jewel,
at the verifier `far`). A credential is accepted until it ends, unless a verifier refused it sooner.
"""


def pages() -> dict[str, str]:
    """The text of every page by file name, the list of them included."""
    known = measures()
    return {"README.md": _listed(known)} | {f"{each.name}.md": page(each) for each in known}


def page(measure: Measure) -> str:
    """What an expert asks of one measure, in the order in which they ask."""
    parts = [
        f"# {measure.title}", f"*{measure.question}*",
        f"`{measure.name}`, by {_joined(measure.grain)}; asked {_ASKED_OF[measure.evidence]}.",
        *_section("Unit", _units(measure)),
        *_section("Assumes", _stated(measure.assumed)),
        *_section("Declared, not seen", [f"* `{rows}`: what the file of a platform says" for rows in measure.terms]),
        *_section("What is unfinished at the window's end", _stated(measure.left_open)),
        *_section("Source", [measure.source]),
        *_section("Parameters", _parameters(measure)),
        *_section("What moves it", _moved_by(measure)),
        *_section("Whom it answers", _answered(measure)),
        *_section("Worked by hand", _examples(measure)),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _listed(known: tuple[Measure, ...]) -> str:
    rows = [f"| [{each.title}]({each.name}.md) | {each.question} | {each.unit} |" for each in known]
    return "\n".join(["# Measures", "", _READING, "| measure | asks | unit |", "|---|---|---|", *rows, ""])


def _units(measure: Measure) -> Iterator[str]:
    """The one unit, or the rows of each."""
    if len(measure.unit.stated) == 1:
        yield str(measure.unit)
        return
    yield from ("| rows | in |", "|---|---|")
    for unit, rows in measure.unit.stated:
        yield f"| {'all others' if rows == ('*',) else ', '.join(f'`{row}`' for row in rows)} | {unit} |"


def _section(title: str, lines: Iterator[str] | list[str]) -> Iterator[str]:
    """A heading and what is under it; nothing where there is nothing to say."""
    if body := "\n".join(lines):
        yield f"## {title}"
        yield body


def _stated(statements: tuple[tuple[str, str], ...]) -> list[str]:
    return [f"* `{rows}`: {each}" if rows else f"* {each}" for rows, each in statements]


def _joined(grain: tuple[str, ...]) -> str:
    *some, last = (f"`{each}`" for each in grain)
    return f"{', '.join(some)} and {last}" if some else last


def _parameters(measure: Measure) -> Iterator[str]:
    for each in measure.declared.values():
        yield f"* `{each.name}` = {each.default:g}{f', in {each.interval}' if each.interval else ''}: {each.meaning}"


def _moved_by(measure: Measure) -> Iterator[str]:
    """The claims of the field that it is there for, with the knob of each."""
    for claim, knob, name in _CLAIM.findall((_HERE / "checklist.md").read_text("utf-8")):
        if name == measure.name:
            yield f"* {knob}: {claim}"


def _answered(measure: Measure) -> Iterator[str]:
    found = crosswalk()
    if measure.name in found.unmapped:
        yield f"No framework: {found.unmapped[measure.name]}."
    for link in found.of("measure", measure.name):
        yield f"* `{link.framework}` {link.id}, {found.frameworks[link.framework].ids[link.id]}: {link.why}"


def _examples(measure: Measure) -> Iterator[str]:
    for ledger in sorted((_GOLDEN / measure.name).glob("*.toml")):
        result = ledger.with_suffix(".csv").read_text("utf-8").splitlines()
        yield from ("```toml", ledger.read_text("utf-8").rstrip(), "```", "", *_table(result), "")


def _table(lines: list[str]) -> Iterator[str]:
    """Rows of a result, each with the working that the lines before it give."""
    columns = lines[0].split(",")
    yield f"| {' | '.join((*columns, 'because'))} |"
    yield "|---" * (len(columns) + 1) + "|"
    because = ""
    for line in lines[1:]:
        if line.startswith("#"):
            because = f"{because} {line.removeprefix('#').strip()}".strip()
        elif line:
            yield f"| {' | '.join((*line.split(','), because))} |"
            because = ""


def main() -> int:
    """Write every page, and no other; none is touched before all of them are made."""
    found = pages()
    for old in _PAGES.glob("*.md"):
        old.unlink()
    for name, text in found.items():
        (_PAGES / name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
