"""How figures are shown, and where they are left."""

import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from benchmarks import taken
from benchmarks.beside import Answer
from benchmarks.taken import Ratio, Taken, ratios
from benchmarks.timing import MOST_MB_MEASURING, Figure, Terms

# How many times as long pandas is to take.
AHEAD = 8


def table(figures: Sequence[Figure]) -> str:
    """A line a measure, for each kind of store; sizes side by side, and what so many times the events cost."""
    return "\n\n".join("\n".join(_lines(list(group))) for _, group in groupby(figures, key=lambda each: each.kind))


def _lines(figures: Sequence[Figure]) -> Iterator[str]:
    sizes = sorted({each.events for each in figures})
    peak = f"peak MB (most: {MOST_MB_MEASURING})"
    yield f"{figures[0].kind} ({figures[0].evidence}): seconds first and again, {peak}, CPU growth"
    yield f"{'measure':<20}" + "".join(f"{size:>27,}" for size in sizes) + f"{'growth':>9}{'target':>8}"
    by_name: dict[str, dict[int, Figure]] = {}
    for each in figures:
        by_name.setdefault(each.measure, {})[each.events] = each
    for name, found in by_name.items():
        largest = found[max(found)]
        target = "" if largest.target_s is None else f"{largest.target_s:>6} s  {largest.verdict}"
        yield f"{name:<20}" + "".join(_cell(found.get(size)) for size in sizes) + f"{_growth(found):>9}{target}"


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return f"{'':>27}"
    if figure.first_s is None or figure.peak_mb is None:
        return f"{(figure.failed or '')[:25]:>27}"
    again = "" if figure.again_s is None else f"{figure.again_s:.2f}"
    return f"{figure.first_s:>10.2f}{again:>9}{figure.peak_mb:>8.0f}"


def _growth(found: dict[int, Figure]) -> str:
    """How many times the CPU seconds of the next smaller size the largest takes, what measures share included."""
    times = [found[size].cpu_s for size in sorted(found)][-2:]
    known = [each for each in times if each]
    return f"x {known[1] / known[0]:.1f}" if len(known) > 1 else ""


def beside(answers: Sequence[Answer]) -> str:
    """A line a question that pandas answered too."""
    lines = [f"equal answers, by turns, medians; pandas is to take {AHEAD} times as long"]
    for each in answers:
        verdict = "met" if each.ratio >= AHEAD else "missed"
        took = f"DuckDB {each.duckdb_s:.2f} s, pandas {each.pandas_s:.2f} s"
        lines.append(f"{each.question:<20}{each.events:>13,}  {took}  x {each.ratio:.1f}  {verdict}")
    return "\n".join(lines)


def taking(found: Sequence[Taken]) -> str:
    """A line a way to read the same deliveries."""
    lines = [f"CloudTrail, {found[0].events:,} events, every way finds the same; at most {taken.MOST_MB_TAKING_IN} MB"]
    told = {each.way: f"x {each.ratio:.1f} as long (floor {_wanted(each)})  {each.verdict}" for each in ratios(found)}
    flat = taken.flatness(found)
    for each in found:
        cost = f"{each.cpu_s:>8.1f} s of CPU{each.per_cpu_s:>10,.0f} events/s{each.peak_mb:>7.0f} MB"
        beside = f"x {flat[each.stored]:.2f} as long beside {each.stored:,} stored events" if each.stored else ""
        lines.append(f"{each.way:<10}{cost}  {beside or told.get(each.way, '')}".rstrip())
    return "\n".join(lines)


def _wanted(ratio: Ratio) -> str:
    return "{:g}, target {:g}".format(*taken.TARGETS[ratio.way])


def leave(path: Path, terms: Terms, figures: Sequence[Figure], answers: Sequence[Answer]) -> None:
    """Write all of it under `measures`, beside whatever else the file has."""
    told = {
        "terms": vars(terms),
        "figures": [{**vars(each), "target_s": each.target_s, "verdict": each.verdict} for each in figures],
        "pandas": [{**vars(each), "ratio": each.ratio, "target": AHEAD} for each in answers],
    }
    _keep(path, "measures", told)


def leave_taking(path: Path, found: Sequence[Taken]) -> None:
    """Write it under `ingest`, beside whatever else the file has."""
    told = {
        "figures": [{**vars(each), "per_cpu_s": each.per_cpu_s} for each in found],
        "ratios": [
            {**vars(each), "wanted": taken.TARGETS[each.way], "verdict": each.verdict} for each in ratios(found)
        ],
        "most_mb": taken.MOST_MB_TAKING_IN,
    }
    _keep(path, "ingest", told)


def _keep(path: Path, name: str, told: Mapping[str, object]) -> None:
    held = json.loads(path.read_text("utf-8")) if path.exists() else {}
    machine = {"processor": platform.machine(), "cores": os.cpu_count(), "load": os.getloadavg()[0]}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**held, name: {"machine": machine, **told}}, indent=1) + "\n", "utf-8")
